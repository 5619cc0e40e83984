import * as v from "valibot";
import { isKnownFormat } from "../../../schema/formats.ts";
import type { JsonSchema } from "../../../schema/json-schema.ts";
import { isPattern } from "../../../schema/pattern.ts";
import { didYouMean, enumerate } from "../../../util/suggest.ts";
import { countOf, entriesOf, finite, flag, itemsOf } from "./fields.ts";
import { jsonTypes, type KeywordKind } from "./keywords.ts";
import type { SchemaContext } from "./schema-context.ts";
import { type Entry, entryOf, formatValue, plainOf, type Value } from "./value.ts";

/** A keyword, and the schema that it is read into. */
export interface Keyword extends Entry {
  /** What the schema describes, for messages. */
  readonly where: string;
  /** The schema so far. */
  readonly schema: Record<string, unknown>;
  /** The schema as it is written. */
  readonly whole: Value;
  readonly context: SchemaContext;
  /** Reads a schema inside of it. */
  read(value: Value, where?: string): JsonSchema;
}

/** Keywords that had other names. */
const renamed: Readonly<Record<string, string>> = { divisibleBy: "multipleOf", additionalItems: "items" };

const positive = v.pipe(finite, v.gtValue(0, "expected a number above 0"));

/** The one table of what reads a keyword, by the kind of its value. */
const readers: Readonly<Record<KeywordKind, (keyword: Keyword) => void>> = {
  metadata() {},
  unsupported(keyword) {
    const { context, at, where, key } = keyword;
    context.problems.add(at, `${where}: ${key} is not supported: write out what it means`);
  },
  $ref({ where, schema, context, ...entry }) {
    const found = referenced(entry, where, context);
    if (typeof found === "object") Object.assign(schema, found);
    else if (!found) schema.not = {};
  },
  number: fitting(finite),
  positive: fitting(positive),
  count: fitting(countOf()),
  flag: fitting(flag),
  bound(keyword) {
    const { key, value, schema, context } = keyword;
    const { dialect } = context;
    // Up to draft 4 it was a flag beside minimum and maximum.
    const found = value.kind === "scalar" ? value.value : undefined;
    if (typeof found === "number" && Number.isFinite(found) && dialect !== "openapi-3.0") schema[key] = found;
    else if (typeof found === "boolean" && dialect !== "openapi-3.1") schema[key] = found;
    else if (dialect === "openapi-3.1") wrong(keyword, `expected a number, as in ${key}: 0`);
    else wrong(keyword, `expected true or false beside ${key === "exclusiveMinimum" ? "minimum" : "maximum"}`);
  },
  text(keyword) {
    const { key, at, value, where, schema, context } = keyword;
    if (value.kind !== "scalar") return wrong(keyword, "expected text");
    schema[key] = value.text;
    if (key !== "format" || isKnownFormat(value.text)) return;
    const message = `${where}: format: ${value.text} is not checked: Launchpad does not know it`;
    context.problems.warn(at, `format ${value.text}`, message);
  },
  pattern(keyword) {
    const text = keyword.value.kind === "scalar" ? keyword.value.text : "";
    if (isPattern(text)) keyword.schema.pattern = text;
    else wrong(keyword, "expected a regular expression of ECMAScript");
  },
  data({ key, value, schema }) {
    schema[key] = plainOf(value);
  },
  list(keyword) {
    keyword.schema[keyword.key] = listOf(keyword, plainOf);
  },
  type: readType,
  schema({ key, at, value, where, schema, whole, context, read }) {
    // Without a list of schemas before it, additionalItems says nothing.
    if (key === "additionalItems" && entryOf(whole, "items")?.value.kind !== "list") return;
    if (key.startsWith("unevaluated")) {
      const message = `${where}: ${key} is not checked: use additionalProperties or items where it can be`;
      context.problems.warn(at, `keyword ${key}`, message);
    }
    schema[renamed[key] ?? key] = read(value);
  },
  items(keyword) {
    const { key, value, schema, context, read } = keyword;
    // Up to 2019-09 a list of schemas, one for each of the first items.
    if (value.kind !== "list") schema[key] = read(value);
    else if (context.dialect === "draft-04") schema.prefixItems = value.items.map((item) => read(item));
    else wrong(keyword, "expected one schema for all items");
  },
  schemas(keyword) {
    keyword.schema[keyword.key] = listOf(keyword, (item) => keyword.read(item));
  },
  "named schemas": ({ key, value, where, schema, context, read }) => {
    const entries = entriesOf(value, `${where} ${key}`, context.problems);
    schema[key] = Object.fromEntries(entries.map((entry) => [entry.key, read(entry.value, `${where} ${entry.key}`)]));
  },
  names(keyword) {
    const { key, value, schema, context } = keyword;
    if (value.kind !== "scalar" || typeof value.value !== "boolean") schema[key] = namesIn(keyword, value);
    // In draft 3 a property says of itself that it is required; its object collects them.
    else if (context.dialect !== "draft-04") {
      wrong(keyword, "expected a list of the names of properties, in the object that has them");
    }
  },
  "named names": (keyword) => {
    const { key, value, where, schema, context } = keyword;
    const entries = entriesOf(value, `${where} ${key}`, context.problems);
    schema[key] = Object.fromEntries(entries.map((entry) => [entry.key, namesIn(keyword, entry.value)]));
  },
};

