import { booleans, missingTokens } from "../../frame/infer.ts";
import type { CsvOptions } from "../options.ts";
import type { Dialect } from "../text/dialect.ts";

/**
 * Tells whether rows can be found in the bytes of a file: those that only have to be cut, by signs of one byte that tell where
 * a cell ends, and where a number does.
 *
 * @param options How the file is read.
 *
 * @returns Whether they can; else the general way reads all of them.
 */
export function isPlain(options: CsvOptions): boolean {
  const { sep, decimal, quotechar, quoting, skiprows } = options;
  if (sep === undefined || sep.charCodeAt(0) >= 0x80 || sep === decimal || /[\d.eE+-]/.test(sep)) return false;
  if (quotechar !== '"' || quoting === 3 || !options.doublequote || typeof skiprows !== "number") return false;
  if (options.escapechar !== undefined || options.comment !== undefined || options.skipinitialspace) return false;
  return options.skip_blank_lines && options.lineterminator === undefined && options.on_bad_lines === "error";
}

/**
 * Creates the way in which the general parser cuts a file.
 *
 * @param options How the file is read.
 * @param newline What ends its lines.
 *
 * @returns The dialect.
 */
export function dialectOf(options: CsvOptions, newline: string): Dialect {
  return {
    sep: options.sep,
    pattern: options.pattern,
    newline,
    quote: options.quoting === 3 ? undefined : options.quotechar,
    doubled: options.doublequote,
    escape: options.escapechar,
    comment: options.comment,
    skipSpace: options.skipinitialspace,
    skipBlank: options.skip_blank_lines,
    skipLines: typeof options.skiprows === "number" ? new Set() : options.skiprows,
  };
}

/**
 * Creates the set of texts that stand for a missing value in a column.
 *
 * @param options The options of the source.
 * @param name The column's name.
 *
 * @returns pandas' tokens and those of the options.
 */
export function missingIn(options: CsvOptions, name: string): ReadonlySet<string> {
  const { na_values, keep_default_na, na_filter } = options;
  if (!na_filter) return new Set();
  const usual = keep_default_na ? missingTokens : new Set<string>();
  const more = na_values instanceof Set ? na_values : ownOf(na_values as Record<string, ReadonlySet<string>>, name);
  return more === undefined || more.size === 0 ? usual : new Set([...usual, ...more]);
}

/**
 * Creates the texts of booleans.
 *
 * @param options The options of the source.
 *
 * @returns What each means.
 */
export function booleansIn({ true_values: yes, false_values: no }: CsvOptions): ReadonlyMap<string, boolean> {
  if (yes.size + no.size === 0) return booleans;
  const told = [...[...no].map((text) => [text, false] as const), ...[...yes].map((text) => [text, true] as const)];
  return new Map([...booleans, ...told]);
}

/**
 * Finds what a section by column says of one of them.
 *
 * @param section The section.
 * @param name The column.
 *
 * @returns Its value; undefined if there is none.
 */
function ownOf<T>(section: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(section, name) ? section[name] : undefined;
}
