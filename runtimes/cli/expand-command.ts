import { didYouMean, LaunchpadError } from "../../src/internal.ts";

/** The options before a command that take a value as the next argument; `-vc` is `-v -c`. */
const withValue = /^(-v*[cl]|--config|--log-config)$/;

/** A name in the tree of commands. */
export interface CommandName {
  readonly name: string;
  readonly alias?: string;
  /** Whether a beginning that other commands share is theirs. */
  readonly givesWay?: boolean;
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
  const names = commands.map(({ name }) => name);
  const exact = commands.find(({ name }) => name === given);
  const byAlias = commands.filter(({ alias }) => alias?.startsWith(given));
  const begun = commands.filter(({ name }) => name.startsWith(given));
  const first = begun.filter(({ givesWay }) => !givesWay);
  const byName = first.length > 0 ? first : begun;
  const matches = exact ? [exact] : byAlias.length > 0 ? byAlias : byName;
  const [match, other] = matches;
  if (match === undefined) throw new LaunchpadError("USAGE", `unknown command "${given}".${hint(given, names)}`);
  if (other !== undefined) {
    const candidates = matches.map(({ name }) => name).join(" or ");
    const shortest = matches.map(({ name }) => shortened(name, names)).join(" or ");
    throw new LaunchpadError("USAGE", `"${given}" is ambiguous: it may be ${candidates}. Write ${shortest}.`);
  }
  const expanded = args.map((arg, index) => (index === position ? match.name : arg));
  return match.commands ? expandCommand(expanded, match.commands, position + 1) : expanded;
}

/** The shortest beginning that no other name has. */
function shortened(name: string, names: readonly string[]): string {
  const others = names.filter((other) => other !== name);
  for (let length = 1; length < name.length; length += 1) {
    const beginning = name.slice(0, length);
    if (!others.some((other) => other.startsWith(beginning))) return beginning;
  }
  return name;
}

function commandPosition(args: readonly string[], from: number): number {
  for (let index = from; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    if (withValue.test(arg)) index += 1;
    else if (!arg.startsWith("-")) return index;
  }
  return args.length;
}

function hint(given: string, names: readonly string[]): string {
  return didYouMean(given, names) || ` Expected one of ${names.join(", ")}.`;
}
