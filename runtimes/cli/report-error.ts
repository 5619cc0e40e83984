import process from "node:process";
import { isLaunchpadError, LaunchpadError } from "../../src/internal.ts";
import { stackOf } from "../process/stack.ts";

/**
 * Writes an error to the standard error stream: one message for a mistake; with `-v`, or when it is a defect of
 * Launchpad's own, the stack trace, too.
 *
 * @param thrown Whatever was thrown.
 * @param verbose Whether to write stack traces.
 *
 * @returns The exit code.
 */
export function reportError(thrown: unknown, verbose: boolean): number {
  const error = asMissingPermission(thrown);
  if (isLaunchpadError(error)) {
    process.stderr.write(`launchpad: ${error.message} [${error.code}]\n`);
    if (verbose) process.stderr.write(`${stackOf(error)}\n`);
    return error.exitCode;
  }
  process.stderr.write(`launchpad: this is a defect of Launchpad's, please report it: ${stackOf(error)}\n`);
  return 1;
}

/** What Deno was not allowed to do is for whoever started it to decide. Its message says what, and names the flag. */
function asMissingPermission(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause.name !== "NotCapable") return cause;
  return new LaunchpadError("USAGE", `Deno was not allowed to go on: ${cause.message}`, { cause });
}
