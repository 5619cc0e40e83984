import type { JsonSchema, Resource } from "../definition.ts";
import { entriesOf, readFields } from "../file/fields.ts";
import type { Problems } from "../file/problems.ts";
import { type Entry, plainOf, type Value } from "../file/value.ts";
import { keyTables } from "./keys.ts";

type Result = NonNullable<Resource["result"]>;

/**
 * Reads what a method's responses say of the result: schema and example of 200 `application/json`.
 *
 * @param value The mapping below `responses`.
 * @param where What it belongs to, for messages.
 * @param schemas The schemas that the file names, as text or data.
 * @param problems Gets what is wrong.
 *
 * @returns What is known of the result, if anything is.
 */
export function readResult(
  value: Value,
  where: string,
  schemas: ReadonlyMap<string, Entry>,
  problems: Problems,
): Result | undefined {
  const ok = entriesOf(value, where, problems).find(({ key }) => key === "200");
  if (!ok) return undefined;
  const at = `${where} 200`;
  const response = readFields(ok.value, at, keyTables.response, problems);
  const description = response.text("description");
  const bodies = response.entry("body");
  const media = bodies && readFields(bodies.value, `${at} body`, keyTables.responseBody, problems);
  const json = media?.entry("application/json");
  const known = json ? readFields(json.value, `${at} application/json`, keyTables.result, problems) : undefined;
  const schema = known?.entry("schema");
  const example = known?.entry("example");
  const result: Result = {
    ...(description !== undefined && { description }),
    ...(schema && { schema: readSchema(named(schema, schemas), `${at} schema`, problems) }),
    ...(example && { example: readJson(example, `${at} example`, problems) }),
  };
  return Object.keys(result).length > 0 ? result : undefined;
}

/**
 * Reads the schemas that a file names: a list of mappings, or one mapping.
 *
 * @param value What is below `schemas`.
 * @param problems Gets what is wrong.
 *
 * @returns The schemas by name.
 */
export function readSchemas(value: Value, problems: Problems): ReadonlyMap<string, Entry> {
  const maps = value.kind === "list" ? value.items : [value];
  return new Map(maps.flatMap((map) => entriesOf(map, "schemas", problems)).map((entry) => [entry.key, entry]));
}

function named(entry: Entry, schemas: ReadonlyMap<string, Entry>): Entry {
  return (entry.value.kind === "scalar" && schemas.get(entry.value.text.trim())) || entry;
}

function readSchema(entry: Entry, where: string, problems: Problems): JsonSchema {
  const schema = readJson(entry, where, problems);
  if (typeof schema === "boolean") return schema;
  if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) return schema as JsonSchema;
  // What is no JSON has its problem already.
  if (schema !== undefined) problems.add(entry.at, `${where}: expected a JSON Schema, which is an object`);
  return true;
}

/** JSON as text, or the same written as YAML. */
function readJson({ value, at }: Entry, where: string, problems: Problems): unknown {
  if (value.kind !== "scalar" || typeof value.value !== "string") return plainOf(value);
  try {
    return JSON.parse(value.value);
  } catch {
    problems.add(at, `${where}: expected JSON text or a mapping, found ${JSON.stringify(value.text.slice(0, 60))}`);
    return undefined;
  }
}
