import * as v from "valibot";
import { didYouMean, enumerate, misspelt } from "../../config/suggest.ts";
import type { JsonSchema } from "../definition.ts";
import { isKnownFormat } from "../schema/formats.ts";
import { patternOf } from "../schema/pattern.ts";
import { countOf, entriesOf, finite, flag, itemsOf } from "./fields.ts";
import { draftKeywords, jsonTypes, type KeywordKind, openApiKeywords } from "./keywords.ts";
import type { Problems } from "./problems.ts";
import { type Entry, entryOf, plainOf, type ScalarValue, shown, type Value } from "./value.ts";

/** The variants of JSON Schema that API files are written in. */
export type Dialect = "draft-04" | "openapi-3.0" | "openapi-3.1";

/** What reading a schema needs besides the schema. */
export interface SchemaContext {
  readonly dialect: Dialect;
  readonly problems: Problems;
  /** Creates what stands for a reference; adds the problem of one that leads nowhere. */
  reference(ref: ScalarValue, where: string): JsonSchema;
}

const tables: Readonly<Record<Dialect, Readonly<Record<string, KeywordKind>>>> = {
  "draft-04": draftKeywords,
  "openapi-3.0": { ...openApiKeywords, nullable: "flag" },
  "openapi-3.1": openApiKeywords,
};

/** Keywords that had other names. */
const renamed: Readonly<Record<string, string>> = { divisibleBy: "multipleOf", additionalItems: "items" };

const scalars = {
  number: finite,
  positive: v.pipe(finite, v.gtValue(0, "expected a number above 0")),
  count: countOf("things"),
  flag,
} as const;

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
    if (value.kind !== "scalar" || value.value !== null) {
      problems.add(value.at, `${where}: found ${shown(value)}, expected a JSON Schema, which is a mapping`);
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
    else readKeyword(entry, kind, where, schema, value, context);
  }
  return settle(schema, value, where, context);
}

function unknown({ key, at }: Entry, where: string, known: readonly string[], problems: Problems): void {
  if (key.startsWith("x-")) return;
  const suggestion = misspelt(key, known);
  if (suggestion) problems.add(at, `${where}: unknown keyword ${key}: did you mean ${suggestion}?`);
  else problems.warn(at, `keyword ${key}`, `${where}: ${key} is ignored: it is no keyword of JSON Schema`);
}

/** Reads one keyword into the schema. */
function readKeyword(
  { key, at, value }: Entry,
  kind: KeywordKind,
  where: string,
  schema: Record<string, unknown>,
  whole: Value,
  context: SchemaContext,
): void {
  const { problems, dialect } = context;
  const name = renamed[key] ?? key;
  const inside = `${where} ${key}`;
  const wrong = (expected: string, found: Value = value) =>
    problems.add(found.at, `${where}: ${key}: ${expected}, found ${shown(found)}`);
  const read = (one: Value, below = inside) => readJsonSchema(one, below, context);
  const listOf = <T>(found: Value, each: (item: Value) => T): T[] | undefined => {
    if (found.kind === "list" && found.items.length > 0) return found.items.map(each);
    wrong("expected a list of one or more", found);
    return undefined;
  };
  const textIn = (item: Value): string => {
    if (item.kind !== "scalar") wrong("expected names", item);
    return item.kind === "scalar" ? item.text : "";
  };
  switch (kind) {
    case "metadata":
      return;
    case "unsupported":
      problems.add(at, `${where}: ${key} is not supported: write out what it means`);
      return;
    case "$ref": {
      const found = referenced({ key, at, value }, where, context);
      if (typeof found === "object") Object.assign(schema, found);
      else if (!found) schema.not = {};
      return;
    }
    case "number":
    case "positive":
    case "count":
    case "flag": {
      const result = v.safeParse<v.GenericSchema<unknown, unknown>>(
        scalars[kind],
        value.kind === "scalar" ? value.value : undefined,
      );
      if (result.success) schema[name] = result.output;
      else wrong(result.issues[0].message.replace(" of things", "").replace(" things", ""));
      return;
    }
    case "bound": {
      // Up to draft 4 it was a flag beside minimum and maximum.
      const found = value.kind === "scalar" ? value.value : undefined;
      const bound = key === "exclusiveMinimum" ? "minimum" : "maximum";
      if (typeof found === "number" && Number.isFinite(found) && dialect !== "openapi-3.0") schema[key] = found;
      else if (typeof found === "boolean" && dialect !== "openapi-3.1") schema[key] = found;
      else if (dialect === "openapi-3.1") wrong(`expected a number, as in ${key}: 0`);
      else wrong(`expected true or false beside ${bound}`);
      return;
    }
    case "text":
      if (value.kind !== "scalar") wrong("expected text");
      else {
        schema[key] = value.text;
        if (key === "format" && !isKnownFormat(value.text)) {
          problems.warn(
            at,
            `format ${value.text}`,
            `${where}: format: ${value.text} is not checked: Launchpad does not know it`,
          );
        }
      }
      return;
    case "pattern": {
      const text = value.kind === "scalar" ? value.text : "";
      try {
        patternOf(text);
        schema[key] = text;
      } catch {
        wrong("expected a regular expression of ECMAScript");
      }
      return;
    }
    case "data":
      schema[key] = plainOf(value);
      return;
    case "list":
      schema[key] = listOf(value, plainOf);
      return;
    case "type":
      readType(value, where, schema, problems);
      return;
    case "schema":
      // Without a list of schemas before it, additionalItems says nothing.
      if (key === "additionalItems" && entryOf(whole, "items")?.value.kind !== "list") return;
      if (key.startsWith("unevaluated")) {
        problems.warn(
          at,
          `keyword ${key}`,
          `${where}: ${key} is not checked: use additionalProperties or items where it can be`,
        );
      }
      schema[name] = read(value);
      return;
    case "items":
      // Up to 2019-09 a list of schemas, one for each of the first items.
      if (value.kind !== "list") schema[key] = read(value);
      else if (dialect === "draft-04") schema.prefixItems = value.items.map((item) => read(item));
      else wrong("expected one schema for all items");
      return;
    case "schemas":
      schema[key] = listOf(value, (item) => read(item));
      return;
    case "named schemas":
      schema[key] = Object.fromEntries(
        entriesOf(value, inside, problems).map((entry) => [entry.key, read(entry.value, `${where} ${entry.key}`)]),
      );
      return;
    case "names":
      // In draft 3 a property said of itself that it is required; its object collects them.
      if (dialect === "draft-04" && value.kind === "scalar" && typeof value.value === "boolean") return;
      if (value.kind === "scalar" && typeof value.value === "boolean") {
        wrong("expected a list of the names of properties, in the object that has them");
      } else schema[key] = itemsOf(value, inside, problems).map(textIn);
      return;
    case "named names":
      schema[key] = Object.fromEntries(
        entriesOf(value, inside, problems).map((entry) => [
          entry.key,
          itemsOf(entry.value, inside, problems).map(textIn),
        ]),
      );
  }
}

