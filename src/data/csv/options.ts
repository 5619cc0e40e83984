import { byColumn, dtype } from "../access/dtype-option.ts";
import { optionHint, quote } from "../access/messages.ts";
import { expected, type OptionReader, readOptions } from "../access/options.ts";
import { missingTokens } from "../frame/infer.ts";
import type { DType } from "../types.ts";

/** How a CSV file is read. */
export interface CsvOptions {
  /** The character between cells. */
  readonly sep: string;
  readonly decimal: string;
  /** Whether the first row holds the names of the columns. */
  readonly header: boolean;
  /** The names of the columns, instead of those in the file. */
  readonly names?: readonly string[];
  /** Which columns to read, by name or position. */
  readonly usecols?: readonly (string | number)[];
  /** The dtype of all columns, or of some by name. */
  readonly dtype: DType | Readonly<Record<string, DType>>;
  /** More texts that stand for a missing value, in all columns, or in some by name. */
  readonly na_values: ReadonlySet<string> | Readonly<Record<string, ReadonlySet<string>>>;
  /** How many lines to pass over at the start of the file. */
  readonly skiprows: number;
  /** How many rows to read at most. */
  readonly nrows: number;
  /** How characters are written: a label of the Encoding Standard. */
  readonly encoding: string;
}

/** How a CSV file is written. */
export type CsvSinkOptions = Pick<CsvOptions, "sep" | "decimal" | "header">;

/** What `type` changes. */
export const dialects: Readonly<Record<string, Pick<CsvOptions, "sep" | "decimal">>> = {
  csv: { sep: ",", decimal: "." },
  euro_csv: { sep: ";", decimal: "," },
};

const separator: OptionReader<string> = (value) => {
  if (typeof value === "string" && [...value].length === 1 && !/["\r\n\uFEFF]/.test(value)) return value;
  throw expected('one character other than a quote (a tab is "\\t" in double quotes)');
};

const decimalSign: OptionReader<string> = (value) => {
  if (value === "." || value === ",") return value;
  throw expected('"." or ","');
};

const names: OptionReader<readonly string[]> = (value) => {
  if (!Array.isArray(value) || value.length === 0) throw expected("a list of names");
  const texts = value.map((name) => (typeof name === "number" ? String(name) : name));
  if (texts.some((name) => typeof name !== "string")) throw expected("a list of names");
  if (new Set(texts).size < texts.length) throw expected("a list of different names");
  return texts;
};

const positions: OptionReader<readonly (string | number)[]> = (value) => {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string" || isCount(item))) {
    return value;
  }
  throw expected("a list of names, or of positions from 0");
};

const count: OptionReader<number> = (value) => {
  if (isCount(value)) return value;
  throw expected("a whole number from 0");
};

const tokens: OptionReader<ReadonlySet<string>> = (value) => {
  const list = Array.isArray(value) ? value : [value];
  if (list.some((item) => typeof item !== "string" && typeof item !== "number")) {
    throw expected("a text, a list of texts, or a section of these by column");
  }
  return new Set(list.map(String));
};

/** Common encodings by the names that people give them; there are many more: https://encoding.spec.whatwg.org/#names-and-labels */
const encodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "latin1",
  "windows-1252",
  "iso-8859-15",
  "macintosh",
  "shift_jis",
  "gbk",
];

const encoding: OptionReader<string> = (value) => {
  if (typeof value === "string") {
    try {
      return new TextDecoder(value).encoding;
    } catch {
      throw expected(`an encoding (${optionHint(value.toLowerCase(), encodings)})`);
    }
  }
  throw expected(`an encoding, ${encodings.map(quote).join(", ")} or another of the Encoding Standard,`);
};

/** pandas' ways to say it: 0 is the first row, null (`None`) is none. */
const header: OptionReader<boolean> = (value) => {
  if (value === true || value === 0 || value === "infer") return true;
  if (value === false || value === null) return false;
  throw expected("true (the first row holds the names), false or null");
};

/**
 * Creates the options of a CSV source from its entry.
 *
 * @param where Where the entry stands, for messages.
 * @param type `csv` or `euro_csv`.
 * @param given The `options` section.
 *
 * @returns All options, defaults filled in.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readCsvOptions(where: string, type: string, given: unknown): CsvOptions {
  const options = readOptions<Required<CsvOptions>>(where, given, {
    sep: separator,
    decimal: decimalSign,
    header,
    names,
    usecols: positions,
    dtype: byColumn(dtype),
    na_values: byColumn(tokens),
    skiprows: count,
    nrows: count,
    encoding,
  });
  return {
    sep: ",",
    decimal: ".",
    ...dialects[type],
    // As in pandas: whoever gives names says that the file has none.
    header: options.names === undefined,
    dtype: {},
    na_values: new Set<string>(),
    skiprows: 0,
    nrows: Number.POSITIVE_INFINITY,
    encoding: "utf-8",
    ...options,
  };
}

/**
 * Creates the options of a CSV sink from its entry.
 *
 * @param where Where the entry stands, for messages.
 * @param type `csv` or `euro_csv`.
 * @param given The `options` section.
 *
 * @returns All options, defaults filled in.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readCsvSinkOptions(where: string, type: string, given: unknown): CsvSinkOptions {
  const options = readOptions<CsvSinkOptions>(where, given, { sep: separator, decimal: decimalSign, header });
  return { sep: ",", decimal: ".", header: true, ...dialects[type], ...options };
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
  const { na_values } = options;
  const more = na_values instanceof Set ? na_values : ownOf(na_values as Record<string, ReadonlySet<string>>, name);
  return more === undefined || more.size === 0 ? missingTokens : new Set([...missingTokens, ...more]);
}

/**
 * Creates the dtype that the options give a column, if they do.
 *
 * @param options The options of the source.
 * @param name The column's name.
 *
 * @returns The dtype, or undefined if it is to be inferred.
 */
export function dtypeOf(options: CsvOptions, name: string): DType | undefined {
  return typeof options.dtype === "string" ? options.dtype : ownOf(options.dtype, name);
}

function ownOf<T>(section: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(section, name) ? section[name] : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
