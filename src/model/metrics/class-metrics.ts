/** Rows of one class, rows predicted as it, and hits, for each class. */
export interface ClassTotals {
  readonly actual: readonly number[];
  readonly said: readonly number[];
  readonly hits: readonly number[];
}

/**
 * Totals of a confusion matrix.
 *
 * @param matrix Rows of true classes, columns of predicted ones.
 *
 * @returns Totals by class.
 */
export function totalsOf(matrix: readonly (readonly number[])[]): ClassTotals {
  return {
    actual: matrix.map((line) => line.reduce((total, count) => total + count, 0)),
    said: matrix.map((_, at) => matrix.reduce((total, line) => total + (line[at] ?? 0), 0)),
    hits: matrix.map((line, at) => line[at] ?? 0),
  };
}

/**
 * Metrics that totals by class are enough for, as scikit-learn computes them. With more than two classes, precision, recall
 * and F1 are means over the classes that are there; of two, they are those of the last.
 *
 * @param totals Totals by class.
 *
 * @returns Metrics by name. What divides by nothing is 0.
 */
export function metricsOfTotals(totals: ClassTotals): Record<string, number> {
  const { actual, said, hits } = totals;
  const rows = sum(actual);
  const seen = actual.flatMap((count, at) => (count > 0 ? [(hits[at] as number) / count] : []));
  const there = Array.from(actual.keys()).filter((at) => (actual[at] as number) + (said[at] as number) > 0);
  const of = (one: (at: number) => number) => (actual.length === 2 ? one(1) : sum(there.map(one)) / there.length);
  const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);
  const hit = (at: number) => hits[at] as number;
  return {
    rows,
    accuracy: sum(hits) / rows,
    balanced_accuracy: sum(seen) / seen.length,
    precision: of((at) => ratio(hit(at), said[at] as number)),
    recall: of((at) => ratio(hit(at), actual[at] as number)),
    f1: of((at) => ratio(2 * hit(at), (actual[at] as number) + (said[at] as number))),
  };
}

/**
 * Matthews correlation coefficient, of any number of classes.
 *
 * @param totals Totals by class.
 *
 * @returns From -1 to 1; 0 where only one class is there, or is predicted.
 */
export function matthewsOf({ actual, said, hits }: ClassTotals): number {
  const rows = sum(actual);
  const product = (a: readonly number[], b: readonly number[]) => sum(a.map((value, at) => value * (b[at] as number)));
  const left = rows * rows - product(said, said);
  const right = rows * rows - product(actual, actual);
  return left * right === 0 ? 0 : (sum(hits) * rows - product(actual, said)) / Math.sqrt(left * right);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
