import type { FeatureColumn, FeatureValue } from "../../file-model.ts";
import { shown, unfit } from "../file/failures.ts";

/** Numbers of rows, one row after the other. */
export interface Matrix {
  readonly rows: number;
  readonly width: number;
  readonly data: Float64Array;
  /** What holds them, for messages: names of features, or the step that made them. */
  readonly names: readonly string[] | string;
}

/** Columns of any kind. */
export interface Table {
  readonly rows: number;
  readonly width: number;
  readonly columns: readonly FeatureColumn[];
  readonly names: readonly string[] | string;
}

/** Rows on their way through a pipeline. */
export type Data = Matrix | Table;

/** Which numbers an estimator takes; the others it refuses. */
export type Range = "finite" | "missing" | "any";

const maxFloat32 = 3.4028234663852886e38;

/** Name of a column, for messages. */
export const nameOf = ({ names }: Data, column: number): string =>
  typeof names === "string" ? `value ${column + 1} of ${names}` : JSON.stringify(names[column] ?? `x${column}`);

/**
 * Makes a matrix of rows.
 *
 * @param data Rows.
 * @param range Which numbers are taken: finite ones, those and NaN, or any.
 * @param single Whether numbers beyond float32 are refused, too, as estimators do that compute in float32.
 *
 * @returns The rows as numbers.
 *
 * @throws ARGUMENTS_INVALID that names feature, row and value.
 */
export function matrixOf(data: Data, range: Range, single = false): Matrix {
  const matrix = "data" in data ? data : numeric(data);
  if (range === "any") return matrix;
  const { data: values, width } = matrix;
  const limit = single ? maxFloat32 : Number.MAX_VALUE;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    if (Math.abs(value) <= limit) continue;
    if (range === "missing" && Number.isNaN(value)) continue;
    if (single && Number.isFinite(Math.fround(value))) continue;
    const expected = single ? "a finite number within float32" : "a finite number";
    throw invalid(
      matrix,
      at % width,
      Math.floor(at / width),
      range === "missing" ? `${expected} or none` : expected,
      value,
    );
  }
  return matrix;
}

/**
 * Error of a value that a step does not take.
 *
 * @param data Rows that it is in.
 * @param column Its column.
 * @param row Its row.
 * @param expected What would be taken.
 * @param value What was found.
 */
export function invalid(data: Data, column: number, row: number, expected: string, value: unknown): Error {
  const found = value === null || Number.isNaN(value) ? "a missing value" : shown(value);
  return unfit(`${nameOf(data, column)}, row ${row + 1}: expected ${expected}, found ${found}`);
}

/**
 * Value of a column as a category: null where it is missing.
 *
 * @param data Rows.
 * @param column Column.
 * @param row Row.
 */
export function valueAt(data: Data, column: number, row: number): FeatureValue {
  const value = "data" in data ? data.data[row * data.width + column] : data.columns[column]?.[row];
  return value === undefined || value === null || Number.isNaN(value) ? null : value;
}

function numeric(table: Table): Matrix {
  const { rows, width, columns, names } = table;
  const data = new Float64Array(rows * width);
  for (let column = 0; column < width; column++) {
    const values = columns[column] ?? [];
    if (values instanceof Float64Array) {
      for (let row = 0, at = column; row < rows; row++, at += width) data[at] = values[row] ?? Number.NaN;
      continue;
    }
    for (let row = 0, at = column; row < rows; row++, at += width) {
      const value = values[row] ?? Number.NaN;
      if (typeof value === "string") throw invalid(table, column, row, "a number", value);
      data[at] = Number(value);
    }
  }
  return { rows, width, data, names };
}

/**
 * Columns of rows by position.
 *
 * @param data Rows.
 * @param columns Positions.
 */
export function select(data: Data, columns: readonly number[]): Data {
  const names = columns.map((column) =>
    typeof data.names === "string" ? nameOf(data, column) : (data.names[column] ?? `x${column}`),
  );
  const { rows } = data;
  const width = columns.length;
  if (!("data" in data)) return { rows, width, columns: columns.map((column) => data.columns[column] ?? []), names };
  const out = new Float64Array(rows * width);
  columns.forEach((column, to) => {
    for (let row = 0; row < rows; row++) out[row * width + to] = data.data[row * data.width + column] ?? Number.NaN;
  });
  return { rows, width, data: out, names };
}

/**
 * Rows side by side.
 *
 * @param parts Rows of several steps, as many each.
 * @param rows Their number.
 * @param names Who made them.
 */
export function beside(parts: readonly Data[], rows: number, names: string): Data {
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  if (!parts.every((part) => "data" in part)) return { rows, width, columns: parts.flatMap(columnsOf), names };
  const data = new Float64Array(rows * width);
  let start = 0;
  for (const part of parts as readonly Matrix[]) {
    for (let row = 0; row < rows; row++)
      data.set(part.data.subarray(row * part.width, (row + 1) * part.width), row * width + start);
    start += part.width;
  }
  return { rows, width, data, names };
}

/** Columns of rows of either kind. */
export function columnsOf(data: Data): readonly FeatureColumn[] {
  if (!("data" in data)) return data.columns;
  return Array.from({ length: data.width }, (_, column) =>
    Float64Array.from({ length: data.rows }, (_, row) => data.data[row * data.width + column] ?? Number.NaN),
  );
}

/** Matrix that a step made. */
export const made = (rows: number, width: number, data: Float64Array, names: string): Matrix => ({
  rows,
  width,
  data,
  names,
});
