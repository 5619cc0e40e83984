import { byColumn, dtype } from "../access/dtype-option.ts";
import { expected, type OptionReader, readOptions } from "../access/options.ts";
import { unknownDirective } from "../frame/read-dates.ts";
import type { ToldDType } from "../types.ts";
import { encoding } from "./encoding/encodings.ts";
import {
  character,
  count,
  decimalSign,
  flag,
  isCount,
  maxColumns,
  names,
  oneOf,
  positions,
  tokens,
} from "./options/option-readers.ts";
import { ignoredOptions, refusedOptions } from "./options/pandas-options.ts";
import { type Separator, separator } from "./options/separators.ts";

/** One value for all columns, or one for some of them by name. */
type ByColumn<T> = T | Readonly<Record<string, T>>;

/** How a CSV file is read: the options of `pandas.read_csv`. */
export interface CsvOptions extends Separator {
  readonly decimal: string;
  /** The rows that hold the names of the columns, counted from 0; false if none does. */
  readonly header: false | readonly number[];
  /** The names of the columns, instead of those in the file. */
  readonly names?: readonly string[];
  /** Columns that are left out, as pandas makes them an index; false: cells for which there is no name are left out. */
  readonly index_col?: false | readonly (string | number)[] | undefined;
  /** Which columns to read, by name or position. */
  readonly usecols?: readonly (string | number)[];
  /** The dtype of all columns, or of some by name or position. */
  readonly dtype: ByColumn<ToldDType>;
  /** Columns that are text where they are there, and nothing else says what they are. Not an option of users. */
  readonly texts?: readonly string[];
  /** More texts that stand for a missing value, in all columns, or in some by name. */
  readonly na_values: ByColumn<ReadonlySet<string>>;
  /** Whether the usual texts stand for a missing value, too. */
  readonly keep_default_na: boolean;
  /** Whether any text stands for a missing value. */
  readonly na_filter: boolean;
  /** More texts that are true, and false. */
  readonly true_values: ReadonlySet<string>;
  readonly false_values: ReadonlySet<string>;
  /** Columns that hold dates in any of the usual forms. */
  readonly parse_dates: readonly (string | number)[];
  /** How dates are written, as for Python's `strptime`; in all columns, or in some by name. */
  readonly date_format?: ByColumn<string>;
  /** Whether the day is before the month. */
  readonly dayfirst: boolean;
  /** What stands between thousands. */
  readonly thousands?: string | undefined;
  /** How many lines to pass over at the start of the file, or which ones. */
  readonly skiprows: number | ReadonlySet<number>;
  /** How many lines to pass over at the end. */
  readonly skipfooter: number;
  /** How many rows to read at most. */
  readonly nrows: number;
  /** How many columns a file may have. */
  readonly max_columns: number;
  readonly skip_blank_lines: boolean;
  readonly skipinitialspace: boolean;
  readonly quotechar: string | undefined;
  /** As in Python's `csv`: 3 means that quotes are data. */
  readonly quoting: 0 | 1 | 3;
  readonly doublequote: boolean;
  readonly escapechar?: string | undefined;
  readonly comment?: string | undefined;
  /** What ends a line, where that is none of the usual line ends. */
  readonly lineterminator?: string | undefined;
  /** What happens to rows with too many cells. */
  readonly on_bad_lines: "error" | "warn" | "skip";
  /** How characters are written. */
  readonly encoding: string;
  readonly encoding_errors: "strict" | "replace";
  /** How the file is compressed; the same key of the entry says it, too. */
  readonly compression?: unknown;
}

/** What `type` changes. */
export const dialects: Readonly<Record<string, Pick<CsvOptions, "decimal"> & { readonly sep: string }>> = {
  csv: { sep: ",", decimal: "." },
  euro_csv: { sep: ";", decimal: "," },
};

/** pandas' ways to say it: 0 is the first row, null (`None`) is none. */
const header: OptionReader<CsvOptions["header"]> = (value) => {
  if (value === true || value === "infer") return [0];
  if (value === false || value === null) return false;
  if (isCount(value)) return [value];
  const list = Array.isArray(value) && value.length > 0 && value.every(isCount) ? (value as number[]) : undefined;
  if (list?.every((row, at) => at === 0 || row > (list[at - 1] ?? 0))) return list;
  throw expected("true (the first row holds the names), false or null, the number of a row from 0, or a list of such,");
};

