import { LaunchpadError } from "../../errors.ts";
import { truncateText } from "../../util/truncate.ts";

/**
 * Error of a request that a protocol cannot read.
 *
 * @param name Which part of it is wrong: a tensor, a key; empty for the whole.
 * @param message What was expected, and what was found.
 *
 * @returns ARGUMENTS_INVALID.
 */
export function invalid(name: string, message: string): LaunchpadError {
  const where = truncateText(name);
  return new LaunchpadError(
    "ARGUMENTS_INVALID",
    `The request is not valid: ${where === "" ? "" : `${where}: `}${message}`,
    {
      faults: [{ in: "body", name: where, message }],
    },
  );
}
