import { metricsOfTotals } from "./class-metrics.ts";
import {
  type ClassificationCounts,
  type Label,
  maxSlices,
  type RegressionCounts,
  type Slice,
  type Slices,
} from "./counts.ts";
import { shown, type Values, wrong } from "./read-rows.ts";
import { mergeSums, metricsOfSums, sumResiduals } from "./regression-sums.ts";

/** Counts the rows at some positions. */
type CountRows = (rows: Int32Array) => Omit<Slice, "value">;

/**
 * Slices of the rows of an evaluation: by the values of columns.
 *
 * @param by Columns by name, one value for each row.
 * @param rows How many rows there are.
 * @param count Counts some of the rows.
 *
 * @returns Counts by the most frequent values of each column; how many rows have others is kept, too.
 *
 * @throws DATA_INVALID for a column of another length, or values that are no labels.
 */
export function sliceRows(
  by: Readonly<Record<string, Values>>,
  rows: number,
  count: CountRows,
): Record<string, Slices> {
  return Object.fromEntries(
    Object.entries(by).map(([name, column]) => {
      if (column.length !== rows)
        throw wrong(`by.${name}: expected ${rows} values, one for each label, found ${column.length}.`);
      const groups = new Map<Label | null, number[]>();
      for (let row = 0; row < rows; row++) {
        const value = sliceOf(column[row], `by.${name}: row ${row + 1}`);
        const group = groups.get(value) ?? [];
        groups.set(value, group);
        group.push(row);
      }
      // As many for each text, so that parts agree on which are kept as well as they can.
      const sorted = [...groups].sort(([a, x], [b, y]) => y.length - x.length || (String(a) < String(b) ? -1 : 1));
      const values = sorted.slice(0, maxSlices).map(([value, own]) => ({ value, ...count(Int32Array.from(own)) }));
      const left = sorted.slice(maxSlices).reduce((total, [, own]) => total + own.length, 0);
      return [name, { values, left_out: left }];
    }),
  );
}

/** Missing values are a slice, too. */
function sliceOf(value: unknown, where: string): Label | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  throw wrong(`${where}: expected text, a number or a boolean, found ${shown(value)}. Make text of it.`);
}

/**
 * What counts rows of a classification.
 *
 * @param classes How many classes there are.
 * @param truth True class of each row.
 * @param predicted Predicted class of each row.
 *
 * @returns Counts three numbers for each class.
 */
export function classSlice(classes: number, truth: Int32Array, predicted: Int32Array): CountRows {
  return (rows) => {
    const counts = new Array<number>(classes * 3).fill(0);
    const add = (at: number) => {
      counts[at] = (counts[at] as number) + 1;
    };
    for (const row of rows) {
      const [actual, said] = [truth[row] as number, predicted[row] as number];
      add(actual * 3);
      add(said * 3 + 1);
      if (actual === said) add(actual * 3 + 2);
    }
    return { classes: counts };
  };
}

/**
 * What counts rows of a regression.
 *
 * @param truth True value of each row.
 * @param predicted Predicted value of each row.
 *
 * @returns Sums residuals.
 */
export function residualSlice(truth: Float64Array, predicted: Float64Array): CountRows {
  const pick = (values: Float64Array, rows: Int32Array) => Float64Array.from(rows, (row) => values[row] as number);
  return (rows) => ({ sums: sumResiduals(pick(truth, rows), pick(predicted, rows)) });
}

/**
 * Metrics of slices.
 *
 * @param slices Counts by column.
 *
 * @returns Metrics by column and value, so that a gate can name `slices.region.north.f1`.
 */
export function sliceMetrics(slices: NonNullable<ClassificationCounts["slices"] | RegressionCounts["slices"]>) {
  return Object.fromEntries(
    Object.entries(slices).map(([name, { values, left_out }]) => [
      name,
      {
        ...Object.fromEntries(
          values.map((slice) => [slice.value === null ? "(missing)" : String(slice.value), metricsOf(slice)]),
        ),
        ...(left_out > 0 && { "(others)": { rows: left_out } }),
      },
    ]),
  );
}

function metricsOf({ classes, sums }: Slice): Record<string, number> {
  if (sums) return metricsOfSums(sums);
  const every = (offset: number) => (classes ?? []).filter((_, at) => at % 3 === offset);
  return metricsOfTotals({ actual: every(0), said: every(1), hits: every(2) });
}

/**
 * Slices of several evaluations. A value that one of them may have left out is left out of all.
 *
 * @param parts Slices of one column.
 *
 * @returns Their sum.
 */
export function mergeSlices(parts: readonly Slices[]): Slices {
  const kept = new Map<Label | null, Slice[]>();
  for (const { values } of parts)
    for (const slice of values) kept.set(slice.value, [...(kept.get(slice.value) ?? []), slice]);
  const whole: Slice[] = [];
  let left = parts.reduce((total, part) => total + part.left_out, 0);
  for (const [value, slices] of kept) {
    const isWhole = parts.every((part) => part.left_out === 0 || part.values.some((slice) => slice.value === value));
    if (isWhole) whole.push({ value, ...sumOf(slices) });
    else left += slices.reduce((total, slice) => total + rowsOf(slice), 0);
  }
  whole.sort((a, b) => rowsOf(b) - rowsOf(a) || (String(a.value) < String(b.value) ? -1 : 1));
  left += whole.slice(maxSlices).reduce((total, slice) => total + rowsOf(slice), 0);
  return { values: whole.slice(0, maxSlices), left_out: left };
}

function sumOf(slices: readonly Slice[]): Omit<Slice, "value"> {
  const sums = slices.flatMap((slice) => slice.sums ?? []);
  if (sums.length > 0) return { sums: mergeSums(sums) };
  const [first, ...others] = slices.map((slice) => slice.classes ?? []);
  return {
    classes: (first ?? []).map((count, at) => others.reduce((total, other) => total + (other[at] ?? 0), count)),
  };
}

function rowsOf({ classes = [], sums }: Slice): number {
  return sums?.rows ?? classes.reduce((total, count, at) => total + (at % 3 === 0 ? count : 0), 0);
}
