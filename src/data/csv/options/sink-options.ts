import { expected, type OptionReader, readOptions } from "../../access/options.ts";
import { type TextEncoding, writtenEncoding } from "../encoding/encode.ts";
import { dialects } from "../options.ts";
import { character, decimalSign, flag, names, oneOf } from "./option-readers.ts";
import { ignoredSinkOptions, refusedSinkOptions } from "./pandas-options.ts";

/** How a CSV file is written: the options of `DataFrame.to_csv`. */
export interface CsvSinkOptions {
  readonly sep: string;
  readonly decimal: string;
  /** Whether the first line holds the names of the columns, or which names it holds instead. */
  readonly header: boolean | readonly string[];
  /** Which columns are written, in this order. */
  readonly columns?: readonly string[];
  /** Whether the number of each row is written before it. */
  readonly index: boolean;
  readonly index_label: string;
  /** How a missing value is written. */
  readonly na_rep: string;
  /** How a number of a float64 column is written. */
  readonly float_format?: (value: number) => string;
  /** How a date is written, as for Python's `strftime`. */
  readonly date_format?: string;
  readonly lineterminator: string;
  readonly quotechar: string;
  /** As in Python's `csv`: 0 where it must be, 1 all cells, 2 all that are no numbers, 3 none. */
  readonly quoting: 0 | 1 | 2 | 3;
  readonly doublequote: boolean;
  readonly escapechar?: string | undefined;
  readonly encoding?: TextEncoding;
  /** How the file is compressed; the same key of the entry says it, too. */
  readonly compression?: unknown;
  /** Whether to take the place of what is there, or to add to it. */
  readonly mode: "w" | "a";
}

const sign: OptionReader<string> = (value) => {
  const found = character(value);
  if (found === undefined || found === '"') throw expected('one character other than a quote (a tab is "\\t")');
  return found;
};

/** printf's form of one number, which pandas takes: `%.2f`. */
const floatFormat: OptionReader<(value: number) => string> = (value) => {
  const match = typeof value === "string" ? /^([^%]*)%(\+?)(?:\.(\d{1,2}))?([feEgG])([^%]*)$/.exec(value) : null;
  if (match === null) throw expected('a form such as "%.2f", "%.3e" or "%g"');
  const [, before = "", plus = "", digits, kind = "f", after = ""] = match;
  const precision = digits === undefined ? 6 : Number(digits);
  return (number) => {
    const text = printed(number, kind, precision);
    return `${before}${plus !== "" && number >= 0 ? "+" : ""}${text}${after}`;
  };
};

function printed(value: number, kind: string, precision: number): string {
  const exponent = (text: string) => text.replace(/e([+-])(\d)$/, "e$10$2");
  const upper = (text: string) => (kind === "E" || kind === "G" ? text.toUpperCase() : text);
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (kind === "f") return fixed(value, precision);
  if (kind === "e" || kind === "E") return upper(exponent(value.toExponential(precision)));
  const significant = precision === 0 ? 1 : precision;
  const [, power = "0"] = value.toExponential(significant - 1).split("e");
  const plain = value === 0 || (Number(power) >= -4 && Number(power) < significant);
  const text = plain
    ? fixed(value, Math.max(0, significant - 1 - Number(power)))
    : value.toExponential(significant - 1);
  const short = text.includes(".") ? text.replace(/\.?0+(?=e|$)/, "") : text;
  return upper(exponent(short));
}

/** `toFixed` gives up at 10^21, where there are no decimals any more. */
function fixed(value: number, precision: number): string {
  if (Math.abs(value) < 1e21) return Object.is(value, -0) ? `-${(0).toFixed(precision)}` : value.toFixed(precision);
  return `${BigInt(value)}${precision > 0 ? `.${"0".repeat(precision)}` : ""}`;
}

const text: OptionReader<string> = (value) => {
  if (typeof value === "string") return value;
  throw expected("a text");
};

const quoteRules = { minimal: 0, all: 1, nonnumeric: 2, none: 3 } as const;

/**
 * Creates the options of a CSV sink from its entry.
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
export function readCsvSinkOptions(
  where: string,
  type: string,
  given: unknown,
  onIgnored?: (name: string) => void,
): CsvSinkOptions {
  const { errors: _, ...options } = readOptions<Required<CsvSinkOptions> & { readonly errors: "strict" }>(
    where,
    given,
    {
      sep: sign,
      decimal: decimalSign,
      header: (value) =>
        value === null || value === 0 || typeof value === "boolean" ? value !== false && value !== null : names(value),
      columns: names,
      index: flag,
      index_label: text,
      na_rep: text,
      float_format: floatFormat,
      date_format: text,
      lineterminator: oneOf("\n", "\r\n", "\r"),
      quotechar: (value) => character(value) ?? '"',
      quoting(value) {
        if (typeof value === "string" && Object.hasOwn(quoteRules, value)) return quoteRules[value as "all"];
        return oneOf(0, 1, 2, 3)(value);
      },
      doublequote: flag,
      escapechar: character,
      encoding: writtenEncoding,
      compression: (value) => value,
      mode: oneOf("w", "a"),
      errors: oneOf("strict"),
    },
    { ignored: ignoredSinkOptions, refused: refusedSinkOptions, ...(onIgnored && { onIgnored }) },
  );
  return {
    sep: ",",
    decimal: ".",
    header: true,
    index: false,
    index_label: "",
    na_rep: "",
    lineterminator: "\n",
    quotechar: '"',
    quoting: 0,
    doublequote: true,
    mode: "w",
    ...dialects[type],
    ...options,
  };
}
