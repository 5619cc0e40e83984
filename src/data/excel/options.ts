import { byColumn, dtype } from "../access/dtype-option.ts";
import { expected, type OptionReader, readOptions } from "../access/options.ts";
import { count, flag, isCount, names, positions, tokens } from "../csv/options/option-readers.ts";
import type { OpenContext, ToldDType } from "../types.ts";

/** How a sheet is read: options of `pandas.read_excel`. */
export interface ExcelOptions {
  /** Its name, or its position from 0. */
  readonly sheet_name: string | number;
  /** The row of the names, from 0; undefined if there is none. */
  readonly header: number | undefined;
  readonly names?: readonly string[];
  /** Which columns to read, by name or position. */
  readonly usecols?: readonly (string | number)[] | undefined;
  /** Columns that are left out, as pandas makes them an index. */
  readonly index_col?: readonly (string | number)[] | undefined;
  readonly dtype: ToldDType | Readonly<Record<string, ToldDType>>;
  readonly na_values: ReadonlySet<string>;
  readonly keep_default_na: boolean;
  readonly skiprows: number;
  readonly nrows: number;
}

const sheet: OptionReader<string | number> = (value) => {
  if ((typeof value === "string" && value !== "") || isCount(value)) return value;
  throw expected("the name of a sheet, or its position from 0");
};

const header: OptionReader<number | undefined> = (value) => {
  if (value === true) return 0;
  if (value === false || value === null) return undefined;
  if (isCount(value)) return value;
  throw expected("true (the first row holds the names), false or null, or the number of a row from 0");
};

const oneOrMore: OptionReader<readonly (string | number)[] | undefined> = (value) => {
  if (value === null) return undefined;
  return typeof value === "string" || isCount(value) ? [value] : positions(value);
};

/** Options of `read_excel` that only say how pandas does its work. */
const ignored = ["engine", "engine_kwargs", "dtype_backend", "verbose"];

const refused = {
  converters: "Give the column `dtype: { name: str }`, and convert it in the model",
  storage_options: "Write `headers`, `endpoint` and the credentials beside `path`",
  parse_dates: "Cells with dates are dates; give a column of texts `dtype: { name: datetime }`",
} as const;

/**
 * Creates the options of a source.
 *
 * @param context What the source is opened with.
 *
 * @returns All options, defaults filled in.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readExcelOptions({ where, entry, host }: OpenContext): ExcelOptions {
  const log = host.log.child("data");
  const options = readOptions<Required<ExcelOptions>>(
    where,
    entry.options,
    {
      sheet_name: sheet,
      header,
      names,
      usecols: oneOrMore,
      index_col: oneOrMore,
      dtype: byColumn(dtype),
      na_values: tokens,
      keep_default_na: flag,
      skiprows: count,
      nrows: (value) => (value === null ? Number.POSITIVE_INFINITY : count(value)),
    },
    {
      ignored,
      refused,
      onIgnored: (name) => log.debug(`${where}: options.${name} only tunes pandas; it is ignored`),
    },
  );
  return {
    sheet_name: 0,
    header: "names" in options ? undefined : 0,
    dtype: {},
    na_values: new Set(),
    keep_default_na: true,
    skiprows: 0,
    nrows: Number.POSITIVE_INFINITY,
    ...options,
  };
}

/**
 * Creates the options of a sink.
 *
 * @param context What the sink is opened with.
 *
 * @returns The name of the sheet.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readExcelSinkOptions({ where, entry }: OpenContext): { readonly sheet_name: string } {
  const options = readOptions<{ readonly sheet_name: string; readonly index: false }>(where, entry.options, {
    sheet_name(value) {
      if (typeof value === "string" && /^[^[\]:*?/\\]{1,31}$/.test(value)) return value;
      throw expected("the name of a sheet, at most 31 characters without [ ] : * ? / \\,");
    },
    index(value) {
      if (value === false) return false;
      throw expected("false (no index is written)");
    },
  });
  return { sheet_name: options.sheet_name ?? "Sheet1" };
}
