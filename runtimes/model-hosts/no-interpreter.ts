import { LaunchpadError } from "../../src/internal.ts";

/** Creates the error of a module in a language whose interpreter is not there. */
export function noInterpreter(title: string, tried: readonly string[], advice: string): LaunchpadError {
  return new LaunchpadError("HOST_FAILED", `[model] no ${title}: ${tried.join("; ")}. ${advice}`);
}
