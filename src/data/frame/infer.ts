import type { DType } from "../types.ts";
import { createColumn, type TypedColumn, textColumn } from "./column.ts";

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

/** The texts of booleans, and what they mean. */
export const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["True", "TRUE", "true"].map((text) => [text, true] as const),
  ...["False", "FALSE", "false"].map((text) => [text, false] as const),
]);

const numberText = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
/** The text of a whole number. */
export const integerText = /^\s*[+-]?\d+\s*$/;
const infinityText = /^\s*([+-]?)inf(?:inity)?\s*$/i;
/** Postal codes and article numbers look like this; as numbers they would lose their zeros. */
export const leadingZero = /^\s*[+-]?0\d+\s*$/;
const isoDate = /^\d{4}-\d{2}-\d{2}(?<time>[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/;

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
export const parsers: Readonly<
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

/** What a text means as a number; undefined if it is none. */
export function parseNumber(text: string, decimal: string): number | undefined {
  if (decimal !== ".") {
    if (text.includes(".")) return undefined;
    text = text.replace(decimal, ".");
  }
  if (numberText.test(text)) return Number(text);
  const infinity = infinityText.exec(text);
  if (infinity === null) return undefined;
  return infinity[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function inferText(cells: readonly string[], { missing }: CellFormat): TypedColumn {
  return textColumn(cells.map((text) => (missing.has(text) ? null : text)));
}
