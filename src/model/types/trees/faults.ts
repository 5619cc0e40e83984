import { LaunchpadError } from "../../../errors.ts";

/** Fault of a model file: throws the error that names the place in the file, what belongs there and what stands there. */
export type Fault = (place: string, expected: string, found: string) => never;

/**
 * Creates the fault of a damaged file.
 *
 * @param where Name of the file, with which messages begin.
 *
 * @returns A function that throws MODEL_FILE_INVALID.
 */
export function damaged(where: string): Fault {
  return (place, expected, found) => {
    throw new LaunchpadError(
      "MODEL_FILE_INVALID",
      `${where}: ${place}: expected ${expected}, found ${found}. The file is damaged or was altered: export the model again.`,
    );
  };
}

/**
 * Creates the error for what a file needs and its reader has not.
 *
 * @param where Name of the file.
 * @param place Place in the file.
 * @param expected What the reader knows.
 * @param found What the file needs, by the library's name.
 * @param advice What to do.
 *
 * @returns An error with the code MODEL_FILE_UNSUPPORTED.
 */
export function unsupported(
  where: string,
  place: string,
  expected: string,
  found: string,
  advice: string,
): LaunchpadError {
  return new LaunchpadError(
    "MODEL_FILE_UNSUPPORTED",
    `${where}: ${place}: expected ${expected}, found ${found}. ${advice}`,
  );
}

/**
 * Describes a value in a message.
 *
 * @param value Whatever was found.
 *
 * @returns A few words: a short value itself, of a long one its kind and size.
 */
export function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string")
    return value.length > 60 ? `a text of ${value.length} characters` : JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if ("length" in value) return `a list of ${String(value.length)}`;
  return "an object";
}
