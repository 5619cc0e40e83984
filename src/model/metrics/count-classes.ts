import { binsOf } from "./bins.ts";
import { type ClassificationCounts, type Curve, type Label, maxBins, maxCurves } from "./counts.ts";
import { confusionMatrix, type Labelled } from "./labelled.ts";

/** Classified rows, and the scores that they got. */
export interface ClassifiedRows extends Labelled {
  readonly names: readonly Label[];
  /** By row, `width` numbers: 1 is the positive one of two classes. */
  readonly scores: { readonly values: Float64Array; readonly width: number } | undefined;
}

/** How far the probabilities of a row may be from a sum of one: what single precision makes of many classes. */
const tolerance = 1e-3;

/**
 * Probabilities of all classes, where scores are that.
 *
 * @param scores Scores of rows.
 * @param classes How many classes there are.
 *
 * @returns `classes` numbers for each row; undefined where one is outside 0 and 1, or a row does not sum to one.
 */
export function probabilitiesOf(scores: ClassifiedRows["scores"], classes: number): Float64Array | undefined {
  if (scores === undefined || scores.values.some((score) => score < 0 || score > 1)) return undefined;
  const { values, width } = scores;
  if (width === 1) {
    const both = new Float64Array(values.length * 2);
    values.forEach((score, row) => {
      both.set([1 - score, score], row * 2);
    });
    return both;
  }
  for (let start = 0; start < values.length; start += classes) {
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += values[start + k] as number;
    if (Math.abs(sum - 1) > tolerance) return undefined;
  }
  return values;
}

/**
 * Counts of a classification.
 *
 * @param rows The rows.
 *
 * @returns Whatever merges: the confusion matrix, sums, and scores by class.
 */
export function countClasses(rows: ClassifiedRows): Omit<ClassificationCounts, "slices"> {
  const { classes, truth, probabilities, scores, names } = rows;
  const binary = classes === 2;
  const of = scores === undefined ? [] : binary ? [1] : Array.from(names.keys());
  const kept = of.slice(0, maxCurves);
  return {
    format: 1,
    task: "classification",
    classes: names,
    matrix: confusionMatrix(rows),
    scores: probabilities ? "probabilities" : scores ? "ranks" : "none",
    ...(probabilities && sumsOf(truth, probabilities, classes)),
    curves: kept.map((at) => curveOf(rows, at)),
    ...(of.length > kept.length && { curves_left_out: of.length - kept.length }),
  };
}

function curveOf({ classes, truth, probabilities, scores }: ClassifiedRows, of: number): Curve {
  const { values, width } = scores as NonNullable<ClassifiedRows["scores"]>;
  const own = Float64Array.from(truth, (_, row) => values[row * width + (width === 1 ? 0 : of)] as number);
  const bins = binsOf(own, maxBins(classes), 2, (numbers, row) => {
    const side = Number(truth[row] === of);
    numbers[side] = (numbers[side] as number) + 1;
  });
  return { of, bins, ...(probabilities && { calibration: calibrate(own, truth, of) }) };
}

/** Bins whose edges are NumPy's `linspace(0, 1, 11)`; what is on an edge belongs to the bin below it. */
function calibrate(scores: Float64Array, truth: Int32Array, of: number): [number, number, number][] {
  const bins = Array.from({ length: 10 }, (): [number, number, number] => [0, 0, 0]);
  scores.forEach((score, row) => {
    let at = Math.min(9, Math.floor(score * 10));
    if (at > 0 && score <= at * 0.1) at -= 1;
    else if (at < 9 && score > (at + 1) * 0.1) at += 1;
    const bin = bins[at] as [number, number, number];
    bin[0] += 1;
    bin[1] += score;
    bin[2] += Number(truth[row] === of);
  });
  return bins;
}

/** Sums of the log loss and of the Brier score, as scikit-learn has them: of two classes, the latter is that of the positive one. */
function sumsOf(truth: Int32Array, probabilities: Float64Array, classes: number): { log_loss: number; brier: number } {
  let logLoss = 0;
  let brier = 0;
  for (let row = 0; row < truth.length; row++) {
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < classes; k++) {
      const probability = probabilities[row * classes + k] as number;
      sum += probability;
      squares += (probability - Number(truth[row] === k)) ** 2;
    }
    const own = (probabilities[row * classes + (truth[row] as number)] as number) / sum;
    logLoss -= Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, own)));
    brier += classes === 2 ? squares / 2 : squares;
  }
  return { log_loss: logLoss, brier };
}
