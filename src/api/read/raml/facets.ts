import type { GenericSchema } from "valibot";
import * as v from "valibot";
import { isPattern } from "../../../schema/pattern.ts";
import { enumerate } from "../../../util/suggest.ts";
import { countOf, type Fields, finite, flag, itemsOf } from "../file/fields.ts";
import type { Problems } from "../file/problems.ts";
import { formatValue, plainOf, type Value } from "../file/value.ts";

/** The kinds of types, by the facets that they have. */
export type Kind = "any" | "nil" | "string" | "number" | "boolean" | "date" | "file" | "array" | "object" | "union";

/** A date as HTTP has it (RFC 2616): Sun, 06 Nov 1994 08:49:37 GMT. */
export const httpDate =
  "^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} [0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT$";

const timeOnly = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?";

/** The types that RAML 1.0 brings, as JSON Schema. */
export const builtIn: Readonly<
  Record<string, { readonly kind: Kind; readonly schema: Readonly<Record<string, unknown>> }>
> = {
  any: { kind: "any", schema: {} },
  nil: { kind: "nil", schema: { type: "null" } },
  null: { kind: "nil", schema: { type: "null" } },
  string: { kind: "string", schema: { type: "string" } },
  number: { kind: "number", schema: { type: "number" } },
  integer: { kind: "number", schema: { type: "integer" } },
  boolean: { kind: "boolean", schema: { type: "boolean" } },
  "date-only": { kind: "date", schema: { type: "string", format: "date" } },
  "time-only": { kind: "date", schema: { type: "string", pattern: `^${timeOnly}$` } },
  "datetime-only": { kind: "date", schema: { type: "string", pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}T${timeOnly}$` } },
  datetime: { kind: "date", schema: { type: "string", format: "date-time" } },
  file: { kind: "file", schema: { type: "string", format: "binary" } },
  array: { kind: "array", schema: { type: "array" } },
  object: { kind: "object", schema: { type: "object" } },
};

/** The formats of numbers, as JSON Schema has them. */
const numberFormats: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  int8: { minimum: -128, maximum: 127 },
  int16: { minimum: -32768, maximum: 32767 },
  int32: { format: "int32" },
  int: { format: "int32" },
  int64: { format: "int64" },
  long: { format: "int64" },
  float: { format: "float" },
  double: { format: "double" },
};

const step = v.pipe(finite, v.gtValue(0, "expected a number above 0"));

interface Facet {
  readonly kinds: readonly Kind[];
  /** What it must be, where it is taken as it is. */
  readonly schema?: GenericSchema<unknown, unknown>;
}

/** The facets that constrain a value, and the kinds of types that have them. */
const facets: Readonly<Record<string, Facet>> = {
  minimum: { kinds: ["number"], schema: finite },
  maximum: { kinds: ["number"], schema: finite },
  multipleOf: { kinds: ["number"], schema: step },
  minLength: { kinds: ["string", "file"], schema: countOf("characters") },
  maxLength: { kinds: ["string", "file"], schema: countOf("characters") },
  minItems: { kinds: ["array"], schema: countOf("items") },
  maxItems: { kinds: ["array"], schema: countOf("items") },
  uniqueItems: { kinds: ["array"], schema: flag },
  minProperties: { kinds: ["object"], schema: countOf("properties") },
  maxProperties: { kinds: ["object"], schema: countOf("properties") },
  pattern: { kinds: ["string"] },
  format: { kinds: ["number", "date"] },
  fileTypes: { kinds: ["file"] },
  items: { kinds: ["array"] },
  properties: { kinds: ["object"] },
  additionalProperties: { kinds: ["object"] },
};

/**
 * Reads the facets that constrain a value, except what is inside of it.
 *
 * @param fields What a type says.
 * @param kind The kind of type that it is.
 * @param problems Gets what is wrong.
 *
 * @returns Keywords of JSON Schema.
 */
export function readFacets(fields: Fields, kind: Kind, problems: Problems): Record<string, unknown> {
  const keywords: Record<string, unknown> = {};
  for (const [name, { kinds, schema }] of Object.entries(facets)) {
    const value = fields.value(name);
    if (!value) continue;
    // Of any type nobody can say what applies to it.
    if (kind !== "any" && kind !== "union" && !kinds.includes(kind)) {
      fields.problem(name, `applies to ${enumerate(kinds)}, and the type is ${kind}`);
    } else if (schema) {
      const read = fields.read(name, schema);
      if (read !== undefined) keywords[name] = read;
    }
  }
  if (kind === "file" && keywords.minLength !== undefined) {
    fields.warn("minLength", "is ignored: Launchpad checks the largest size of a file only");
    delete keywords.minLength;
  }
  return {
    ...keywords,
    ...readPattern(fields),
    ...readFormat(fields, kind),
    ...readFileTypes(fields, problems),
    ...readEnum(fields, kind),
  };
}

/** What text must match, as a keyword of JSON Schema. */
export function readPattern(fields: Fields): { pattern?: string } {
  const pattern = fields.text("pattern");
  if (pattern === undefined) return {};
  if (isPattern(pattern)) return { pattern };
  fields.problem("pattern", `${pattern} is not a regular expression of ECMAScript`);
  return {};
}

function readFormat(fields: Fields, kind: Kind): Readonly<Record<string, unknown>> {
  const format = fields.text("format");
  if (format === undefined) return {};
  const known = kind === "date" ? { rfc3339: { format: "date-time" }, rfc2616: { pattern: httpDate } } : numberFormats;
  const found = Object.hasOwn(known, format) ? (known as typeof numberFormats)[format] : undefined;
  if (found === undefined) fields.problem("format", `found ${format}, expected ${enumerate(Object.keys(known))}`);
  return found ?? {};
}

/**
 * Reads what media types a file may have.
 *
 * @param fields What a type or parameter says.
 * @param problems Gets what is wrong.
 *
 * @returns The media types as a keyword of JSON Schema; none if any will do.
 */
export function readFileTypes(fields: Fields, problems: Problems): { contentMediaType?: readonly string[] } {
  const written = fields.value("fileTypes");
  if (!written) return {};
  const items = written.kind === "scalar" ? [written] : itemsOf(written, `${fields.where} fileTypes`, problems);
  const types = items.flatMap((item) => {
    if (item.kind === "scalar" && /^[^\s/]+\/[^\s/]+$/.test(item.text)) return [item.text.toLowerCase()];
    fields.problem(
      "fileTypes",
      `found ${formatValue(item)}, expected a media type such as image/png, or image/*`,
      item,
    );
    return [];
  });
  return types.length === 0 || types.includes("*/*") ? {} : { contentMediaType: types };
}

function readEnum(fields: Fields, kind: Kind): { enum?: readonly unknown[] } {
  const found = fields.value("enum");
  if (!found) return {};
  if (found.kind === "list" && found.items.length > 0) return { enum: found.items.map((item) => plainFor(item, kind)) };
  fields.problem("enum", `expected a list of one value or more, found ${formatValue(found)}`, found);
  return {};
}

/**
 * Creates the value of an enum or default. `1.10` is the text 1.10 where text is expected, without quotation marks too.
 *
 * @param value As it is written.
 * @param kind The kind of type that it is for.
 *
 * @returns Plain data.
 */
export function plainFor(value: Value, kind: Kind): unknown {
  const isText = kind === "string" || kind === "date";
  return isText && value.kind === "scalar" && value.value !== null ? value.text : plainOf(value);
}
