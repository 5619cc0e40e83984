import { didYouMean, LaunchpadError } from "../../src/index.ts";

/** The options before a command that take a value as the next argument. */
const withValue = ["-c", "--config", "-l", "--log-config"];

/** A name in the tree of commands. */
export interface CommandName {
  readonly name: string;
  readonly commands?: readonly CommandName[];
}

/**
 * Replaces shortened commands by their whole names: `launchpad t` is `launchpad train`, `launchpad m sh` is `launchpad
 * models show`.
 *
 * @param args The command line.
 * @param commands The tree of commands.
 * @param from Where in the command line to begin.
 *
 * @returns The command line with the names of commands written out.
 *
 * @throws USAGE when no command begins so, or several do.
 */
export function expandCommand(args: readonly string[], commands: readonly CommandName[], from = 0): string[] {
  const position = commandPosition(args, from);
  const given = args[position];
  if (given === undefined) return [...args];
  const matches = commands.filter(({ name }) => name === given || name.startsWith(given));
  const match = matches.find(({ name }) => name === given) ?? matches[0];
  const names = commands.map(({ name }) => name);
  if (match === undefined) throw new LaunchpadError("USAGE", `unknown command "${given}".${hint(given, names)}`);
  if (match.name !== given && matches.length > 1) {
    const candidates = matches.map(({ name }) => name).join(" or ");
    throw new LaunchpadError("USAGE", `"${given}" is ambiguous: it may be ${candidates}. Write one more letter.`);
  }
  const expanded = args.map((arg, index) => (index === position ? match.name : arg));
  return match.commands ? expandCommand(expanded, match.commands, position + 1) : expanded;
}

function commandPosition(args: readonly string[], from: number): number {
  for (let index = from; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (withValue.includes(arg)) index += 1;
    else if (!arg.startsWith("-")) return index;
  }
  return args.length;
}

function hint(given: string, names: readonly string[]): string {
  return didYouMean(given, names) || ` Expected one of ${names.join(", ")}.`;
}
