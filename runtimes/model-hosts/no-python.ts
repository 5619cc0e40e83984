import { noInterpreter } from "./no-interpreter.ts";

export const pythonAdvice = "Install Python 3.10 or newer, or say where it is by model.python or LAUNCHPAD_PYTHON";

/**
 * Explains why a process of Python did not begin.
 *
 * @param command The command; empty where there is none.
 * @param tried What was found at each of the places where it was looked for.
 * @param how How the process ended.
 * @param output What it printed.
 *
 * @returns A message.
 */
export function noPython(command: string, tried: readonly string[], how: string, output: string): string {
  if (!how.startsWith("at once")) {
    return `[model] ${command} ended ${how} before it had begun. ${pythonAdvice}.${output && `\n${output}`}`;
  }
  const more = command === "" ? [] : [`${command} could not be started (${how.slice(9)})`];
  return noInterpreter("Python", [...tried, ...more], pythonAdvice).message;
}
