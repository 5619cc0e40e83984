import type { Cell, DType, ToldDType } from "../types.ts";
import { createColumn, isMissing, type TypedColumn } from "./column.ts";
import { parseColumn } from "./infer.ts";

/**
 * Creates a column of a given dtype from cells of any: whole numbers become `int64`, 0 and 1 `bool`, and texts whatever
 * they say, in the forms of a CSV file; everything has a text.
 *
 * @param name The column's name.
 * @param cells The cells; null, undefined and NaN are missing.
 * @param dtype The dtype.
 * @param fail Called with the position and value of a cell that does not fit; throws.
 *
 * @returns The column.
 */
export function castColumn(
  name: string,
  cells: ArrayLike<Cell | undefined>,
  dtype: ToldDType,
  fail: (row: number, value: Cell) => never,
): TypedColumn {
  if (dtype === "Int64") return castNullable(name, cells, fail);
  const values: (Cell | undefined)[] = new Array(cells.length);
  /** Where there are texts to read. */
  const positions: number[] = [];
  const readTexts = () => {
    const texts = positions.map((row) => String(cells[row]));
    const format = { missing: new Set<string>(), decimal: "." };
    const { values: parsed } = parseColumn(texts, dtype, format, (at, text) => fail(positions[at] ?? 0, text));
    positions.forEach((row, at) => {
      values[row] = parsed[at];
    });
  };
  /** The first cell that does not fit is the one to speak of. */
  const failAt = (row: number, value: Cell): never => {
    readTexts();
    return fail(row, value);
  };
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (cell === null || cell === undefined || Number.isNaN(cell)) {
      values[row] = dtype === "int64" ? failAt(row, null) : null;
    } else if (typeof cell === "string" && dtype !== "str") positions.push(row);
    else values[row] = casts[dtype](cell) ?? failAt(row, cell);
  }
  if (positions.length > 0) readTexts();
  return createColumn(name, values, dtype);
}

/** Whole numbers of which some are missing are floats here, as far as those hold them. */
function castNullable(
  name: string,
  cells: ArrayLike<Cell | undefined>,
  fail: (row: number, value: Cell) => never,
): TypedColumn {
  const missing = Array.from(cells, isMissing);
  const whole = castColumn(
    name,
    Array.from(cells, (cell) => (isMissing(cell) ? 0 : cell)),
    "int64",
    fail,
  );
  if (!missing.includes(true)) return whole;
  const values = Float64Array.from(whole.values as ArrayLike<number | bigint>, Number);
  for (let row = 0; row < values.length; row++) {
    if (missing[row]) values[row] = Number.NaN;
    else if (!Number.isSafeInteger(values[row])) fail(row, whole.values[row] ?? null);
  }
  return { dtype: "float64", values };
}

type Given = Exclude<Cell, null>;

/** What a value that is no text is as another dtype; undefined if it is nothing. */
const casts: Readonly<Record<DType, (value: Given) => Cell | undefined>> = {
  float64(value) {
    if (typeof value === "number") return value;
    if (typeof value !== "bigint") return undefined;
    // Not one of its neighbours.
    return BigInt(Number(value)) === value ? Number(value) : undefined;
  },
  int64(value) {
    if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? value : undefined;
    return Number.isSafeInteger(value) ? value : undefined;
  },
  bool(value) {
    if (typeof value === "boolean") return value;
    return value === 0 || value === 1 || value === 0n || value === 1n ? Boolean(Number(value)) : undefined;
  },
  str: (value) => (value instanceof Date ? value.toISOString() : String(value)),
  datetime: (value) => (value instanceof Date ? value : undefined),
};
