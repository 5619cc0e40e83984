import { closest } from "../../util/suggest.ts";

/**
 * Creates the end of a message about a name that is not known: the names there are, and the one that was meant.
 *
 * @param name The name that was given.
 * @param known The names there are.
 *
 * @returns A sentence to append, such as `did you mean "width"? There are "length", "width"`.
 */
export function optionHint(name: string, known: readonly string[]): string {
  const list = known.length === 0 ? "there are none" : `there are ${known.map(quote).join(", ")}`;
  const meant = didYouMean(name, known);
  return meant === "" ? list : `${meant} ${list}`;
}

/**
 * Creates the question whether a similar name was meant.
 *
 * @param name The name that was given.
 * @param known The names there are.
 *
 * @returns `did you mean "width"?`, or nothing if no name is similar.
 */
export function didYouMean(name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  return meant === undefined ? "" : `did you mean ${quote(meant)}?`;
}

/**
 * Creates a text in double quotes, for messages.
 *
 * @param value Any text; a long one is cut.
 *
 * @returns The text as JSON writes it.
 */
export function quote(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
}
