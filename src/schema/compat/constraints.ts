import { canonicalJson } from "../../util/canonical-json.ts";
import type { Keywords } from "../schema-error.ts";
import { type Alternative, isOfType, narrowestType } from "./alternatives.ts";

/** A bound of a value, a length or a number of items. */
export interface Limit {
  readonly value: number;
  /** Whether the value itself is out. */
  readonly open: boolean;
}

/** The bounds by name: which keywords say them, and whether they are lower ones. */
const limits = {
  minimum: { keyword: "minimum", exclusive: "exclusiveMinimum", lower: true },
  maximum: { keyword: "maximum", exclusive: "exclusiveMaximum", lower: false },
  minLength: { keyword: "minLength", lower: true },
  maxLength: { keyword: "maxLength", lower: false },
  minItems: { keyword: "minItems", lower: true },
  maxItems: { keyword: "maxItems", lower: false },
  minProperties: { keyword: "minProperties", lower: true },
  maxProperties: { keyword: "maxProperties", lower: false },
} as const satisfies Record<string, { keyword: string; exclusive?: string; lower: boolean }>;

/** The name of a bound. */
export type LimitName = keyof typeof limits;

/** Which keywords say something of values of a type. */
export const keywords: Readonly<
  Record<Alternative["type"], { readonly limits: readonly LimitName[]; readonly conditions: readonly string[] }>
> = {
  null: { limits: [], conditions: [] },
  boolean: { limits: [], conditions: [] },
  integer: { limits: ["minimum", "maximum"], conditions: ["multipleOf", "divisibleBy", "format"] },
  number: { limits: ["minimum", "maximum"], conditions: ["multipleOf", "divisibleBy", "format"] },
  string: {
    limits: ["minLength", "maxLength"],
    conditions: ["pattern", "format", "contentEncoding", "contentMediaType"],
  },
  array: {
    limits: ["minItems", "maxItems"],
    conditions: ["uniqueItems", "contains", "minContains", "maxContains", "unevaluatedItems"],
  },
  object: {
    limits: ["minProperties", "maxProperties"],
    conditions: ["propertyNames", "dependencies", "dependentRequired", "dependentSchemas", "unevaluatedProperties"],
  },
};

/** Conditions on values of any type. */
export const anyConditions: readonly string[] = ["not", "if", "then", "else"];

/**
 * Finds the bound that an alternative sets.
 *
 * @param alternative An alternative of a schema.
 * @param name Which bound.
 *
 * @returns The narrowest; undefined if there is none, or one that every value keeps.
 */
export function limitOf(alternative: Alternative, name: LimitName): Limit | undefined {
  const { parts, type } = alternative;
  const { lower } = limits[name];
  let narrowest: Limit | undefined;
  for (const limit of [
    ...parts.flatMap((part) => [...limitsIn(part, name), ...tupleEnd(part, type, name)]),
    ...limitsOfValues(alternative, name),
  ]) {
    if (narrowest === undefined || keeps(limit, narrowest, lower)) narrowest = limit;
  }
  return narrowest?.value === 0 && name !== "minimum" && lower ? undefined : narrowest;
}

/**
 * Tells whether whatever keeps one bound keeps another one.
 *
 * @param inner The one.
 * @param outer The other.
 * @param name Which bound they are.
 *
 * @returns Whether the one is as narrow, or narrower.
 */
export function isWithin(inner: Limit, outer: Limit, name: LimitName): boolean {
  return keeps(inner, outer, limits[name].lower);
}

/** A bound as a line shows it. */
export function showLimit({ value, open }: Limit, name: LimitName): string {
  if (!open) return String(value);
  return `${limits[name].lower ? "more" : "less"} than ${value}`;
}

/**
 * Tells whether whatever meets one condition meets another one.
 *
 * @param name The keyword of both.
 * @param inner What is met.
 * @param outer What is to be met.
 *
 * @returns Whether they are the same, or it is known that one follows from the other.
 */
export function impliesCondition(name: string, inner: unknown, outer: unknown): boolean {
  if (name === "multipleOf" && typeof inner === "number" && typeof outer === "number") return inner % outer === 0;
  return canonicalJson(inner) === canonicalJson(outer);
}

/**
 * Finds the only values that an alternative takes.
 *
 * @param alternative An alternative of a schema.
 *
 * @returns The values; undefined if there is no list of them.
 */
export function valuesOf({ type, parts }: Alternative): readonly unknown[] | undefined {
  if (type === "null") return [null];
  let values: readonly unknown[] | undefined = type === "boolean" ? [true, false] : undefined;
  for (const part of parts) {
    const own = Array.isArray(part.enum) ? part.enum : "const" in part ? [part.const] : undefined;
    if (own === undefined) continue;
    const fitting = own.filter((value) => isOfType(narrowestType(value), type));
    values = values === undefined ? fitting : values.filter((value) => includes(fitting, value));
  }
  return values?.filter((value) => parts.every((part) => isInLimits(part, type, value)));
}

/**
 * Tells whether a list has a value of JSON.
 *
 * @param values The list.
 * @param value The value.
 *
 * @returns Whether one of the list says the same.
 */
export function includes(values: readonly unknown[], value: unknown): boolean {
  return values.some((one) => one === value || canonicalJson(one) === canonicalJson(value));
}

function isInLimits(part: Keywords, type: Alternative["type"], value: unknown): boolean {
  const size = sizeOf(value);
  if (size === undefined) return true;
  return keywords[type].limits.every((name) =>
    limitsIn(part, name).every((limit) => keeps({ value: size, open: false }, limit, limits[name].lower)),
  );
}

/** What bounds are about: a number itself, the number of characters of a text. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === "string") return [...value].length;
  return typeof value === "number" ? value : undefined;
}

function limitsIn(part: Keywords, name: LimitName): readonly Limit[] {
  const { keyword, exclusive } = { exclusive: "", ...limits[name] };
  const [value, beyond] = [part[keyword], part[exclusive]];
  return [
    // Up to draft 4, a boolean says whether the bound itself is out.
    ...(typeof value === "number" ? [{ value, open: beyond === true }] : []),
    ...(typeof beyond === "number" ? [{ value: beyond, open: true }] : []),
  ];
}

/** A list of which only the first items are described, and no others may follow, has an end. */
function tupleEnd(part: Keywords, type: Alternative["type"], name: LimitName): readonly Limit[] {
  if (type !== "array" || name !== "maxItems") return [];
  const first = [part.prefixItems, part.items].find((items) => Array.isArray(items));
  const rest = Array.isArray(part.items) ? part.additionalItems : part.items;
  return Array.isArray(first) && rest === false ? [{ value: first.length, open: false }] : [];
}

/** Where there is a list of values, the least and the greatest of them are bounds. */
function limitsOfValues(alternative: Alternative, name: LimitName): readonly Limit[] {
  const sizes = valuesOf(alternative)?.map(sizeOf);
  if (!sizes?.length || !sizes.every((size) => size !== undefined)) return [];
  return [{ value: limits[name].lower ? Math.min(...sizes) : Math.max(...sizes), open: false }];
}

function keeps(inner: Limit, outer: Limit, lower: boolean): boolean {
  if (inner.value === outer.value) return inner.open || !outer.open;
  return lower ? inner.value > outer.value : inner.value < outer.value;
}
