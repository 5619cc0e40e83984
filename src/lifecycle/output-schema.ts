import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import type { Json } from "../store/types.ts";
import { toPlain } from "./plain.ts";

/**
 * Creates the JSON Schema of what a model's `output` lets out, to be compared with that of a later training.
 *
 * @param schema A schema of valibot.
 *
 * @returns JSON Schema, draft 2020-12. Conditions that are code are left out; of what code makes of a value, nothing is said.
 */
export function outputSchemaOf(schema: GenericSchema): Json {
  const found = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode: "output",
    errorMode: "ignore",
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.kind === "transformation" && !sameType.has(valibotAction.type) ? {} : jsonSchema,
  });
  return toPlain(found) as Json;
}

/** Transformations of text that leave text. */
const sameType: ReadonlySet<string> = new Set([
  "brand",
  "flavor",
  "normalize",
  "readonly",
  "to_lower_case",
  "to_upper_case",
  "trim",
  "trim_end",
  "trim_start",
]);
