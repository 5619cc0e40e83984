import type { FeatureColumn, FeatureValue, FileModel, Predictions } from "../file-model.ts";
import { checkForest } from "../trees/check.ts";
import { readerOf } from "../trees/columns.ts";
import { leafOf, walkOf } from "../trees/evaluate.ts";
import { damaged } from "../trees/faults.ts";
import type { Forest } from "../trees/forest.ts";
import { zeroBound } from "../trees/grid.ts";
import { greatest } from "../trees/labels.ts";
import { type ScoreBlock, scorerOf } from "../trees/scorer.ts";
import { Explainer } from "../trees/shap.ts";
import type { LightgbmContents, LinearLeaves } from "./contents.ts";
import { type Objective, objectiveOf } from "./objectives.ts";

/** LightGBM takes what is next to zero for zero before any tree sees it. */
const admit = (value: number) => (Math.abs(value) <= zeroBound ? 0 : value);

/** Scores of trees whose leaves are linear models; a leaf is a number for rows in which one of its features is missing. */
function linear(forest: Forest, leaves: LinearLeaves, features: number, outputs: number): ScoreBlock {
  const slots = forest.grid.slotFeature.length;
  return (bins, rows, scores, values) => {
    for (let tree = 0; tree < forest.roots.length; tree++) {
      const root = forest.roots[tree] as number;
      for (let row = 0; row < rows; row++) {
        const leaf = forest.nodes[leafOf(forest, bins, row * slots, root) + 1] as number;
        let sum = leaves.constants[leaf] as number;
        const end = leaves.starts[leaf + 1] as number;
        for (let i = leaves.starts[leaf] as number; i < end; i++) {
          sum +=
            (leaves.coefficients[i] as number) * (values[row * features + (leaves.features[i] as number)] as number);
        }
        // Infinities of the row may make the sum no number, too: only a missing value counts.
        if (Number.isNaN(sum) && anyMissing(leaves, leaf, values, row * features)) sum = forest.values[leaf] as number;
        const at = row * outputs + (forest.groups[tree] as number);
        scores[at] = (scores[at] as number) + sum;
      }
    }
  };
}

function anyMissing(leaves: LinearLeaves, leaf: number, values: Float64Array, start: number): boolean {
  for (let i = leaves.starts[leaf] as number; i < (leaves.starts[leaf + 1] as number); i++) {
    if (Number.isNaN(values[start + (leaves.features[i] as number)])) return true;
  }
  return false;
}

/** Makes predictions of raw scores. */
function predictionsOf(scores: Float64Array, outputs: number, divisor: number, objective: Objective): Predictions {
  const length = scores.length / outputs;
  if (divisor !== 1) for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) / divisor;
  for (let start = 0; start < scores.length; start += outputs) objective.convert(scores, start);
  if (objective.classes === 0) return { length, values: scores };
  const labels = new Int32Array(length);
  if (!objective.binary) {
    for (let row = 0; row < length; row++) labels[row] = greatest(scores, row * outputs, outputs);
    return { length, labels, probabilities: scores };
  }
  const probabilities = new Float64Array(2 * length);
  for (let row = 0; row < length; row++) {
    const probability = scores[row] as number;
    probabilities[2 * row] = 1 - probability;
    probabilities[2 * row + 1] = probability;
    labels[row] = greatest(probabilities, 2 * row, 2);
  }
  return { length, labels, probabilities };
}

function checkLeaves(leaves: LinearLeaves, forest: Forest, features: number, where: string): void {
  const { linear, constants, starts, coefficients } = leaves;
  const count = forest.values.length;
  const good =
    linear instanceof Uint8Array &&
    constants instanceof Float64Array &&
    starts instanceof Int32Array &&
    leaves.features instanceof Int32Array &&
    coefficients instanceof Float64Array &&
    constants.length === count &&
    starts.length === count + 1 &&
    starts.every((start, i) => start >= (i === 0 ? 0 : (starts[i - 1] as number)) && start <= coefficients.length) &&
    leaves.features.length === coefficients.length &&
    leaves.features.every((feature) => feature >= 0 && feature < features);
  if (!good) damaged(where)("leaves", `models of ${count} leaves`, "something else");
}

/**
 * Creates the model of what is stored of it.
 *
 * @param contents What the reader made of a file, or a store gave back.
 * @param where What the contents are, for messages.
 *
 * @returns The model.
 */
export function lightgbmModel(contents: LightgbmContents, where: string): FileModel {
  const { features, outputs, forest, leaves, divisor } = contents;
  const count = features.length;
  const fault = damaged(where);
  if (!(Number.isInteger(outputs) && outputs > 0)) fault("outputs", "1 or more", String(outputs));
  const objective = objectiveOf(contents.objective, outputs) ?? fault("objective", "a known one", contents.objective);
  checkForest(forest, count, outputs, where);
  if (leaves !== null) checkLeaves(leaves, forest, count, where);
  const walk = walkOf(forest);
  const trees = forest.roots.length;
  const scorer = scorerOf({
    grid: forest.grid,
    features,
    readers: features.map((feature) => readerOf(feature, admit)),
    base: new Float64Array(outputs),
    single: false,
    needsValues: leaves !== null,
    score:
      leaves === null
        ? (bins, rows, scores) => walk(bins, rows, scores, outputs, trees)
        : linear(forest, leaves, count, outputs),
  });
  const predictions = (scores: Float64Array | Float32Array) =>
    predictionsOf(scores as Float64Array, outputs, divisor, objective);
  let explainer: Explainer | undefined;
  // The library explains no linear trees.
  const explains = leaves === null;
  return {
    format: "lightgbm",
    task: objective.task,
    objective: objective.name,
    features,
    outputs:
      objective.classes > 0
        ? []
        : outputs === 1
          ? ["prediction"]
          : Array.from({ length: outputs }, (_, i) => `output_${i}`),
    ...(objective.classes > 0 ? { classes: Array.from({ length: objective.classes }, (_, i) => i) } : {}),
    hasProbabilities: objective.classes > 0,
    predictColumns: (columns: readonly FeatureColumn[], length: number) => predictions(scorer.columns(columns, length)),
    predictRow: (row: readonly FeatureValue[]) => predictions(scorer.row(row)),
    ...(explains
      ? {
          contributions(row: readonly FeatureValue[]) {
            explainer ??= new Explainer(forest, count, outputs, trees);
            // As in the library, they add up to the sum of trees, also where predictions are their mean.
            return explainer.explain(scorer.bins(row).bins);
          },
        }
      : {}),
    importances: () => contents.importances.slice(),
    contents,
  };
}
