import { LaunchpadError } from "../../../../errors.ts";

/**
 * Error of a file that is damaged: truncated, altered, or none that skops writes.
 *
 * @param where Place in the file.
 * @param what What was expected and found.
 */
export function damaged(where: string, what: string): LaunchpadError {
  return new LaunchpadError("MODEL_FILE_INVALID", `${where}: ${what}. Write the file anew with skops.io.dump.`);
}

/**
 * Error of a file that needs something which this reader does not have.
 *
 * @param where Place in the file.
 * @param what Name of what it needs.
 */
export function unsupported(where: string, what: string): LaunchpadError {
  return new LaunchpadError("MODEL_FILE_UNSUPPORTED", `${where}: ${what}`);
}

/**
 * Error of a value that the model does not take.
 *
 * @param what Feature, row, and what was expected and found.
 */
export function unfit(what: string): LaunchpadError {
  return new LaunchpadError("ARGUMENTS_INVALID", what);
}

/**
 * Text of a value in a message.
 *
 * @param value Whatever was found.
 *
 * @returns At most 60 characters.
 */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
