import { outputsOf, readerOf } from "../profile/outputs.ts";

/** Predictions of which it is known what came true: sums that are added to merge them. */
export interface ProductionCounts {
  readonly n: number;
  /** How often a class was predicted where another came true: `predicted` and `actual` as JSON, with a line feed between. */
  readonly classes: Readonly<Record<string, number>>;
  /** Of numbers: how many, |error|, error², actual, actual². */
  readonly numbers: readonly [n: number, absolute: number, squared: number, sum: number, squares: number];
}

/** What a prediction said of what came true. */
export interface Outcome {
  readonly predicted: string | number | boolean;
  readonly actual: string | number | boolean;
}

/** Metrics of predictions of which it is known what came true. Null where there is nothing to say. */
export interface ProductionMetrics {
  readonly n: number;
  readonly accuracy: number | null;
  /** Mean over the classes. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly mae: number | null;
  readonly rmse: number | null;
  readonly r2: number | null;
}

/** More pairs of classes than any report shows; whatever comes later is counted together. */
const maxPairs = 400;
const others = JSON.stringify("(others)");

/**
 * Finds in a prediction what came true.
 *
 * @param prediction The prediction, as JSON has it.
 * @param actual What came true: one value, or an object with the keys of the prediction.
 * @param target The path of the value that is meant, steps separated by dots; found by itself unless told.
 *
 * @returns Both values; undefined where they cannot be compared.
 */
export function outcomeOf(prediction: unknown, actual: unknown, target?: string): Outcome | undefined {
  if (typeof actual === "object" && actual !== null) {
    const path = target ?? Object.keys(outputsOf(actual)).find((name) => readerOf(name)(prediction) !== undefined);
    return path === undefined ? undefined : pairOf(readerOf(path)(prediction), readerOf(path)(actual));
  }
  if (target !== undefined) return pairOf(readerOf(target)(prediction), actual);
  // The first value of the same kind: probabilities are numbers, and classes seldom are.
  const predicted = Object.values(outputsOf(prediction)).find((value) => typeof value === typeof actual);
  return pairOf(predicted, actual);
}

function pairOf(predicted: unknown, actual: unknown): Outcome | undefined {
  return isValue(predicted) && typeof predicted === typeof actual
    ? { predicted, actual: actual as Outcome["actual"] }
    : undefined;
}

function isValue(value: unknown): value is Outcome["actual"] {
  return (
    typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
  );
}

/** Sums of nothing. */
export const noOutcomes: ProductionCounts = { n: 0, classes: {}, numbers: [0, 0, 0, 0, 0] };

/**
 * Adds what came true of one prediction.
 *
 * @param counts The sums so far.
 * @param outcome What was predicted, and what came true.
 *
 * @returns The sums.
 */
export function addOutcome(counts: ProductionCounts, { predicted, actual }: Outcome): ProductionCounts {
  const { n, classes, numbers } = counts;
  if (typeof predicted === "number" && typeof actual === "number") {
    const error = predicted - actual;
    const [count, absolute, squared, sum, squares] = numbers;
    return {
      n: n + 1,
      classes,
      numbers: [count + 1, absolute + Math.abs(error), squared + error ** 2, sum + actual, squares + actual ** 2],
    };
  }
  const pair = `${JSON.stringify(predicted)}\n${JSON.stringify(actual)}`;
  const known = Object.hasOwn(classes, pair) || Object.keys(classes).length < maxPairs;
  const key = known ? pair : predicted === actual ? `${others}\n${others}` : `${others}\n${JSON.stringify("(more)")}`;
  return { n: n + 1, classes: { ...classes, [key]: (classes[key] ?? 0) + 1 }, numbers };
}

/**
 * Adds sums of several processes or windows.
 *
 * @param parts The sums.
 *
 * @returns All of it together.
 */
export function mergeOutcomes(parts: readonly ProductionCounts[]): ProductionCounts {
  const classes: Record<string, number> = {};
  const numbers: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (const part of parts) {
    for (const [pair, count] of Object.entries(part.classes)) classes[pair] = (classes[pair] ?? 0) + count;
    for (const [at, value] of part.numbers.entries()) numbers[at] = (numbers[at] ?? 0) + value;
  }
  return { n: parts.reduce((sum, part) => sum + part.n, 0), classes, numbers };
}

/**
 * Creates the metrics of predictions of which it is known what came true.
 *
 * @param counts Their sums.
 *
 * @returns Metrics, by the definitions of scikit-learn (macro averages).
 */
export function productionMetrics({ n, classes, numbers }: ProductionCounts): ProductionMetrics {
  const pairs = Object.entries(classes).map(([pair, count]) => {
    const [predicted = "", actual = ""] = pair.split("\n");
    return { predicted, actual, count };
  });
  const sum = (of: (pair: (typeof pairs)[number]) => boolean) =>
    pairs.reduce((total, pair) => total + (of(pair) ? pair.count : 0), 0);
  const all = sum(() => true);
  const names = [...new Set(pairs.flatMap(({ predicted, actual }) => [predicted, actual]))];
  const of = names.map((name) => {
    const right = sum(({ predicted, actual }) => predicted === name && actual === name);
    return { right, predicted: sum((one) => one.predicted === name), actual: sum((one) => one.actual === name) };
  });
  // A class that is never predicted, or never comes true, counts as 0, as in scikit-learn.
  const mean = (ratio: (one: (typeof of)[number]) => readonly [number, number]) =>
    all === 0
      ? null
      : of.reduce((total, one) => {
          const [part, whole] = ratio(one);
          return total + (whole === 0 ? 0 : part / whole);
        }, 0) / of.length;
  const [count, absolute, squared, total, squares] = numbers;
  const variance = squares - total ** 2 / count;
  return {
    n,
    accuracy: all === 0 ? null : sum(({ predicted, actual }) => predicted === actual) / all,
    precision: mean(({ right, predicted }) => [right, predicted]),
    recall: mean(({ right, actual }) => [right, actual]),
    f1: mean(({ right, predicted, actual }) => [2 * right, predicted + actual]),
    mae: count === 0 ? null : absolute / count,
    rmse: count === 0 ? null : Math.sqrt(squared / count),
    r2: count > 1 && variance > 0 ? 1 - squared / variance : null,
  };
}
