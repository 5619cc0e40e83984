import { LaunchpadError } from "../../errors.ts";

/**
 * Names of columns as a caller gives them: `drop("a", "b")` or `drop(["a", "b"])`.
 *
 * @param method The method, for messages.
 * @param given What was given.
 *
 * @returns The names.
 *
 * @throws DATA_INVALID for what is no name.
 */
export function columnArguments(method: string, given: readonly unknown[]): readonly string[] {
  return given.flat().map((name) => {
    if (typeof name === "string") return name;
    throw new LaunchpadError(
      "DATA_INVALID",
      `frame.${method}: expected names of columns, such as ${method}("a", "b") or ${method}(["a", "b"]), found ${found(name)}.`,
    );
  });
}

function found(value: unknown): string {
  return value === null || typeof value !== "object" ? String(value) : "an object";
}
