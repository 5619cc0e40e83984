import { toPlain } from "../data/to-json.ts";
import { LaunchpadError, messageOf } from "../errors.ts";
import type { Json } from "../util/json.ts";

/**
 * Makes plain JSON of what a model returned.
 *
 * @param result What the model returned.
 *
 * @returns The same as JSON has it.
 *
 * @throws PREDICT_FAILED when JSON cannot hold it.
 */
export function plainOf(result: unknown): Json {
  try {
    return toPlain(result);
  } catch (error) {
    throw new LaunchpadError("PREDICT_FAILED", `[model] predict: ${messageOf(error)}`, { cause: error });
  }
}
