import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { Parameter } from "../../definition.ts";
import { isRequired } from "../../parameter-from-schema.ts";
import { styles } from "../../parameter-style.ts";
import type { Schemas } from "./schemas.ts";

/** A part of the document: plain JSON. */
export type Part = Record<string, unknown>;

/**
 * Creates a parameter object.
 *
 * @param parameter The parameter of the definition.
 * @param place Where it stands in this operation.
 * @param schemas Gets its schema.
 *
 * @returns The parameter as OpenAPI describes it.
 */
export function parameterOf(parameter: Parameter, place: keyof typeof styles, schemas: Schemas): Part {
  const { name, description, deprecated, style, explode, example } = parameter;
  const schema = schemaOf(parameter, schemas);
  const common = {
    name,
    in: place,
    ...(place === "path" ? { required: true } : isRequired(parameter) && { required: true }),
    ...(description !== undefined && { description }),
    ...(deprecated && { deprecated }),
  };
  // Left to itself, OpenAPI would take the properties of an object for parameters of their own.
  if (place === "query" && style === undefined && schemas.isOnly("object", parameter.schema)) {
    return { ...common, content: { "application/json": { schema, ...(example !== undefined && { example }) } } };
  }
  const repeated = place === "query" && schemas.isOnly("array", parameter.schema) && { style: "form", explode: true };
  return {
    ...common,
    ...repeated,
    ...(style !== undefined && styles[place].includes(style) && { style }),
    ...(explode !== undefined && { explode }),
    schema,
    ...(example !== undefined && { example }),
  };
}

/**
 * Creates the schema of an argument, with the name that people see and the largest size of a file.
 *
 * @param parameter The parameter of the definition.
 * @param schemas Gets what needs a name.
 *
 * @returns The schema as it stands in the document.
 */
export function schemaOf({ name, schema, file, displayName }: Parameter, schemas: Schemas): JsonSchema {
  const placed = schemas.place(schema, name);
  if (typeof placed === "boolean") return placed;
  return {
    ...(displayName !== undefined && { title: displayName }),
    ...placed,
    // OpenAPI counts bytes where a string is binary.
    ...(file?.maxBytes !== undefined && placed.type === "string" && { maxLength: file.maxBytes }),
  };
}
