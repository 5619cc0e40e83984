import type { DType } from "../types.ts";
import { createColumn, type TypedColumn, textColumn } from "./column.ts";
import { parseIsoDate } from "./iso-date.ts";

/** How the texts of cells are read. */
export interface CellFormat {
  /** The texts that stand for a missing value. */
  readonly missing: ReadonlySet<string>;
  /** The decimal sign. */
  readonly decimal: string;
}

/** What pandas 3 takes for missing: https://pandas.pydata.org/pandas-docs/version/3.0/reference/api/pandas.read_csv.html */
export const missingTokens: ReadonlySet<string> = new Set(
  "|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null".split("|"),
);

/** The texts of booleans, and what they mean. */
export const booleans: ReadonlyMap<string, boolean> = new Map([
  ...inAnyCase("true").map((text) => [text, true] as const),
  ...inAnyCase("false").map((text) => [text, false] as const),
]);

/** As in pandas, `tRUE` is true. */
function inAnyCase(word: string): string[] {
  return [...word].reduce(
    (begun: string[], letter) => {
      return begun.flatMap((text) => [text + letter, text + letter.toUpperCase()]);
    },
    [""],
  );
}

const numberText = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
/** The text of a whole number. */
export const integerText = /^\s*[+-]?\d+\s*$/;
const infinityText = /^\s*([+-]?)inf(?:inity)?\s*$/i;
/** Postal codes and article numbers look like this; as numbers they would lose their zeros. */
export const leadingZero = /^\s*[+-]?0\d+\s*$/;

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
  datetime: (text) => parseIsoDate(text.trim()),
};

/**
 * Finds what a text means by itself, as the columns of a CSV file are read.
 *
 * @param text The text.
 * @param kind What is looked for.
 *
 * @returns The number, whole ones beyond the safe ones as they are, or the boolean; undefined if it is none.
 */
export function textMeaning(text: string, kind: "number" | "bool"): number | bigint | boolean | undefined {
  if (kind === "bool") return booleans.get(text);
  const number = parseNumber(text, ".");
  if (number === undefined || Number.isSafeInteger(number) || !integerText.test(text)) return number;
  return BigInt(text.trim().replace("+", ""));
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
