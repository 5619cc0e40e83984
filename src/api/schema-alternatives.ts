/** The types that a value of JSON can have; every integer is a number as well. */
export type JsonType = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** A JSON Schema, or a part of one, that is no boolean. */
export type Keywords = Readonly<Record<string, unknown>>;

/** Finds the schema that a `$ref` means; undefined for what is not known. */
export type Lookup = (ref: string) => unknown;

/** One kind of value that a schema takes: of one type, and whatever every part says of it holds. */
export interface Alternative {
  readonly type: JsonType;
  readonly parts: readonly Keywords[];
}

/** An alternative while it is made: of one of several types. */
interface Draft {
  readonly types: ReadonlySet<JsonType>;
  readonly parts: readonly Keywords[];
}

const every: readonly JsonType[] = ["null", "boolean", "number", "string", "array", "object"];

/** What a schema means that says no type: whoever lists properties means an object. */
const meant: readonly (readonly [JsonType, readonly string[]])[] = [
  ["object", ["properties", "additionalProperties", "patternProperties"]],
  ["array", ["items", "prefixItems"]],
];

/** More alternatives than anybody describes, and a deeper nesting of references. */
const most = 256;
const deepest = 64;

/**
 * Creates the alternatives that a schema is made of: references resolved, `allOf` joined, `anyOf` and `oneOf` taken apart,
 * one for each type. Knows the drafts from 3 to 2020-12, and OpenAPI's `nullable`.
 *
 * @param schema A JSON Schema.
 * @param lookup Finds what its references mean.
 *
 * @returns The alternatives, none for a schema that nothing fits; undefined if a reference leads nowhere, or there are
 * too many of them: then nothing is known.
 */
export function alternativesOf(schema: unknown, lookup: Lookup): readonly Alternative[] | undefined {
  return draftsOf(schema, lookup, 0)?.flatMap(({ types, parts }) => [...types].map((type) => ({ type, parts })));
}

/**
 * Tells whether a value is a mapping.
 *
 * @param value Any value.
 *
 * @returns Whether it is an object and no list.
 */
export function isKeywords(value: unknown): value is Keywords {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Creates the type of a value.
 *
 * @param value A value of JSON.
 *
 * @returns Its type, `integer` for a whole number.
 */
export function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "boolean" || typeof value === "string" ? (typeof value as "boolean" | "string") : "object";
}

/** Whether whatever has the one type has the other one. */
export function isOfType(type: JsonType, wide: JsonType): boolean {
  return type === wide || (type === "integer" && wide === "number");
}

function draftsOf(schema: unknown, lookup: Lookup, depth: number): readonly Draft[] | undefined {
  if (schema === false) return [];
  if (!isKeywords(schema)) return [{ types: new Set(every), parts: [] }];
  if (depth > deepest) return undefined;
  let drafts: readonly Draft[] = [{ types: typesOf(schema), parts: [schema] }];
  for (const choice of choicesOf(schema, lookup)) {
    const read = choice.map((option) => (option === undefined ? undefined : draftsOf(option, lookup, depth + 1)));
    const known = read.filter((option) => option !== undefined);
    if (known.length < read.length) return undefined;
    drafts = drafts.flatMap((draft) => known.flat().flatMap((option) => joined(draft, option)));
    if (drafts.length > most) return undefined;
  }
  return drafts;
}

/** What must hold besides the schema's own keywords: of each list, one. */
function choicesOf(schema: Keywords, lookup: Lookup): readonly (readonly unknown[])[] {
  const { $ref, allOf, anyOf, oneOf } = schema;
  return [
    ...(typeof $ref === "string" ? [[lookup($ref)]] : []),
    ...(Array.isArray(allOf) ? allOf.map((part: unknown) => [part]) : []),
    ...[anyOf, oneOf].filter((options) => Array.isArray(options)),
  ];
}

/** Both at once; nothing if no type is left. */
function joined(a: Draft, b: Draft): readonly Draft[] {
  const types = new Set<JsonType>();
  for (const one of a.types) {
    for (const other of b.types) {
      if (isOfType(one, other)) types.add(one);
      else if (isOfType(other, one)) types.add(other);
    }
  }
  return types.size > 0 ? [{ types, parts: [...a.parts, ...b.parts] }] : [];
}

function typesOf(schema: Keywords): ReadonlySet<JsonType> {
  const { type, nullable } = schema;
  const named = (Array.isArray(type) ? type : [type]).filter(isType);
  const values = Array.isArray(schema.enum) ? schema.enum : "const" in schema ? [schema.const] : undefined;
  const own = new Set(named.length > 0 ? named : values ? values.map(typeOf) : meantBy(schema));
  // An enum of the values leaves only their types.
  if (values) for (const one of own) if (!values.some((value) => isOfType(typeOf(value), one))) own.delete(one);
  if (own.has("number")) own.delete("integer");
  if (nullable === true) own.add("null");
  return own;
}

function meantBy(schema: Keywords): readonly JsonType[] {
  const [found] = meant.find(([, keys]) => keys.some((key) => key in schema)) ?? [];
  return found === undefined ? every : [found];
}

function isType(value: unknown): value is JsonType {
  return value === "integer" || every.includes(value as JsonType);
}
