import { LaunchpadError } from "../../errors.ts";

/** Creates the error about a quote that is not closed as it should be. */
export function notClosed(where: string): LaunchpadError {
  const advice = 'A quote within a quoted value is written twice ("")';
  return new LaunchpadError("DATA_INVALID", `${where}: a quote opens here that is not closed. ${advice}`);
}

/** Creates the error about a row that has more cells than there are columns. */
export function tooLong(where: string, width: number, found: number): LaunchpadError {
  const advice = "A cell that holds the separator must be in quotes";
  const message = `${width} cells expected, as many as there are columns, found ${found}. ${advice}`;
  return new LaunchpadError("DATA_INVALID", `${where}: ${message}`);
}

/** Creates the error about a row that does not end. */
export function endless(where: string): LaunchpadError {
  return new LaunchpadError(
    "DATA_INVALID",
    `${where}: the end of a row expected, found none in 64 MB. Is it a CSV file?`,
  );
}

/** Creates the error about bytes that are not UTF-8. */
export function notUtf8(where: string): LaunchpadError {
  const advice = "Save the file as UTF-8, or say what it is (options.encoding: latin1, utf-16le or another)";
  return new LaunchpadError("DATA_INVALID", `${where}: UTF-8 expected, found bytes that are not. ${advice}`);
}