const indexColumns: OptionReader<CsvOptions["index_col"]> = (value) => {
  if (value === null) return undefined;
  if (value === false) return false;
  return typeof value === "string" || isCount(value) ? [value] : positions(value);
};

const skippedLines: OptionReader<CsvOptions["skiprows"]> = (value) => {
  if (isCount(value)) return value;
  if (Array.isArray(value) && value.every(isCount)) return new Set(value);
  throw expected("a whole number from 0, or a list of the numbers of lines from 0");
};

const dateColumns: OptionReader<CsvOptions["parse_dates"]> = (value) => {
  // Of an index, which no frame has.
  if (typeof value === "boolean" || value === null) return [];
  return typeof value === "string" || isCount(value) ? [value] : positions(value);
};

const quoteRules = { minimal: 0, all: 1, none: 3 } as const;

const quoting: OptionReader<CsvOptions["quoting"]> = (value) => {
  const found = typeof value === "string" && Object.hasOwn(quoteRules, value) ? quoteRules[value as "all"] : value;
  if (found === 0 || found === 1 || found === 3) return found;
  throw expected("0 or 1 (quotes around cells), or 3 (quotes are data),");
};

const oneFormat: OptionReader<string> = (value) => {
  const wrong = typeof value === "string" ? unknownDirective(value) : undefined;
  if (typeof value === "string" && wrong === undefined) return value;
  if (wrong !== undefined) throw expected(`a form of dates that Python's strptime knows, without ${wrong},`);
  throw expected('a form of dates such as "%d.%m.%Y", or a section of these by column,');
};

type Given = Omit<Required<Omit<CsvOptions, "texts">>, "pattern" | "sniff" | "sep"> & {
  readonly sep: Separator;
  readonly delimiter: Separator;
  readonly delim_whitespace: boolean;
};

/**
 * Creates the options of a CSV source from its entry.
 *
 * @param where Where the entry stands, for messages.
 * @param type `csv` or `euro_csv`.
 * @param given The `options` section.
 * @param onIgnored Is told of options that only tune pandas.
 *
 * @returns All options, defaults filled in.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readCsvOptions(
  where: string,
  type: string,
  given: unknown,
  onIgnored?: (name: string) => void,
): CsvOptions {
  const { sep, delimiter, delim_whitespace, ...options } = readOptions<Given>(
    where,
    given,
    {
      sep: separator,
      delimiter: separator,
      delim_whitespace: flag,
      decimal: decimalSign,
      header,
      names,
      index_col: indexColumns,
      usecols: positions,
      dtype: byColumn(dtype),
      na_values: byColumn(tokens),
      keep_default_na: flag,
      na_filter: flag,
      true_values: tokens,
      false_values: tokens,
      parse_dates: dateColumns,
      date_format: byColumn(oneFormat),
      dayfirst: flag,
      thousands: character,
      skiprows: skippedLines,
      skipfooter: count,
      nrows: (value) => (value === null ? Number.POSITIVE_INFINITY : count(value)),
      max_columns: count,
      skip_blank_lines: flag,
      skipinitialspace: flag,
      quotechar: character,
      quoting,
      doublequote: flag,
      escapechar: character,
      comment: character,
      lineterminator(value) {
        if (value === "\n" || value === "\r") return value;
        return character(value);
      },
      on_bad_lines: oneOf("error", "warn", "skip"),
      encoding,
      encoding_errors: oneOf("strict", "replace"),
      compression: (value) => value,
    },
    { ignored: ignoredOptions, refused: refusedOptions, ...(onIgnored && { onIgnored }) },
  );
  return {
    sep: ",",
    decimal: ".",
    ...dialects[type],
    // As in pandas: whoever gives names says that the file has none.
    header: options.names === undefined ? [0] : false,
    dtype: {},
    na_values: new Set<string>(),
    keep_default_na: true,
    na_filter: true,
    true_values: new Set<string>(),
    false_values: new Set<string>(),
    parse_dates: [],
    dayfirst: false,
    skiprows: 0,
    skipfooter: 0,
    nrows: Number.POSITIVE_INFINITY,
    max_columns: maxColumns,
    skip_blank_lines: true,
    skipinitialspace: false,
    quotechar: '"',
    quoting: 0,
    doublequote: true,
    on_bad_lines: "error",
    encoding: "utf-8",
    encoding_errors: "strict",
    ...(delim_whitespace === true ? { sep: undefined } : (delimiter ?? sep)),
    ...options,
  };
}