function referenced({ value }: Entry, where: string, { problems, reference }: SchemaContext): JsonSchema {
  if (value.kind === "scalar" && typeof value.value === "string") return reference(value, where);
  problems.add(value.at, `${where}: $ref: found ${shown(value)}, expected text such as "#/components/schemas/Name"`);
  return {};
}

function readType(value: Value, where: string, schema: Record<string, unknown>, problems: Problems): void {
  const items = value.kind === "list" ? value.items : [value];
  const types = items.map((item) => {
    const text = item.kind !== "scalar" ? undefined : item.value === null ? "null" : item.text;
    if (text === "any" || jsonTypes.some((type) => type === text)) return text;
    problems.add(
      item.at,
      `${where}: type: found ${shown(item)}, expected ${enumerate(jsonTypes)}.${didYouMean(text, jsonTypes)}`,
    );
    return "any";
  });
  // Draft 3 calls it any where others say nothing.
  if (types.length === 0 || types.includes("any")) return;
  schema.type = value.kind === "list" && types.length > 1 ? types : types[0];
}

/** What depends on several keywords. */
function settle(
  schema: Record<string, unknown>,
  value: Value,
  where: string,
  { dialect, problems }: SchemaContext,
): JsonSchema {
  for (const [exclusive, inclusive] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof schema[exclusive] !== "boolean") continue;
    const strict = schema[exclusive] && schema[inclusive] !== undefined;
    if (strict) schema[exclusive] = schema[inclusive];
    else delete schema[exclusive];
    if (strict) delete schema[inclusive];
  }
  if (dialect === "draft-04") {
    const needed = (entryOf(value, "properties")?.value.kind === "map" ? entriesIn(value, "properties") : [])
      .filter((property) => {
        const required = entryOf(property.value, "required")?.value;
        return required?.kind === "scalar" && required.value === true;
      })
      .map(({ key }) => key);
    if (needed.length > 0) schema.required = [...new Set([...((schema.required as string[]) ?? []), ...needed])];
  }
  if ("nullable" in schema) {
    const { nullable, type } = schema;
    delete schema.nullable;
    if (nullable === true && typeof type === "string") schema.type = [type, "null"];
    else if (nullable === true) {
      const at = entryOf(value, "nullable")?.at ?? value.at;
      problems.warn(at, `${where} nullable`, `${where}: nullable is ignored: it has a meaning only beside type`);
    }
  }
  if ("example" in schema) {
    schema.examples ??= [schema.example];
    delete schema.example;
  }
  for (const [low, high] of [
    ["minimum", "maximum"],
    ["minLength", "maxLength"],
    ["minItems", "maxItems"],
    ["minProperties", "maxProperties"],
  ] as const) {
    const least = schema[low];
    const most = schema[high];
    if (typeof least === "number" && typeof most === "number" && least > most) {
      const at = entryOf(value, low)?.at ?? value.at;
      problems.add(at, `${where}: ${low}: ${least} is above ${high} ${most}: no value fits both`);
    }
  }
  for (const key of Object.keys(schema)) if (schema[key] === undefined) delete schema[key];
  if (Array.isArray(schema.required) && schema.required.length === 0) delete schema.required;
  return schema;
}

function entriesIn(value: Value, key: string): readonly Entry[] {
  const found = entryOf(value, key)?.value;
  return found?.kind === "map" ? found.entries : [];
}
