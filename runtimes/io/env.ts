import process from "node:process";
import { LaunchpadError } from "../../src/internal.ts";

/** What nobody has to set: without a permission it is as if nobody had. */
const optional = /^(LAUNCHPAD_|PORT$|HOST$)/;

/**
 * Reads an environment variable.
 *
 * @param name Its name.
 *
 * @returns Its value; undefined if it is not set.
 *
 * @throws VARIABLE_NOT_SET when Deno was not allowed to read one that a configuration names.
 */
export function environmentVariable(name: string): string | undefined {
  try {
    return process.env[name];
  } catch (cause) {
    if (optional.test(name)) return undefined;
    throw new LaunchpadError(
      "VARIABLE_NOT_SET",
      `the environment variable ${name} may not be read. Run Deno with --allow-env=${name}`,
      { cause },
    );
  }
}

/**
 * Reads an environment variable that nobody has to set: without a permission it is as if nobody had.
 *
 * @param name Its name.
 *
 * @returns Its value; undefined if it is not set, or may not be read.
 */
export function optionalVariable(name: string): string | undefined {
  try {
    return process.env[name];
  } catch {
    return undefined;
  }
}
