import type { Keywords } from "../../../schema/schema-error.ts";
import { dereferenced } from "../../parameter-from-schema.ts";
import type { Fields } from "../file/fields.ts";
import { builtIn, type Kind } from "./facets.ts";
import { asObject } from "./object-types.ts";
import type { NamedSchemas } from "./schema-text.ts";

/** Facets that only one kind of type has. */
const telling = {
  object: ["properties", "additionalProperties", "minProperties", "maxProperties"],
  array: ["items", "minItems", "maxItems", "uniqueItems"],
  file: ["fileTypes"],
} as const;

const timePatterns: ReadonlySet<unknown> = new Set(
  Object.values(builtIn).flatMap(({ kind, schema }) => (kind === "date" && schema.pattern ? [schema.pattern] : [])),
);

/**
 * Finds the type that a declaration means which does not say what it is made of.
 *
 * @param fields The declaration.
 * @param silent What it is if its facets do not tell.
 *
 * @returns The name of a type of RAML 1.0.
 */
export function guess(fields: Fields, silent: "string" | "any"): string {
  const found = Object.entries(telling).find(([, facets]) => facets.some((facet) => fields.value(facet)));
  return found?.[0] ?? silent;
}

/**
 * Finds the kind of a type.
 *
 * @param schema The type as JSON Schema.
 * @param schemas What references mean.
 *
 * @returns The kind.
 */
export function kindOf(schema: Keywords, schemas: NamedSchemas): Kind {
  const found = dereferenced(schema, schemas);
  const { type, format, pattern, anyOf } = asObject(found);
  if (Array.isArray(type) || anyOf !== undefined) return "union";
  if (type === "integer" || type === "number") return "number";
  if (type === "null") return "nil";
  if (type !== "string") return typeof type === "string" ? (type as Kind) : "any";
  if (format === "binary") return "file";
  return format === "date" || format === "date-time" || timePatterns.has(pattern) ? "date" : "string";
}

/**
 * Tells whether a type can contain itself, and is worth a name.
 *
 * @param type The type as JSON Schema.
 *
 * @returns Whether it is an object, a list or a choice.
 */
export function hasInside({ type, anyOf: options, $ref }: Keywords): boolean {
  return type === "object" || type === "array" || options !== undefined || $ref !== undefined;
}
