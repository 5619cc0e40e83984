import { LaunchpadError } from "../../errors.ts";
import { optionHint, quote } from "./messages.ts";

/** What one option takes: returns the value that is kept, or throws what `expected` creates. */
export type OptionReader<T> = (value: unknown) => T;

/** An option's value that is not as expected; only `readOptions` sees it. */
export interface Expected {
  readonly expected: string;
}

/**
 * Creates the complaint of an option reader.
 *
 * @param expected What was expected, `a whole number`.
 *
 * @returns What to throw.
 */
export function expected(expected: string): Expected {
  return { expected };
}

/** What messages about each option of a section begin with. */
const places = new WeakMap<object, (option: string) => string>();

/**
 * Keeps where the options of a section stand: not all in one file, where there are overlays.
 *
 * @param section The `options` section of an entry, if there is one.
 * @param where Creates what a message about an option begins with.
 */
export function locateOptions(section: unknown, where: (option: string) => string): void {
  if (typeof section === "object" && section !== null) places.set(section, where);
}

/**
 * Creates the options of a section without some of them; where they stand is known as before.
 *
 * @param section The `options` section of an entry, if there is one.
 * @param names The options that somebody else has read.
 *
 * @returns The rest; what is no section stays as it is.
 */
export function withoutOptions(section: unknown, names: readonly string[]): unknown {
  if (typeof section !== "object" || section === null || Array.isArray(section)) return section;
  return relocated(section, Object.fromEntries(Object.entries(section).filter(([name]) => !names.includes(name))));
}

/**
 * Keeps where options stand that were made of others.
 *
 * @param section The `options` section of an entry.
 * @param made What was made of it, by the same names.
 *
 * @returns The same.
 */
export function relocated(section: object, made: Record<string, unknown>): Record<string, unknown> {
  const place = places.get(section);
  if (place) places.set(made, place);
  return made;
}

/** Options of other programs that users bring along. */
export interface OtherOptions {
  /** Those that change nothing here. */
  readonly ignored?: readonly string[];
  /** Those that are refused, and what to write instead. */
  readonly refused?: Readonly<Record<string, string>>;
  /** Is told of those that change nothing. */
  readonly onIgnored?: (name: string) => void;
}

/**
 * Creates typed options from the `options` section of an entry.
 *
 * @param where Where the entry stands, for messages.
 * @param given The section, if there is one.
 * @param readers What each option takes.
 * @param others Options that are known and not read.
 *
 * @returns The options that were given.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected; the message lists all of them.
 */
export function readOptions<T extends object>(
  where: string,
  given: unknown,
  readers: { readonly [K in keyof T]-?: OptionReader<T[K]> },
  { ignored = [], refused = {}, onIgnored }: OtherOptions = {},
): Partial<T> {
  if (given === undefined || given === null) return {};
  if (typeof given !== "object" || Array.isArray(given)) {
    throw new LaunchpadError("CONFIG_INVALID", `${where}: options: a section expected, found ${show(given)}`);
  }
  const problems: string[] = [];
  const placeOf = places.get(given) ?? (() => where);
  const options: Partial<T> = {};
  const known = Object.keys(readers);
  for (const [name, value] of Object.entries(given)) {
    if (ignored.includes(name)) {
      onIgnored?.(name);
      continue;
    }
    if (Object.hasOwn(refused, name)) {
      problems.push(`${placeOf(name)}: options.${name}: found ${show(value)}, which is not served. ${refused[name]}`);
      continue;
    }
    if (!Object.hasOwn(readers, name)) {
      problems.push(`${placeOf(name)}: options: unknown option ${quote(name)}; ${optionHint(name, known)}`);
      continue;
    }
    try {
      const key = name as keyof T;
      options[key] = readers[key](value);
    } catch (problem) {
      if (!isExpected(problem)) throw problem;
      problems.push(`${placeOf(name)}: options.${name}: ${problem.expected} expected, found ${show(value)}`);
    }
  }
  if (problems.length > 0) throw new LaunchpadError("CONFIG_INVALID", problems.join("\n"));
  return options;
}

function isExpected(problem: unknown): problem is Expected {
  return typeof problem === "object" && problem !== null && "expected" in problem && !(problem instanceof Error);
}

function show(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}
