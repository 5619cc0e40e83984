import { LaunchpadError } from "../../errors.ts";
import type { Params } from "../types.ts";
import { quote } from "./messages.ts";

/**
 * Checks that nobody gives parameters to a file.
 *
 * @param params What was given.
 * @param shown The beginning of a message.
 *
 * @throws DATA_INVALID when there are any.
 */
export function assertNoParams(params: Params, shown: string): void {
  const names = Object.keys(params);
  if (names.length === 0) return;
  const given = names.map(quote).join(", ");
  throw new LaunchpadError("DATA_INVALID", `${shown}: a file takes no parameters, found ${given}`);
}
