import type { JsonSchema } from "../../schema/json-schema.ts";
import type { Parameter } from "../definition.ts";
import { dereferenced, parameterOf, type Schemas } from "../parameter-from-schema.ts";

/** The keywords of an object that is nothing but properties with names. */
const plain = new Set(["type", "properties", "required", "additionalProperties", "title", "description", "examples"]);

/** The properties of an object as arguments. */
export interface Arguments {
  readonly parameters: readonly Parameter[];
  readonly additional: boolean;
}

/**
 * Creates the arguments of a body. What the schema does not name is refused, unless it says `additionalProperties: true`:
 * a misspelt name is a mistake, whatever JSON Schema says of a schema that is silent.
 *
 * @param schema The schema of a body.
 * @param schemas What references mean.
 *
 * @returns A parameter for each property; undefined if the schema is not just an object with named properties.
 */
export function argumentsOf(schema: JsonSchema, schemas: Schemas): Arguments | undefined {
  const found = joined(dereferenced(schema, schemas), schemas);
  if (typeof found !== "object") return undefined;
  const { type, properties, additionalProperties: further } = found;
  if (Object.keys(found).some((keyword) => !plain.has(keyword))) return undefined;
  if (type !== "object" && (type !== undefined || properties === undefined)) return undefined;
  const open = further === true || (typeof further === "object" && further !== null && isEmpty(further));
  if (further !== undefined && further !== false && !open) return undefined;
  const required = new Set(Array.isArray(found.required) ? found.required : []);
  const named = Object.entries((properties ?? {}) as Record<string, JsonSchema>);
  // What is required and has no schema of its own can be anything.
  const unnamed = [...required].filter((name): name is string => typeof name === "string");
  const all = new Map<string, JsonSchema>([...unnamed.map((name) => [name, {}] as const), ...named]);
  const order = [...named.map(([name]) => name), ...unnamed.filter((name) => !Object.hasOwn(properties ?? {}, name))];
  return {
    parameters: order
      .filter((name) => !isReadOnly(all.get(name) ?? {}, schemas))
      .map((name) => parameterOf(name, "body", required.has(name), all.get(name) ?? {}, schemas)),
    additional: open,
  };
}

/** The parts of `allOf` as one object, where each of them is an object with other properties. */
function joined(schema: JsonSchema, schemas: Schemas, depth = 0): JsonSchema {
  if (depth > 20 || typeof schema !== "object" || !Array.isArray(schema.allOf)) return schema;
  const { allOf, ...rest } = schema;
  const parts = [...allOf.map((part: JsonSchema) => joined(dereferenced(part, schemas), schemas, depth + 1)), rest];
  const properties = new Map<string, unknown>();
  const required: unknown[] = [];
  let open = false;
  for (const part of parts) {
    if (typeof part !== "object" || Object.keys(part).some((keyword) => !plain.has(keyword))) return schema;
    const { type, properties: own, required: needed, additionalProperties: further } = part as Record<string, unknown>;
    // What one part says of further properties would hold for those of the others.
    if ((type !== undefined && type !== "object") || (further !== undefined && further !== true)) return schema;
    open ||= further === true;
    for (const [name, one] of Object.entries((own ?? {}) as object)) {
      if (properties.has(name)) return schema;
      properties.set(name, one);
    }
    required.push(...((needed ?? []) as unknown[]));
  }
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required,
    ...(open && { additionalProperties: true }),
  };
}

/** Something that only answers have. */
function isReadOnly(schema: JsonSchema, schemas: Schemas): boolean {
  const found = dereferenced(schema, schemas);
  return typeof found === "object" && found.readOnly === true;
}

function isEmpty(schema: object): boolean {
  return Object.keys(schema).length === 0;
}
