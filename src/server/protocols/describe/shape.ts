import type { JsonSchema } from "../../../schema/json-schema.ts";

/** What a body is made of, for documents. */
export interface Shapes {
  /** A row, as the API describes its arguments. */
  readonly row: JsonSchema;
  /** A prediction. */
  readonly prediction: JsonSchema;
}

/** What an operation does, takes and gives; without the last two, no JSON. */
export type About = readonly [summary: string, takes?: JsonSchema | undefined, gives?: JsonSchema | undefined];

export const text = { type: "string" } as const;
export const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });

/** Object whose keys it must have, but for those that end with `?`. Others may come as well. */
export function shape(keys: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const names = Object.keys(keys);
  return {
    type: "object",
    properties: Object.fromEntries(names.map((key) => [key.replace("?", ""), keys[key] ?? {}])),
    required: names.filter((key) => !key.endsWith("?")),
  };
}
