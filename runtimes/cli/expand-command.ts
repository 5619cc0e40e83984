import leven from "leven";
import { LaunchpadError } from "../../src/index.ts";

/** The options before a command that take a value as the next argument. */
const withValue = ["-c", "--config", "-l", "--log-config"];

/**
 * Replaces a shortened command by its whole name: `launchpad t` is `launchpad train`.
 *
 * @param args The command line.
 * @param names The names of all commands.
 *
 * @returns The command line with the name of the command written out.
 *
 * @throws USAGE when no command begins so, or several do.
 */
export function expandCommand(args: readonly string[], names: readonly string[]): string[] {
  const position = commandPosition(args);
  const given = args[position];
  if (given === undefined || names.includes(given)) return [...args];
  const matches = names.filter((name) => name.startsWith(given));
  const [match] = matches;
  if (match === undefined) throw new LaunchpadError("USAGE", `unknown command "${given}". ${hint(given, names)}`);
  if (matches.length > 1) {
    throw new LaunchpadError(
      "USAGE",
      `"${given}" is ambiguous: it may be ${matches.join(" or ")}. Write one more letter.`,
    );
  }
  return args.with(position, match);
}

function commandPosition(args: readonly string[]): number {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (withValue.includes(arg)) index += 1;
    else if (!arg.startsWith("-")) return index;
  }
  return args.length;
}

function hint(given: string, names: readonly string[]): string {
  const close = names.find((name) => leven(name, given) <= 2);
  return close ? `Did you mean ${close}?` : `Expected one of ${names.join(", ")}.`;
}
