import { closestMatch } from "leven";

/** Nobody misspells a name so that it gets longer than this; whoever sends such a text gets no search for it. */
const maxCompared = 64;

/**
 * Finds the name that was probably meant.
 *
 * @param word What was written.
 * @param names What there is.
 *
 * @returns The nearest name, whether in capitals or not, at most two letters away, or one if there are only two;
 * undefined if none is near.
 */
export function closest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > maxCompared) return undefined;
  const lower = new Map(Array.from(names, (name) => [name.toLowerCase(), name]));
  const match = closestMatch(word.toLowerCase(), [...lower.keys()], { maxDistance: word.length > 2 ? 2 : 1 });
  return match === undefined ? undefined : lower.get(match);
}

/**
 * Creates the hint of a message about an unknown name.
 *
 * @param word What was written.
 * @param names What there is.
 *
 * @returns ` Did you mean ...?`, or nothing.
 */
export function didYouMean(word: unknown, names: Iterable<string>): string {
  const name = typeof word === "string" ? closest(word, names) : undefined;
  return name === undefined ? "" : ` Did you mean ${name}?`;
}

/**
 * Creates the message about an unknown name.
 *
 * @param what What it is the name of.
 * @param name What was written.
 * @param names What there is.
 *
 * @returns `unknown property. Did you mean ...?`, or `unknown property`.
 */
export function unknownName(what: string, name: string, names: Iterable<string>): string {
  const hint = didYouMean(name, names);
  return `unknown ${what}${hint && `.${hint}`}`;
}

/**
 * Finds the known key that an unknown one resembles too much to be the user's own.
 *
 * @param key The unknown key.
 * @param absent The known keys that are not there.
 *
 * @returns The known key. In a short word two different letters make another word, unless they are only swapped.
 */
export function misspelt(key: string, absent: Iterable<string>): string | undefined {
  const name = closest(key, absent);
  if (name === undefined || name.length > 5 || sorted(name) === sorted(key)) return name;
  return closestMatch(key, [name], { maxDistance: 1 });
}

function sorted(word: string): string {
  return Array.from(word).sort().join("");
}

/**
 * Creates an enumeration for a message.
 *
 * @param names What there is to choose from.
 * @param word `or`, or `and`.
 *
 * @returns `a, b or c`.
 */
export function enumerate(names: readonly string[], word = "or"): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}
