import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Keywords } from "../../../schema/schema-error.ts";
import type { SourcePosition } from "../file/value.ts";

/**
 * Creates a schema that can be extended.
 *
 * @param schema Any schema.
 *
 * @returns The same, as keywords.
 */
export function asObject(schema: JsonSchema): Keywords {
  return schema === true ? {} : schema === false ? { not: {} } : schema;
}

/** A property or parameter. */
export interface Property {
  readonly name: string;
  readonly at: SourcePosition;
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** Whether the name is a regular expression that names fit. */
  readonly isPattern: boolean;
}

/**
 * Creates a type from two, or from a type and what it is made of: where both say something, what comes later stands.
 *
 * @param parent What it is made of.
 * @param own What it says itself.
 *
 * @returns The type, with the properties of both.
 */
export function joined(parent: Keywords, own: Keywords): Keywords {
  const properties = { ...(parent.properties as object), ...(own.properties as object) };
  const patterns = { ...(parent.patternProperties as object), ...(own.patternProperties as object) };
  const required = [...new Set([...((parent.required ?? []) as string[]), ...((own.required ?? []) as string[])])];
  return {
    ...parent,
    ...own,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(Object.keys(patterns).length > 0 && { patternProperties: patterns }),
    ...(required.length > 0 && { required }),
  };
}

/**
 * Creates the type of an object.
 *
 * @param properties Its properties.
 *
 * @returns Keywords of JSON Schema, without the type.
 */
export function objectOf(properties: readonly Property[]): Keywords {
  const named = properties.filter(({ isPattern: fits }) => !fits);
  const required = named.filter((one) => one.required).map(({ name }) => name);
  const patterns = properties.filter(({ isPattern: fits }) => fits);
  return {
    properties: Object.fromEntries(named.map(({ name, schema }) => [name, schema])),
    ...(required.length > 0 && { required }),
    ...(patterns.length > 0 && {
      patternProperties: Object.fromEntries(patterns.map(({ name, schema }) => [name, schema])),
    }),
  };
}
