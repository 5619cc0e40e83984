import type { Metrics } from "../define.ts";
import { matthewsOf, metricsOfTotals, totalsOf } from "./class-metrics.ts";
import { type ClassifiedRows, countClasses, probabilitiesOf } from "./count-classes.ts";
import type { ClassificationCounts, Counts, Label, RegressionCounts } from "./counts.ts";
import { calibrationErrorOf } from "./curves.ts";
import type { Labelled } from "./labelled.ts";
import { areasOf } from "./ranking.ts";
import { kindOf, labelsOf, numbersOf, type Scores, scoresOf, shown, type Values, wrong } from "./read-rows.ts";
import { countResiduals, metricsOfSums } from "./regression-sums.ts";
import { classSlice, residualSlice, sliceMetrics, sliceRows } from "./slices.ts";

/** What a test knows of its rows. */
export interface EvaluationInput {
  /** What is true of each row: labels of classes, or numbers. */
  readonly labels: Values;
  /** What the model said of each row. */
  readonly predictions: Values;
  /** Of a classification: probabilities, or other numbers that rank. */
  readonly scores?: Scores | undefined;
  /** Classes in the order of the scores; the last of two is the positive one. Sorted, unless told. */
  readonly classes?: readonly Label[] | undefined;
  /** Columns whose values slice the rows, by name. */
  readonly by?: Readonly<Record<string, Values>> | undefined;
  /** Told by the values, unless all of them are whole numbers. */
  readonly task?: "classification" | "regression" | undefined;
}

/** Metrics by name, and under `evaluation` the counts that curves are drawn from and that merge. */
export interface Evaluation extends Metrics {
  readonly evaluation: Counts;
}

/**
 * Metrics of predictions whose truth is known, with what draws curves: ROC, precision and recall, calibration, residuals.
 * Each number is scikit-learn's. `test` can return it as it is.
 *
 * @param input Labels, predictions and scores, one of each for each row.
 *
 * @returns Metrics; `slices` by column and value where `by` names columns; `evaluation`, a few kilobytes for any number of
 * rows.
 *
 * @throws DATA_INVALID where there are no rows, lengths differ, a value is missing, or a label is none of the classes.
 */
export function evaluation(input: EvaluationInput): Evaluation {
  const { labels, predictions, by } = input;
  const rows = labels.length;
  if (rows === 0) throw wrong("labels: expected at least one row, found none.");
  if (predictions.length !== rows) {
    throw wrong(`predictions: expected ${rows}, one for each label, found ${predictions.length}.`);
  }
  if (taskOf(input) === "regression") {
    if (input.scores !== undefined) throw wrong("scores: expected none of a regression. Leave them out.");
    const truth = numbersOf(labels, "labels");
    const predicted = numbersOf(predictions, "predictions");
    const slices = by && sliceRows(by, rows, residualSlice(truth, predicted));
    const counts = { ...countResiduals(truth, predicted), ...(slices && { slices }) };
    return regressionResult(counts, { median_absolute_error: medianOf(truth, predicted) });
  }
  const classified = classifiedRows(input);
  const { classes, truth, predicted } = classified;
  const slices = by && sliceRows(by, rows, classSlice(classes, truth, predicted));
  return classificationResult({ ...countClasses(classified), ...(slices && { slices }) }, areasOfClasses(classified));
}

/**
 * Metrics of a classification, of its counts.
 *
 * @param counts The counts.
 * @param areas Metrics that need every score.
 *
 * @returns Metrics, and the counts.
 */
export function classificationResult(counts: ClassificationCounts, areas: Record<string, number>): Evaluation {
  const totals = totalsOf(counts.matrix);
  const metrics = metricsOfTotals(totals);
  const rows = metrics.rows as number;
  const isWhole = counts.curves_left_out === undefined;
  const errors = isWhole ? counts.curves.flatMap((curve) => calibrationErrorOf(curve) ?? []) : [];
  return {
    ...metrics,
    matthews: matthewsOf(totals),
    ...(counts.log_loss !== undefined && { log_loss: counts.log_loss / rows }),
    ...(counts.brier !== undefined && { brier: counts.brier / rows }),
    ...areas,
    ...(errors.length > 0 && { calibration_error: errors.reduce((total, error) => total + error, 0) / errors.length }),
    classes: counts.classes,
    confusion_matrix: counts.matrix,
    ...(counts.slices && { slices: sliceMetrics(counts.slices) }),
    evaluation: counts,
  };
}

