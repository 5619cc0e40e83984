import type { Keywords } from "../schema-error.ts";
import { isRecord, type TypeName, typeNames, typeOf } from "../types.ts";

/** Finds the schema that a `$ref` means; undefined for what is not known. */
export type Lookup = (ref: string) => unknown;

/** One kind of value that a schema takes: of one type, and whatever every part says of it holds. */
export interface Alternative {
  readonly type: TypeName;
  readonly parts: readonly Keywords[];
}

/** An alternative while it is made: of one of several types. */
interface Draft {
  readonly types: ReadonlySet<TypeName>;
  readonly parts: readonly Keywords[];
}

/** Every integer is a number as well. */
const every = typeNames.filter((name) => name !== "integer");

/** What a schema means that says no type: whoever lists properties means an object. */
const meant: readonly (readonly [TypeName, readonly string[]])[] = [
  ["object", ["properties", "additionalProperties", "patternProperties"]],
  ["array", ["items", "prefixItems"]],
];

/** More alternatives than anybody describes, and a deeper nesting of references. */
const maxAlternatives = 256;
const maxDepth = 64;

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

/** The type of a value of JSON; `integer` for a whole number. */
export function narrowestType(value: unknown): TypeName {
  return Number.isInteger(value) ? "integer" : (typeOf(value) ?? "object");
}

/** Whether whatever has the one type has the other one. */
export function isOfType(type: TypeName, wide: TypeName): boolean {
  return type === wide || (type === "integer" && wide === "number");
}

function draftsOf(schema: unknown, lookup: Lookup, depth: number): readonly Draft[] | undefined {
  if (schema === false) return [];
  if (!isRecord(schema)) return [{ types: new Set(every), parts: [] }];
  if (depth > maxDepth) return undefined;
  let drafts: readonly Draft[] = [{ types: typesOf(schema), parts: [schema] }];
  for (const choice of choicesOf(schema, lookup)) {
    const read = choice.map((option) => (option === undefined ? undefined : draftsOf(option, lookup, depth + 1)));
    const known = read.filter((option) => option !== undefined);
    if (known.length < read.length) return undefined;
    drafts = drafts.flatMap((draft) => known.flat().flatMap((option) => joined(draft, option)));
    if (drafts.length > maxAlternatives) return undefined;
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
  const types = new Set<TypeName>();
  for (const one of a.types) {
    for (const other of b.types) {
      if (isOfType(one, other)) types.add(one);
      else if (isOfType(other, one)) types.add(other);
    }
  }
  return types.size > 0 ? [{ types, parts: [...a.parts, ...b.parts] }] : [];
}

function typesOf(schema: Keywords): ReadonlySet<TypeName> {
  const { type, nullable } = schema;
  const named = (Array.isArray(type) ? type : [type]).filter(isType);
  const values = Array.isArray(schema.enum) ? schema.enum : "const" in schema ? [schema.const] : undefined;
  const own = new Set(named.length > 0 ? named : values ? values.map(narrowestType) : meantBy(schema));
  // An enum of the values leaves only their types.
  if (values) for (const one of own) if (!values.some((value) => isOfType(narrowestType(value), one))) own.delete(one);
  if (own.has("number")) own.delete("integer");
  if (nullable === true) own.add("null");
  return own;
}

function meantBy(schema: Keywords): readonly TypeName[] {
  const [found] = meant.find(([, keys]) => keys.some((key) => key in schema)) ?? [];
  return found === undefined ? every : [found];
}

function isType(value: unknown): value is TypeName {
  return typeNames.includes(value as TypeName);
}
