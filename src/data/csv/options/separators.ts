import { expected, type OptionReader } from "../../access/options.ts";

/** What stands between cells. */
export interface Separator {
  /** One character; undefined where it is none: white space, or what the first line tells. */
  readonly sep: string | undefined;
  /** A regular expression between cells. */
  readonly pattern?: RegExp | undefined;
  /** Whether the first line tells. */
  readonly sniff?: boolean;
}

/** Takes what pandas takes: one character, a regular expression, or null to look at the first line. */
export const separator: OptionReader<Separator> = (value) => {
  if (value === null) return { sep: undefined, sniff: true };
  if (typeof value !== "string" || value === "" || /["\r\n\uFEFF]/.test(value)) {
    throw expected('one character other than a quote (a tab is "\\t" in double quotes), a regular expression, or null');
  }
  if ([...value].length === 1) return { sep: value };
  if (value === "\\t") return { sep: "\t" };
  if (value === "\\s+") return { sep: undefined };
  try {
    return { sep: undefined, pattern: new RegExp(value, "u") };
  } catch {
    throw expected("one character, or a regular expression");
  }
};

/** What separates cells in most files, in the order in which Python prefers them. */
const usual = [",", "\t", ";", " ", ":", "|"];

/**
 * Finds the separator that a line has most often, outside of quotes.
 *
 * @param line The line.
 *
 * @returns One character; undefined if there is none of the usual ones.
 */
export function sniffSeparator(line: string): string | undefined {
  const plain = line.replaceAll(/"[^"]*"/g, "");
  const counts = usual.map((sep) => plain.split(sep).length - 1);
  // A blank is often part of a name.
  const [certain] = usual.filter((sep, at) => sep !== " " && (counts[at] ?? 0) > 0 && counts[at] === most(counts));
  return certain ?? usual[counts.findIndex((found) => found > 0 && found === Math.max(...counts))];
}

function most(counts: readonly number[]): number {
  return Math.max(...counts.filter((_, at) => usual[at] !== " "));
}
