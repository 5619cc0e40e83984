import type { Json } from "./json.ts";

/**
 * Creates the canonical text of a value, the same wherever and in whatever order it was built (RFC 8785): keys sorted by
 * UTF-16 code units, no white space, numbers and text as ECMAScript writes them.
 *
 * @param value What JSON can hold.
 *
 * @returns JSON.
 */
export function canonicalJson(value: Json | undefined): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${entries.join(",")}}`;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
