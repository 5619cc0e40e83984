import { LaunchpadError } from "../errors.ts";
import type { Json } from "../store/types.ts";
import type { JsonSchema } from "./definition.ts";
import { shortenText } from "./received.ts";
import { nameOf, refused } from "./schema/check.ts";
import { compileSchema } from "./schema/compile.ts";

/** A result that is wrong at every place would fill the log. */
const mostPlaces = 10;

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
    const places: string[] = [];
    const run = {
      quiet: 0,
      full: false,
      report(at: Parameters<typeof nameOf>[0], message: string) {
        places.push(`${shortenText(nameOf(at))}: ${message}`);
        run.full = places.length >= mostPlaces;
      },
    };
    if (check(result, { key: "result" }, run) !== refused) return result;
    throw new LaunchpadError(
      "PREDICT_FAILED",
      `[model] predict returned what does not fit the schema of the response: ${places.join("; ")}`,
    );
  };
}
