/** Bins of the score of the second of two classes, for the area under the ROC curve. */
const scoreBins = 50;

/**
 * Running sums of predicted probabilities, from which performance is estimated: n, then for each class how often it was
 * predicted, the sum of its probability where it was, and of its probability everywhere; the sum of p (1 - p) of what was
 * predicted; for two classes, the number of scores and their sum by bin of the score. Merged by addition.
 */
export interface PerformanceCounts {
  /** Adds the probabilities of one prediction, a class each. What are no probabilities is left out. */
  add(probabilities: ArrayLike<number>): void;
  contents(): number[];
}

const header = 2;

/**
 * Creates sums of nothing.
 *
 * @param classes How many classes there are.
 *
 * @returns Sums to add predictions to.
 */
export function createPerformanceCounts(classes: number): PerformanceCounts {
  const bins = classes === 2 ? scoreBins : 0;
  const sums = new Float64Array(header + 3 * classes + 2 * bins);
  const plus = (at: number, value: number) => {
    sums[at] = (sums[at] as number) + value;
  };
  return {
    add(probabilities) {
      let best = 0;
      for (let index = 0; index < classes; index += 1) {
        const value = probabilities[index] as number;
        if (!(value >= 0 && value <= 1)) return;
        if (value > (probabilities[best] as number)) best = index;
      }
      const top = probabilities[best] as number;
      plus(0, 1);
      plus(1, top * (1 - top));
      plus(header + 3 * best, 1);
      plus(header + 3 * best + 1, top);
      for (let index = 0; index < classes; index += 1) plus(header + 3 * index + 2, probabilities[index] as number);
      if (bins > 0) {
        const score = probabilities[1] as number;
        const bin = header + 3 * classes + 2 * Math.min(bins - 1, Math.floor(score * bins));
        plus(bin, 1);
        plus(bin + 1, score);
      }
    },
    contents: () => Array.from(sums),
  };
}

/** Performance that probabilities promise. Null where nothing says. */
export interface EstimatedPerformance {
  /** How many predictions it is of. */
  readonly n: number;
  readonly accuracy: number;
  /** How far chance alone may take the accuracy of so many predictions from the estimate: one standard error. */
  readonly accuracy_error: number;
  /** Means over the classes that occur. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** For two classes: of scores in fifty bins. */
  readonly roc_auc: number | null;
}

/**
 * Estimates how well a classifier performs from the probabilities that it gives, without knowing what came true
 * (confidence-based performance estimation, CBPE). It holds for probabilities that are calibrated, and for as long as
 * the inputs mean what they meant in the training.
 *
 * @param counts What `createPerformanceCounts` has counted.
 * @param classes How many classes there are.
 *
 * @returns The estimate; undefined without predictions.
 */
export function estimatePerformance(counts: readonly number[], classes: number): EstimatedPerformance | undefined {
  const at = (index: number) => counts[index] ?? 0;
  const n = at(0);
  if (n === 0) return undefined;
  const of = Array.from({ length: classes }, (_, index) => ({
    predicted: at(header + 3 * index),
    right: at(header + 3 * index + 1),
    expected: at(header + 3 * index + 2),
  }));
  const right = of.reduce((sum, one) => sum + one.right, 0);
  const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : undefined);
  return {
    n,
    accuracy: right / n,
    accuracy_error: Math.sqrt(at(1)) / n,
    precision: mean(of.map((one) => ratio(one.right, one.predicted))),
    recall: mean(of.map((one) => ratio(one.right, one.expected))),
    f1: mean(of.map((one) => ratio(2 * one.right, one.predicted + one.expected))),
    roc_auc: classes === 2 ? areaUnderCurve(counts.slice(header + 3 * classes)) : null,
  };
}

function mean(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The chance that a positive has the higher score; within a bin, half of it. */
function areaUnderCurve(bins: readonly number[]): number | null {
  let area = 0;
  let negativesBelow = 0;
  let positives = 0;
  for (let at = 0; at < bins.length; at += 2) {
    const positive = bins[at + 1] ?? 0;
    const negative = (bins[at] ?? 0) - positive;
    area += positive * (negativesBelow + negative / 2);
    negativesBelow += negative;
    positives += positive;
  }
  return positives > 0 && negativesBelow > 0 ? area / (positives * negativesBelow) : null;
}
