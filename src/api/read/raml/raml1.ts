import type { Parameter } from "../../definition.ts";
import { parameterOf } from "../../parameter-from-schema.ts";
import { checkParameter } from "../file/check-example.ts";
import type { Source } from "../file/include.ts";
import type { Described, Media } from "../file/media-types.ts";
import type { Problems } from "../file/problems.ts";
import { isEmpty, type Value } from "../file/value.ts";
import type { Dialect, MediaContent } from "./context.ts";
import { declaredTypes, readLibraries } from "./libraries.ts";
import { createSchemaTexts, type NamedSchemas } from "./schema-text.ts";
import { createTypes, type TypeScope } from "./types.ts";

/**
 * Reader of parameters and bodies of RAML 1.0, where everything is a type.
 *
 * @param root The whole file.
 * @param source Where it is, and what it may include.
 * @param schemas Gets the types that are referred to.
 * @param problems Gets what is wrong.
 *
 * @returns The functions.
 */
export function createRaml1(root: Value, source: Source, schemas: NamedSchemas, problems: Problems): Dialect {
  const declared = declaredTypes(root);
  const texts = createSchemaTexts(schemas, problems, (name) => declared.has(name));
  const create = (scope: TypeScope) => createTypes(scope, texts, schemas, problems);
  const libraries = readLibraries(root, source, problems, create);
  const types = create({ declared, libraries, prefix: "" });
  return {
    version: "1.0",
    parameters(value: Value, place: Parameter["in"], where: string): Described[] {
      return types.properties(value, where).map(({ name, at, required, schema, isPattern }) => {
        if (isPattern) problems.add(at, `${where} /${name}/: expected a name: a parameter has one`);
        const parameter = parameterOf(name, place, place === "path" || required, schema, schemas);
        if (isFile(parameter)) problems.add(at, `${where} ${name}: a file comes in the body: multipart/form-data`);
        checkParameter({ parameter, at }, `${where} ${name}`, schemas, problems);
        return { parameter, at };
      });
    },
    content(value: Value, media: Media, where: string): MediaContent {
      if (isEmpty(value)) return {};
      const schema = types.read(
        value,
        where,
        media === "form" || media === "multipart" || media === "text" ? "string" : "any",
      );
      if (typeof schema !== "object") return { schema };
      const { examples, ...rest } = schema;
      return { schema: rest, ...(Array.isArray(examples) && examples.length > 0 && { example: examples[0] }) };
    },
  };
}

function isFile({ in: place, schema }: Parameter): boolean {
  return place !== "body" && typeof schema === "object" && schema.format === "binary";
}
