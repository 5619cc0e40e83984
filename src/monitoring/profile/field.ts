import { isMissing } from "./cells.ts";
import type { CategoryProfile, FieldProfile, NumberProfile } from "./types.ts";

/** With ten bins, a distribution that shifts by half a standard deviation is far from the one before. */
const maxBins = 10;
const maxCategories = 30;
/** A value that so few rows have may tell who somebody is: it is counted with the others. */
const minCategoryCount = 5;
/** Longer text is prose. */
const maxCategoryLength = 64;
/** Text with more different values than one in so many rows is a name or a number of something, not a category. */
const rowsForEachCategory = 5;

/**
 * Creates the profile of values.
 *
 * @param values The values, missing ones included: numbers, booleans, text, or anything else.
 *
 * @returns Bins at quantiles for numbers; the most frequent values for booleans and for text with few different ones.
 */
export function profileField(values: readonly unknown[]): FieldProfile {
  const present = values.filter((value) => !isMissing(value));
  const missing = values.length - present.length;
  if (present.length > 0) {
    if (present.every((value) => typeof value === "number" || typeof value === "bigint")) {
      const numbers = Float64Array.from(present, Number).filter(Number.isFinite);
      if (numbers.length > 0) return profileNumbers(numbers, values.length - numbers.length);
    }
    const categories = categoriesOf(present, missing);
    if (categories) return categories;
  }
  return { kind: "presence", present: present.length, missing };
}

function profileNumbers(numbers: Float64Array, missing: number): NumberProfile {
  const sorted = numbers.sort();
  const count = sorted.length;
  const at = (index: number) => sorted[index] as number;
  const edges: number[] = [];
  for (let bin = 1; bin <= maxBins; bin += 1) {
    const edge = at(Math.ceil((bin * count) / maxBins) - 1);
    if (edges.at(-1) !== edge) edges.push(edge);
  }
  const counts = edges.map(() => 0);
  let bin = 0;
  let sum = 0;
  for (const value of sorted) {
    while (value > (edges[bin] as number)) bin += 1;
    counts[bin] = (counts[bin] as number) + 1;
    sum += value;
  }
  const mean = sum / count;
  const squares = sorted.reduce((total, value) => total + (value - mean) ** 2, 0);
  const std = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  return { kind: "number", min: at(0), edges, counts, mean, std, missing };
}

function categoriesOf(present: readonly unknown[], missing: number): CategoryProfile | undefined {
  const areBooleans = present.every((value) => typeof value === "boolean");
  if (!areBooleans && !present.every((value) => typeof value === "string")) return undefined;
  const found = new Map<string, number>();
  for (const value of present) found.set(String(value), (found.get(String(value)) ?? 0) + 1);
  if (!areBooleans && found.size > Math.max(2, present.length / rowsForEachCategory)) return undefined;
  const kept = [...found]
    .filter(([value, count]) => areBooleans || (count >= minCategoryCount && value.length <= maxCategoryLength))
    .sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1))
    .slice(0, maxCategories);
  if (kept.length === 0) return undefined;
  const counted = kept.reduce((total, [, count]) => total + count, 0);
  return {
    kind: "category",
    values: kept.map(([value]) => value),
    counts: kept.map(([, count]) => count),
    other: present.length - counted,
    missing,
  };
}
