import { LaunchpadError } from "../../errors.ts";
import { collecting, refused } from "../../schema/check.ts";
import { compileSchema } from "../../schema/compile.ts";
import type { JsonSchema } from "../../schema/json-schema.ts";
import type { Json } from "../../util/json.ts";
import { truncateText } from "../../util/truncate.ts";

/** What is known of the check of results. */
export interface ResultOptions {
  /** The schemas of the definition, by name. */
  readonly schemas?: Readonly<Record<string, JsonSchema>> | undefined;
  /** Where the schema is said, for messages: `./iris.raml line 12`. */
  readonly at?: string | undefined;
  /** Told of a result that does not fit, each message once, instead of an error. */
  readonly warn?: ((message: string) => void) | undefined;
}

/**
 * Creates a check of what a model returned, after it has become plain JSON.
 *
 * @param schema What the result must be; anything, if there is none.
 * @param options What else is known.
 *
 * @returns A function that returns the result as it is. It throws RESULT_INVALID where it does not fit: the message
 * names the file, the places and what was expected there, and no values.
 *
 * @throws SchemaError when the schema is none.
 */
export function compileResult(
  schema: JsonSchema | undefined,
  { schemas, at, warn }: ResultOptions = {},
): (result: Json) => Json {
  if (schema === undefined || schema === true) return (result) => result;
  const check = compileSchema(schema, schemas && { schemas });
  const told = new Set<string>();
  return (result) => {
    const { run, faults } = collecting((name, message) => `${truncateText(name)}: ${message}`);
    if (check(result, { key: "result" }, run) !== refused) return result;
    const message = `[api] ${at ?? "the definition"}: what predict returned does not fit the schema of the response: ${faults.join("; ")}. Correct the one or the other, or set api.results to warn or off`;
    if (!warn) throw new LaunchpadError("RESULT_INVALID", message);
    if (told.size < maxTold && !told.has(message)) {
      told.add(message);
      warn(message);
    }
    return result;
  };
}

/** More of them say nothing new. */
const maxTold = 20;
