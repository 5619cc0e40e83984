import process from "node:process";
import { isLaunchpadError } from "../../src/index.ts";
import { stackOf } from "../shared/stack.ts";

/**
 * Writes an error to the standard error stream: one message for a mistake; with `-v`, or when it is a defect of
 * Launchpad's own, the stack trace, too.
 *
 * @param error Whatever was thrown.
 * @param verbose Whether to write stack traces.
 *
 * @returns The exit code.
 */
export function reportError(error: unknown, verbose: boolean): number {
  if (isLaunchpadError(error)) {
    process.stderr.write(`launchpad: ${error.message} [${error.code}]\n`);
    if (verbose) process.stderr.write(`${stackOf(error)}\n`);
    return error.exitCode;
  }
  process.stderr.write(`launchpad: this is a defect of Launchpad's, please report it: ${stackOf(error)}\n`);
  return 1;
}
