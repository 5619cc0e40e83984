import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { ApiDefinition } from "../../definition.ts";
import { isRequired } from "../../parameter-from-schema.ts";
import type { SignatureSide } from "../../signature.ts";
import { rowResource } from "../../validation/row.ts";
import { propertyOf } from "./body.ts";
import type { Part } from "./parameters.ts";
import type { Schemas } from "./schemas.ts";

/**
 * Schema of all arguments of a row by name, wherever a request to the API has them.
 *
 * @param definition The API.
 * @param inputs What the model takes.
 * @param schemas Gets the schemas.
 * @param ignoresOthers Whether arguments that are not described are ignored, and not refused.
 *
 * @returns The schema of an object.
 */
export function argumentsSchema(
  definition: ApiDefinition,
  { form, fields, additional }: SignatureSide,
  schemas: Schemas,
  ignoresOthers: boolean,
): Part {
  const resource = rowResource(definition)?.resource;
  const { parameters = [], body } = resource ?? {};
  if (form === "fields" && body && parameters.length === 0) {
    return { ...asPart(schemas.place(body.schema, "Arguments")), type: "object" };
  }
  const described = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const properties = fields.map(({ name, schema }) => {
    const parameter = described.get(name);
    return [name, parameter ? propertyOf(parameter, schemas) : schemas.place(schema, name)];
  });
  const required = fields.filter(({ name, optional }) => {
    const parameter = described.get(name);
    return parameter ? isRequired(parameter) : !optional;
  });
  return {
    type: "object",
    ...(fields.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required: required.map(({ name }) => name) }),
    ...(!additional && !ignoresOthers && { additionalProperties: false }),
  };
}

/** Schema as an object: a boolean is one as well. */
export function asPart(schema: JsonSchema): Part {
  return typeof schema === "boolean" ? (schema ? {} : { not: {} }) : { ...schema };
}
