import { LaunchpadError } from "../../errors.ts";
import { collecting, refused } from "../../schema/check.ts";
import { compileSchema } from "../../schema/compile.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { Json } from "../../util/json.ts";
import { truncateText } from "../../util/truncate.ts";

/**
 * Creates a check of what a model returned, after it has become plain JSON.
 *
 * @param schema What the result must be; anything, if there is none.
 * @param schemas The schemas of the definition, by name.
 *
 * @returns A function that returns the result as it is. It throws PREDICT_FAILED where it does not fit: the message
 * names the places and what was expected there, and no values.
 *
 * @throws SchemaError when the schema is none.
 */
export function compileResult(
  schema: JsonSchema | undefined,
  schemas: Readonly<Record<string, JsonSchema>> | undefined,
): (result: Json) => Json {
  if (schema === undefined || schema === true) return (result) => result;
  const check = compileSchema(schema, schemas && { schemas });
  return (result) => {
    const { run, faults } = collecting((name, message) => `${truncateText(name)}: ${message}`);
    if (check(result, { key: "result" }, run) !== refused) return result;
    throw new LaunchpadError(
      "PREDICT_FAILED",
      `[model] predict returned what does not fit the schema of the response: ${faults.join("; ")}`,
    );
  };
}
