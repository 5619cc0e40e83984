import type { JsonSchema } from "./json-schema.ts";

/**
 * Creates a schema that says the same as several alternatives. What is a type or null is one schema: a caller, and
 * whoever reads text, sees more easily what it is.
 *
 * @param alternatives The schemas, one of which a value must fit.
 *
 * @returns `{ type: ["number", "null"] }`, else `{ anyOf: [...] }`.
 */
export function anyOf(alternatives: readonly JsonSchema[]): { readonly [keyword: string]: unknown } {
  const [one, none, ...more] = alternatives;
  const isNull = typeof none === "object" && none.type === "null" && Object.keys(none).length === 1;
  if (typeof one === "object" && isNull && more.length === 0 && typeof one.type === "string") {
    if (one.enum === undefined && one.const === undefined) return { ...one, type: [one.type, "null"] };
  }
  return { anyOf: alternatives };
}
