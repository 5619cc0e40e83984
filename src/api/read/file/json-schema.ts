import type { JsonSchema } from "../../../schema/json-schema.ts";
import { misspelt } from "../../../util/suggest.ts";
import { readKeyword, referenced } from "./keyword-readers.ts";
import { draftKeywords, type KeywordKind, openApiKeywords } from "./keywords.ts";
import { normalizeSchema } from "./normalize-schema.ts";
import type { Problems } from "./problems.ts";
import type { Dialect, SchemaContext } from "./schema-context.ts";
import { type Entry, entryOf, formatValue, isEmpty, type Value } from "./value.ts";

const tables: Readonly<Record<Dialect, Readonly<Record<string, KeywordKind>>>> = {
  "draft-04": draftKeywords,
  "openapi-3.0": { ...openApiKeywords, nullable: "flag" },
  "openapi-3.1": openApiKeywords,
};

/**
 * Reads a JSON Schema into one of 2020-12.
 *
 * @param value The schema as it is written.
 * @param where What it describes, for messages.
 * @param context The dialect, what references mean, and what gets the problems.
 *
 * @returns The schema; what is wrong with it is left out.
 */
export function readJsonSchema(value: Value, where: string, context: SchemaContext): JsonSchema {
  const { problems, dialect } = context;
  if (value.kind === "scalar" && typeof value.value === "boolean") return value.value;
  if (value.kind !== "map") {
    if (!isEmpty(value)) {
      problems.add(value.at, `${where}: found ${formatValue(value)}, expected a JSON Schema, which is a mapping`);
    }
    return {};
  }
  const ref = entryOf(value, "$ref");
  if (ref && dialect !== "openapi-3.1") {
    for (const { key, at } of value.entries) {
      if (key === "$ref" || key === "description" || key === "title") continue;
      problems.warn(at, `${where} ${key}`, `${where}: ${key} is ignored: beside $ref it has no meaning in this format`);
    }
    return referenced(ref, where, context);
  }
  const table = tables[dialect];
  const schema: Record<string, unknown> = {};
  for (const entry of value.entries) {
    const kind = Object.hasOwn(table, entry.key) ? table[entry.key] : undefined;
    if (kind === undefined) unknown(entry, where, Object.keys(table), problems);
    else {
      const read = (one: Value, below = `${where} ${entry.key}`) => readJsonSchema(one, below, context);
      readKeyword(kind, { ...entry, where, schema, whole: value, context, read });
    }
  }
  return normalizeSchema(schema, value, where, context);
}

function unknown({ key, at }: Entry, where: string, known: readonly string[], problems: Problems): void {
  if (key.startsWith("x-")) return;
  const suggestion = misspelt(key, known);
  if (suggestion) problems.add(at, `${where}: unknown keyword ${key}: did you mean ${suggestion}?`);
  else problems.warn(at, `keyword ${key}`, `${where}: ${key} is ignored: it is no keyword of JSON Schema`);
}
