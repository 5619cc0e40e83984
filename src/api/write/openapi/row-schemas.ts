import type { JsonSchema } from "../../../schema/json-schema.ts";
import type { ApiDefinition } from "../../definition.ts";
import { signatureOf } from "../../signature.ts";
import { rowResource } from "../../validation/row.ts";
import { argumentsSchema } from "./arguments-schema.ts";
import type { Schemas } from "./schemas.ts";

/**
 * Named schemas of a row and of a prediction, for those who ask for rows.
 *
 * @param definition The API.
 * @param schemas Gets the schemas.
 * @param ignoresOthers Whether arguments that are not described are ignored, and not refused.
 *
 * @returns References to the two.
 */
export function rowSchemas(
  definition: ApiDefinition,
  schemas: Schemas,
  ignoresOthers: boolean,
): readonly [row: JsonSchema, prediction: JsonSchema] {
  const { body, result } = rowResource(definition)?.resource ?? {};
  const { inputs } = signatureOf(definition);
  const row =
    inputs.form === "value" && body
      ? schemas.place(body.schema, "Row")
      : argumentsSchema(definition, inputs, schemas, ignoresOthers);
  const prediction = result?.schema === undefined ? true : schemas.place(result.schema, "Prediction");
  return [place(row, "Row"), place(prediction, "Prediction")];

  function place(schema: JsonSchema, name: string): JsonSchema {
    return typeof schema === "object" && "$ref" in schema ? schema : schemas.add(name, schema);
  }
}
