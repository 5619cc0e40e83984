import type { Cell, Column, ColumnSummary, DType } from "../types.ts";
import type { TypedColumn } from "./column.ts";
import { decodeText, type EncodedText, textLength } from "./text.ts";

/** What there is to say of each dtype. */
const summaries: Readonly<Record<DType, (values: Column) => ColumnSummary>> = {
  float64: summarizeNumbers,
  int64: summarizeNumbers,
  bool: summarizeCategories,
  str: summarizeCategories,
  datetime: summarizeCategories,
};

/**
 * Creates the summary statistics of a column, as pandas' `describe` has them: numbers by moments and quartiles,
 * everything else by its different values. Missing values do not count.
 *
 * @param column The column.
 *
 * @returns Statistics; null where one is not defined, such as the deviation of one value.
 */
export function describeColumn(column: TypedColumn): ColumnSummary {
  if (column.text !== undefined) return summarizeText(column.text);
  return summaries[column.dtype](column.values);
}

function summarizeNumbers(values: Column): ColumnSummary {
  const sorted = Float64Array.from(values as ArrayLike<number | bigint>, Number)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const defined = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  return {
    count,
    mean: defined(mean),
    std: count < 2 ? null : defined(Math.sqrt(squares / (count - 1))),
    min: defined(sorted[0]),
    "25%": defined(quantile(sorted, 0.25)),
    "50%": defined(quantile(sorted, 0.5)),
    "75%": defined(quantile(sorted, 0.75)),
    max: defined(sorted[count - 1]),
  };
}

/** Linear interpolation between the closest ranks, which is pandas' and NumPy's default. */
function quantile(sorted: Float64Array, fraction: number): number | undefined {
  const rank = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  if (below === undefined || above === undefined) return undefined;
  return below === above ? below : below + (above - below) * (rank - Math.floor(rank));
}

/** So many cells are decoded at once. */
const cellsAtOnce = 4096;

function summarizeText(text: EncodedText): ColumnSummary {
  const counts = new Map<string, number>();
  const length = textLength(text);
  let count = 0;
  for (let start = 0; start < length; start += cellsAtOnce) {
    for (const value of decodeText(text, start, Math.min(start + cellsAtOnce, length))) {
      if (value === null) continue;
      count++;
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return mostFrequent(count, counts);
}

function summarizeCategories(values: Column): ColumnSummary {
  const counts = new Map<string, number>();
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    if (value === null) continue;
    count++;
    const key = textOf(value);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return mostFrequent(count, counts);
}

function mostFrequent(count: number, counts: ReadonlyMap<string, number>): ColumnSummary {
  let top: string | null = null;
  let freq = 0;
  for (const [key, times] of counts) {
    if (times > freq) [top, freq] = [key, times];
  }
  return { count, unique: counts.size, top, freq };
}

function textOf(value: Exclude<Cell, null>): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