/**
 * Metrics of a regression, of its counts.
 *
 * @param counts The counts.
 * @param others Metrics that need every residual.
 *
 * @returns Metrics, and the counts.
 */
export function regressionResult(counts: RegressionCounts, others: Record<string, number>): Evaluation {
  return {
    ...metricsOfSums(counts),
    ...others,
    ...(counts.slices && { slices: sliceMetrics(counts.slices) }),
    evaluation: counts,
  };
}

function taskOf({ labels, predictions, scores, classes, task }: EvaluationInput): "classification" | "regression" {
  if (task !== undefined) return task;
  if (scores !== undefined || classes !== undefined) return "classification";
  const every = [...Array.from(labels), ...Array.from(predictions)];
  if (every.some((value) => typeof value === "string" || typeof value === "boolean")) return "classification";
  if (every.some((value) => typeof value === "number" && !Number.isInteger(value))) return "regression";
  throw wrong(
    'task: expected to be told, because all labels and predictions are whole numbers. Add task: "classification" or "regression".',
  );
}

function classifiedRows({ labels, predictions, scores, classes }: EvaluationInput): ClassifiedRows {
  const truth = labelsOf(labels, "labels");
  const predicted = labelsOf(predictions, "predictions");
  const told = classes === undefined ? [] : [kindOf(classes, "classes")];
  const kinds = [...told, kindOf(truth, "labels"), kindOf(predicted, "predictions")];
  if (new Set(kinds).size > 1) {
    throw wrong(
      `expected classes, labels and predictions of one kind, found ${kinds.join(", ")}. Make them all text, or all numbers.`,
    );
  }
  const names = classes ? [...classes] : sortedClasses([...truth, ...predicted]);
  if (names.length < 2)
    throw wrong(
      `classes: expected at least two, found ${names.map(shown).join(", ")} only. Name them by classes: [...].`,
    );
  const places = new Map(names.map((name, at) => [name, at]));
  if (places.size < names.length) throw wrong("classes: expected each of them once.");
  const placesOf = (values: readonly Label[], what: string) =>
    Int32Array.from(values, (value, row) => {
      const place = places.get(value as Label);
      if (place !== undefined) return place;
      throw wrong(`${what}: row ${row + 1}: expected one of ${names.map(shown).join(", ")}, found ${shown(value)}.`);
    });
  const labelled: Labelled = {
    classes: names.length,
    truth: placesOf(truth, "labels"),
    predicted: placesOf(predicted, "predictions"),
  };
  const read = scores && scoresOf(scores, truth.length, { names, told: classes !== undefined });
  return { ...labelled, names, scores: read, probabilities: probabilitiesOf(read, names.length) };
}

/** As NumPy sorts them. */
function sortedClasses(labels: readonly Label[]): Label[] {
  return [...new Set(labels)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** One area for two classes; of more, means over the classes, of probabilities alone. */
function areasOfClasses({ classes, truth, probabilities, scores }: ClassifiedRows): Record<string, number> {
  if (scores === undefined || (classes > 2 && probabilities === undefined)) return {};
  const { values, width } = scores;
  const of = classes === 2 ? [1] : Array.from({ length: classes }, (_, at) => at);
  const areas = of.map((positive) => {
    const own = width === 1 ? values : Float64Array.from(truth, (_, row) => values[row * width + positive] as number);
    return areasOf(own, (row) => truth[row] === positive);
  });
  const known = areas.filter((area) => area !== undefined);
  if (known.length < areas.length) return {};
  const mean = (key: "roc" | "precision") => known.reduce((total, area) => total + area[key], 0) / known.length;
  return { roc_auc: mean("roc"), average_precision: mean("precision") };
}

function medianOf(truth: Float64Array, predicted: Float64Array): number {
  const amounts = truth.map((value, row) => Math.abs(value - (predicted[row] as number))).sort();
  const middle = (amounts.length - 1) / 2;
  return ((amounts[Math.floor(middle)] as number) + (amounts[Math.ceil(middle)] as number)) / 2;
}
