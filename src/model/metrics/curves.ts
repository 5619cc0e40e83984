import { type Bins, cellsOf } from "./bins.ts";
import type { Curve } from "./counts.ts";

/** What a threshold makes of the rows of an evaluation: the class is predicted from that score on. */
export interface Threshold {
  /** Infinity for the first, with which the class is never predicted. */
  readonly score: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/**
 * Thresholds of a curve, from the highest. Each is a point of scikit-learn's `roc_curve` and `precision_recall_curve`: the
 * edges of bins are thresholds like any other.
 *
 * @param bins Scores: rows of other classes and of this one.
 *
 * @returns One threshold more than there are bins.
 */
export function thresholdsOf(bins: Bins): Threshold[] {
  const cells = cellsOf(bins);
  let [negatives, positives] = [0, 0];
  for (const { numbers } of cells) {
    negatives += numbers[0] as number;
    positives += numbers[1] as number;
  }
  const points: Threshold[] = [];
  const add = (score: number, truePositives: number, falsePositives: number) =>
    points.push({
      score,
      truePositives,
      falsePositives,
      falseNegatives: positives - truePositives,
      trueNegatives: negatives - falsePositives,
    });
  let [truePositives, falsePositives] = [0, 0];
  add(Number.POSITIVE_INFINITY, 0, 0);
  for (const { edge, numbers } of cells.reverse()) {
    falsePositives += numbers[0] as number;
    truePositives += numbers[1] as number;
    add(edge, truePositives, falsePositives);
  }
  return points;
}

/**
 * Area below the ROC curve, of bins.
 *
 * @param bins Scores: rows of other classes and of this one.
 *
 * @returns The area, and how far that of the scores themselves can be from it; undefined where a class is missing.
 */
export function areaOf(bins: Bins): { readonly area: number; readonly within: number } | undefined {
  const points = thresholdsOf(bins);
  const last = points.at(-1);
  const pairs = (last?.truePositives ?? 0) * (last?.falsePositives ?? 0);
  if (pairs === 0) return undefined;
  let won = 0;
  let tied = 0;
  points.forEach((point, at) => {
    const before = points[at - 1];
    if (before === undefined) return;
    const negatives = point.falsePositives - before.falsePositives;
    const equal = (point.truePositives - before.truePositives) * negatives;
    won += before.truePositives * negatives + equal / 2;
    tied += equal / 2;
  });
  return { area: won / pairs, within: tied / pairs };
}

/** A point of a calibration curve. */
export interface CalibrationPoint {
  readonly rows: number;
  /** Mean of the probabilities. */
  readonly predicted: number;
  /** Share of the rows that are of the class. */
  readonly actual: number;
}

/**
 * Calibration of a class: scikit-learn's `calibration_curve` with ten bins of equal width.
 *
 * @param curve The scores of the class.
 *
 * @returns The bins that have rows.
 */
export function calibrationOf(curve: Curve): CalibrationPoint[] {
  return (curve.calibration ?? []).flatMap(([rows, sum, hits]) =>
    rows === 0 ? [] : [{ rows, predicted: sum / rows, actual: hits / rows }],
  );
}

/**
 * Expected calibration error: how far shares are from probabilities, on average over the rows.
 *
 * @param curve The scores of the class.
 *
 * @returns The error; undefined where scores are no probabilities.
 */
export function calibrationErrorOf(curve: Curve): number | undefined {
  const points = calibrationOf(curve);
  const rows = points.reduce((total, point) => total + point.rows, 0);
  if (rows === 0) return undefined;
  return points.reduce((total, { rows, predicted, actual }) => total + rows * Math.abs(predicted - actual), 0) / rows;
}
