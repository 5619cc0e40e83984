import { type Fault, LaunchpadError } from "../errors.ts";

/**
 * Error of a caller whose arguments are not valid.
 *
 * @param faults What is wrong, one at least.
 * @param what What has them, as a sentence begins: `The request`, `Row 3`.
 *
 * @returns ARGUMENTS_INVALID with the first fault in its message, and all of them.
 */
export function argumentsInvalid(faults: readonly Fault[], what = "The request"): LaunchpadError {
  const [first] = faults;
  const more = faults.length - 1;
  const detail = first ? `${first.name || "the body"}: ${first.message}` : "";
  return new LaunchpadError(
    "ARGUMENTS_INVALID",
    `${what} is not valid: ${detail}${more > 0 ? `, and ${more} more` : ""}`,
    {
      faults,
    },
  );
}
