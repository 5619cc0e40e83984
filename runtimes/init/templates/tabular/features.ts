import type { DType, Row } from "mllaunchpad";

/** How the values of one column become numbers. */
export type Feature =
  | { readonly column: string; readonly kind: "number"; readonly mean: number; readonly scale: number }
  | { readonly column: string; readonly kind: "category"; readonly categories: readonly string[] };

/** More categories than these become "something else": a column of names or of free text says little to a linear model. */
const maxCategories = 30;

/** Learns how columns become numbers, from the rows of the training alone. */
export function learnFeatures(rows: readonly Row[], dtypes: Readonly<Record<string, DType>>): Feature[] {
  return Object.entries(dtypes).flatMap(([column, dtype]): Feature[] => {
    const values = rows.map((row) => row[column]);
    if (dtype === "str" && !areDates(values)) {
      const categories = frequentTexts(values);
      return categories.length === 0 ? [] : [{ column, kind: "category", categories }];
    }
    const numbers = values.map(numberOf).filter(Number.isFinite);
    if (numbers.length === 0) return [];
    const mean = average(numbers);
    const deviation = Math.sqrt(average(numbers.map((number) => (number - mean) ** 2)));
    return [{ column, kind: "number", mean, scale: deviation || 1 }];
  });
}

/**
 * Turns one row into numbers, whatever the order of its columns. The first is 1, for the intercept; a number is how many
 * standard deviations it is from the mean; a text is a 1 for its category among zeros. What is missing is the mean, or no
 * category.
 */
export function encode(features: readonly Feature[], row: Readonly<Record<string, unknown>>): number[] {
  const encoded = [1];
  for (const feature of features) {
    const value = Object.hasOwn(row, feature.column) ? row[feature.column] : null;
    if (feature.kind === "number") {
      const number = numberOf(value);
      encoded.push(Number.isFinite(number) ? (number - feature.mean) / feature.scale : 0);
    } else {
      for (const category of feature.categories) encoded.push(category === value ? 1 : 0);
    }
  }
  return encoded;
}

/** Numbers as they are, false and true as 0 and 1, moments in milliseconds; NaN for what is missing. */
function numberOf(value: unknown): number {
  if (value === null || value === undefined || value === "") return Number.NaN;
  if (value instanceof Date) return value.getTime();
  const number = Number(value);
  // Requests write dates as text.
  return Number.isNaN(number) && typeof value === "string" ? Date.parse(value) : number;
}

/** CSV files write dates as text, too. */
function areDates(values: readonly unknown[]): boolean {
  const texts = values.filter((value) => value !== null && value !== undefined);
  return texts.every((text) => /^\d{4}-\d{2}-\d{2}/.test(String(text)) && !Number.isNaN(numberOf(text)));
}

/** The most frequent texts. One that is there only once, such as a key, would be learned by heart. */
function frequentTexts(values: readonly unknown[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (typeof value === "string") counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort(([, a], [, b]) => b - a)
    .slice(0, maxCategories)
    .map(([text]) => text);
}

export function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