/**
 * Reads a keyword into its schema.
 *
 * @param kind What its value must be.
 * @param keyword The keyword.
 */
export function readKeyword(kind: KeywordKind, keyword: Keyword): void {
  readers[kind](keyword);
}

/**
 * Reads a reference.
 *
 * @param entry The keyword `$ref`.
 * @param where What it stands for, for messages.
 * @param context What references mean, and what gets the problems.
 *
 * @returns What stands for it.
 */
export function referenced(
  { value }: Pick<Entry, "value">,
  where: string,
  { problems, reference }: SchemaContext,
): JsonSchema {
  if (value.kind === "scalar" && typeof value.value === "string") return reference(value, where);
  problems.add(
    value.at,
    `${where}: $ref: found ${formatValue(value)}, expected text such as "#/components/schemas/Name"`,
  );
  return {};
}

function wrong({ key, value, where, context }: Keyword, expected: string, found: Value = value): void {
  context.problems.add(found.at, `${where}: ${key}: ${expected}, found ${formatValue(found)}`);
}

function fitting(rule: v.GenericSchema<unknown, unknown>): (keyword: Keyword) => void {
  return (keyword) => {
    const { key, value, schema } = keyword;
    const result = v.safeParse(rule, value.kind === "scalar" ? value.value : undefined);
    if (result.success) schema[renamed[key] ?? key] = result.output;
    else wrong(keyword, result.issues[0].message);
  };
}

function listOf<T>(keyword: Keyword, each: (item: Value) => T): T[] | undefined {
  const { value } = keyword;
  if (value.kind === "list" && value.items.length > 0) return value.items.map(each);
  wrong(keyword, "expected a list of one or more");
  return undefined;
}

function namesIn(keyword: Keyword, value: Value): string[] {
  return itemsOf(value, `${keyword.where} ${keyword.key}`, keyword.context.problems).map((item) => {
    if (item.kind === "scalar") return item.text;
    wrong(keyword, "expected names", item);
    return "";
  });
}

function readType(keyword: Keyword): void {
  const { value, schema } = keyword;
  const items = value.kind === "list" ? value.items : [value];
  const types = items.map((item) => {
    const text = item.kind !== "scalar" ? undefined : item.value === null ? "null" : item.text;
    if (text === "any" || jsonTypes.some((type) => type === text)) return text;
    const { where, context } = keyword;
    const expected = `${enumerate(jsonTypes)}.${didYouMean(text, jsonTypes)}`;
    context.problems.add(item.at, `${where}: type: found ${formatValue(item)}, expected ${expected}`);
    return "any";
  });
  // Draft 3 calls it any where others say nothing.
  if (types.length === 0 || types.includes("any")) return;
  schema.type = value.kind === "list" && types.length > 1 ? types : types[0];
}
