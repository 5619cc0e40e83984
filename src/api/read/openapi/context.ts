import type { JsonSchema } from "../../../schema/json-schema.ts";
import { pointerKey } from "../../../util/json-pointer.ts";
import { didYouMean } from "../../../util/suggest.ts";
import { type Fields, type KeyTable, readFields } from "../file/fields.ts";
import { readJsonSchema } from "../file/json-schema.ts";
import type { Problems } from "../file/problems.ts";
import type { Dialect, SchemaContext } from "../file/schema-context.ts";
import { entryOf, formatValue, plainOf, type ScalarValue, type Value } from "../file/value.ts";
import { isExtension, keyTables } from "./keys.ts";

/** What the whole file says that its parts need. */
export interface OpenApiContext {
  readonly problems: Problems;
  /** Gets the lines on which responses are described, by path and method. */
  readonly lines: Record<string, number>;
  /** Follows references until there is something else than one. */
  resolve(value: Value, where: string): Value;
  /** Reads a mapping by the table of its keys. */
  fields(value: Value, where: string, table: KeyTable, isRest?: (key: string) => boolean): Fields;
  /** Reads a schema; named schemas that it refers to are kept. */
  schema(value: Value, where: string): JsonSchema;
  /** The named schemas that were referred to so far. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

const schemaPointer = /^#\/components\/schemas\/([^/]+)$/;

/**
 * Context of reading the parts of a file.
 *
 * @param root The whole file.
 * @param dialect The version of the format.
 * @param problems Gets what is wrong.
 *
 * @returns Functions that follow references and read schemas.
 */
export function createContext(root: Value, dialect: Dialect, problems: Problems): OpenApiContext {
  const schemas: Record<string, JsonSchema> = Object.create(null);
  /** Schemas that are being read where they are referred to, because they have no name. */
  const open = new Set<string>();

  const find = (ref: ScalarValue, where: string): Value | undefined => {
    const { text } = ref;
    if (!text.startsWith("#/")) {
      problems.add(
        ref.at,
        `${where}: $ref: found ${formatValue(ref)}, expected a place in this file such as "#/components/schemas/Name": ` +
          "copy what it means into this file",
      );
      return undefined;
    }
    let found: Value = root;
    for (const key of text.slice(2).split("/").map(pointerKey)) {
      const next: Value | undefined = found.kind === "list" ? found.items[Number(key)] : entryOf(found, key)?.value;
      if (next === undefined) {
        const names = found.kind === "map" ? found.entries.map((entry) => entry.key) : [];
        problems.add(ref.at, `${where}: $ref: there is no ${text} in this file.${didYouMean(key, names)}`);
        return undefined;
      }
      found = next;
    }
    return found;
  };

  const schemaContext: SchemaContext = {
    dialect,
    problems,
    reference(ref, where) {
      const target = find(ref, where);
      if (target === undefined) return {};
      const name = schemaPointer.exec(ref.text)?.[1];
      if (name !== undefined) {
        const key = pointerKey(name);
        if (!Object.hasOwn(schemas, key)) {
          // It is there before it is read, so that it can refer to itself.
          schemas[key] = {};
          schemas[key] = readJsonSchema(target, `schema ${key}`, schemaContext);
        }
        return { $ref: `#/components/schemas/${key}` };
      }
      if (open.has(ref.text)) {
        problems.add(ref.at, `${where}: $ref: ${ref.text} refers to itself: name it below components: schemas`);
        return {};
      }
      open.add(ref.text);
      const schema = readJsonSchema(target, where, schemaContext);
      open.delete(ref.text);
      return schema;
    },
  };

  return {
    problems,
    lines: {},
    schemas,
    resolve(value, where) {
      const seen = new Set<string>();
      let found = value;
      for (let ref = entryOf(found, "$ref")?.value; ref; ref = entryOf(found, "$ref")?.value) {
        if (ref.kind !== "scalar" || seen.has(ref.text)) {
          problems.add(
            ref.at,
            `${where}: $ref: ${ref.kind === "scalar" ? `${ref.text} refers to itself` : formatValue(ref)}`,
          );
          return nothing(found);
        }
        seen.add(ref.text);
        const next = find(ref, where);
        if (next === undefined) return nothing(found);
        found = next;
      }
      return found;
    },
    fields: (value, where, table, isRest = () => false) =>
      withoutExtensions(readFields(value, where, table, problems, (key) => isExtension(key) || isRest(key))),
    schema: (value, where) => readJsonSchema(value, where, schemaContext),
  };
}

function withoutExtensions(fields: Fields): Fields {
  return { ...fields, rest: fields.rest.filter(({ key }) => !isExtension(key)) };
}

function nothing({ at }: Value): Value {
  return { kind: "map", at, entries: [] };
}

/**
 * Reads the example of a parameter or body.
 *
 * @param fields What has `example` or `examples`.
 * @param context The whole file.
 *
 * @returns The example, or the first of several.
 */
export function readExample(fields: Fields, { resolve, fields: read }: OpenApiContext): { example?: unknown } {
  const one = fields.entry("example");
  if (one) return { example: plainOf(one.value) };
  const several = fields.value("examples");
  if (several?.kind !== "map") return {};
  for (const { key, value } of several.entries) {
    const where = `${fields.where} examples ${key}`;
    const found = read(resolve(value, where), where, keyTables.example).entry("value");
    if (found) return { example: plainOf(found.value) };
  }
  return {};
}
