import { createColumn, type TypedColumn, textColumn } from "./column.ts";
import type { DType } from "./types.ts";

/** How the texts of cells are read. */
export interface CellFormat {
  /** The texts that stand for a missing value. */
  readonly missing: ReadonlySet<string>;
  /** The decimal sign. */
  readonly decimal: string;
}

/** What pandas 1.5.3 takes for missing: https://pandas.pydata.org/pandas-docs/version/1.5/reference/api/pandas.read_csv.html */
export const missingTokens: ReadonlySet<string> = new Set(
  "|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|n/a|nan|null".split("|"),
);

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["True", "TRUE", "true"].map((text) => [text, true] as const),
  ...["False", "FALSE", "false"].map((text) => [text, false] as const),
]);

const numberText = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const integerText = /^\s*[+-]?\d+\s*$/;
const infinityText = /^\s*([+-]?)inf(?:inity)?\s*$/i;
/** Postal codes and article numbers look like this; as numbers they would lose their zeros. */
const leadingZero = /^\s*[+-]?0\d+\s*$/;
const isoDate = /^\d{4}-\d{2}-\d{2}(?<time>[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Creates a column from the texts of its cells, of the narrowest dtype that takes them all, as pandas chooses it.
 * Integers that no number holds exactly become bigints; where those cannot be either (there are missing values, or
 * one has more than 64 bits), they stay text.
 *
 * @param cells The texts.
 * @param format How they are read.
 *
 * @returns The column: `str` if there are no cells, `float64` if all of them are missing.
 */
export function inferColumn(cells: readonly string[], format: CellFormat): TypedColumn {
  if (cells.length === 0) return textColumn([]);
  return inferNumbers(cells, format) ?? inferBooleans(cells, format) ?? inferText(cells, format);
}

/**
 * Creates a column of a given dtype from the texts of its cells.
 *
 * @param cells The texts.
 * @param dtype The dtype.
 * @param format How they are read.
 * @param fail Called with the position and text of a cell that does not fit; throws.
 *
 * @returns The column.
 */
export function parseColumn(
  cells: readonly string[],
  dtype: DType,
  format: CellFormat,
  fail: (row: number, text: string) => never,
): TypedColumn {
  if (dtype === "str") return inferText(cells, format);
  const values = cells.map((text, row) => {
    if (format.missing.has(text)) return dtype === "int64" ? fail(row, text) : null;
    return parsers[dtype](text, format) ?? fail(row, text);
  });
  return createColumn("", values, dtype);
}

/** What a cell of a given dtype means; undefined if it is none. */
const parsers: Readonly<
  Record<Exclude<DType, "str">, (text: string, format: CellFormat) => number | bigint | boolean | Date | undefined>
> = {
  float64: (text, { decimal }) => parseNumber(text, decimal),
  int64(text) {
    if (!integerText.test(text)) return undefined;
    const integer = BigInt(text.replace("+", ""));
    return BigInt.asIntN(64, integer) === integer ? integer : undefined;
  },
  bool: (text) => booleans.get(text),
  datetime: (text) => parseDate(text),
};

/** ISO 8601; a time without a zone is UTC, so that a table means the same on every machine. */
function parseDate(text: string): Date | undefined {
  const match = isoDate.exec(text.trim());
  if (match === null) return undefined;
  const { time, zone } = match.groups ?? {};
  const iso = match[0].replace(" ", "T") + (time !== undefined && zone === undefined ? "Z" : "");
  const date = new Date(iso);
  // Date takes 30 February for 2 March.
  const days = new Date(`${match[0].slice(0, 10)}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && days.toISOString().startsWith(match[0].slice(0, 10));
  return real ? date : undefined;
}

function parseNumber(text: string, decimal: string): number | undefined {
  if (decimal !== ".") {
    if (text.includes(".")) return undefined;
    text = text.replace(decimal, ".");
  }
  if (numberText.test(text)) return Number(text);
  const infinity = infinityText.exec(text);
  if (infinity === null) return undefined;
  return infinity[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function inferNumbers(cells: readonly string[], { missing, decimal }: CellFormat): TypedColumn | undefined {
  const values = new Float64Array(cells.length);
  let [gaps, whole, exact] = [false, true, true];
  for (let i = 0; i < cells.length; i++) {
    const text = cells[i] ?? "";
    if (missing.has(text)) {
      values[i] = Number.NaN;
      gaps = true;
      continue;
    }
    const value = parseNumber(text, decimal);
    if (value === undefined || leadingZero.test(text)) return undefined;
    values[i] = value;
    if (!whole) continue;
    if (!integerText.test(text)) whole = false;
    else if (!Number.isSafeInteger(value)) exact = false;
  }
  if (!whole || (gaps && exact)) return { dtype: "float64", values };
  // An integer has no negative zero.
  if (exact) return { dtype: "int64", values: values.map((value) => value + 0) };
  return gaps ? undefined : inferBigInts(cells);
}

function inferBigInts(cells: readonly string[]): TypedColumn | undefined {
  const values = new BigInt64Array(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const integer = BigInt((cells[i] ?? "").replace("+", ""));
    if (BigInt.asIntN(64, integer) !== integer) return undefined;
    values[i] = integer;
  }
  return { dtype: "int64", values };
}

function inferBooleans(cells: readonly string[], { missing }: CellFormat): TypedColumn | undefined {
  const values: (boolean | null)[] = [];
  for (const text of cells) {
    const value = missing.has(text) ? null : booleans.get(text);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { dtype: "bool", values: Object.freeze(values) };
}

function inferText(cells: readonly string[], { missing }: CellFormat): TypedColumn {
  return textColumn(cells.map((text) => (missing.has(text) ? null : text)));
}
