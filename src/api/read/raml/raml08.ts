import type { Parameter } from "../../definition.ts";
import { entriesOf } from "../file/fields.ts";
import type { Described, Media } from "../file/media-types.ts";
import type { Problems } from "../file/problems.ts";
import { type Entry, isEmpty, type SourcePosition, type Value } from "../file/value.ts";
import { type Dialect, fieldsOf, type MediaContent } from "./context.ts";
import { mediaKeys } from "./keys.ts";
import { readParameter } from "./parameter.ts";
import { createSchemaTexts, type NamedSchemas, readExample } from "./schema-text.ts";

/**
 * Reader of parameters and bodies of RAML 0.8.
 *
 * @param declared The schemas that the file names.
 * @param schemas Gets the schemas that others refer to.
 * @param problems Gets what is wrong.
 *
 * @returns The functions.
 */
export function createRaml08(declared: ReadonlyMap<string, Entry>, schemas: NamedSchemas, problems: Problems): Dialect {
  const texts = createSchemaTexts(schemas, problems);
  const parameters = (value: Value, place: Parameter["in"], where: string, media?: Media): Described[] =>
    entriesOf(value, where, problems).map(({ key, at, value: described }) => ({
      parameter: readParameter(key, place, media, described, `${where} ${key}`, problems),
      at,
    }));
  return {
    version: "0.8",
    parameters,
    content(value: Value, media: Media, where: string): MediaContent {
      const fields = fieldsOf(value, where, mediaKeys[media === "text" || media === "file" ? "json" : media], problems);
      const form = fields.value("formParameters");
      const schema = fields.value("schema");
      const example = fields.value("example");
      const named = schema?.kind === "scalar" ? declared.get(schema.text.trim()) : undefined;
      const at = `${where.replace(/ [^ ]+$/, "")} formParameters`;
      const described = form ? parameters(form, "body", at, media) : undefined;
      return {
        ...(described && {
          parameters: media === "multipart" ? withFile(described, value.at, at, problems) : described,
        }),
        ...(schema && { schema: texts.read(named?.value ?? schema, `${where} schema`) }),
        ...(example && { example: readExample(example) }),
      };
    },
  };
}

/**
 * Where no file is described, one is taken by the name of `file` and nothing else, as in ML Launchpad, which reads no
 * fields beside a file. Whoever describes the file gets the fields as well.
 */
function withFile(
  described: readonly Described[],
  at: SourcePosition,
  where: string,
  problems: Problems,
): readonly Described[] {
  if (described.some(({ parameter: { name, file } }) => file !== undefined || name === "file")) return described;
  for (const { parameter, at: place } of described) {
    problems.warn(
      place,
      `${where} ${parameter.name}`,
      `${where}: ${parameter.name} is ignored: where no file is described, a form in parts is one file by the name of ` +
        "file, as in ML Launchpad. Add file: {type: file}, and the fields are read as well",
    );
  }
  const schema = { type: "string", format: "binary" };
  return [{ at, parameter: { name: "file", in: "body", required: false, schema, file: {} } }];
}

/**
 * Reads the schemas that a file names: a list of mappings, or one mapping.
 *
 * @param value What is below `schemas`.
 * @param problems Gets what is wrong.
 *
 * @returns The schemas by name.
 */
export function declaredSchemas(value: Value | undefined, problems: Problems): ReadonlyMap<string, Entry> {
  if (value === undefined || isEmpty(value)) return new Map();
  const maps = value.kind === "list" ? value.items : [value];
  return new Map(maps.flatMap((map) => entriesOf(map, "schemas", problems)).map((entry) => [entry.key, entry]));
}
