import type { JsonSchema } from "./definition.ts";

/** The type of a single value. */
export type ValueType = "number" | "integer" | "string" | "boolean";

/** What a single value must be: a JSON Schema of one scalar type. */
export interface ValueRules {
  readonly type: ValueType;
  readonly enum?: readonly (string | number | boolean)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression of ECMAScript. */
  readonly pattern?: string;
}

/**
 * Reads what a parameter's schema says of a single value: of its items if it is an array.
 *
 * @param schema The schema of a parameter.
 *
 * @returns The rules of one value, and whether it takes several.
 */
export function valueRulesOf(schema: JsonSchema): { rules: ValueRules; array: boolean } {
  const whole: { readonly type?: unknown; readonly items?: unknown } = typeof schema === "object" ? schema : {};
  const array = whole.type === "array";
  const one = array && typeof whole.items === "object" ? whole.items : array ? {} : whole;
  return { rules: { type: "string", ...one }, array };
}
