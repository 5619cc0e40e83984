import type { Contributions, FeatureColumn, FeatureValue, FileModel, Predictions } from "../file-model.ts";
import { checkForest } from "../trees/check.ts";
import { readerOf } from "../trees/columns.ts";
import { walkOf } from "../trees/evaluate.ts";
import { damaged } from "../trees/faults.ts";
import type { Grid } from "../trees/grid.ts";
import { greatest } from "../trees/labels.ts";
import { type ScoreBlock, scorerOf } from "../trees/scorer.ts";
import { Explainer } from "../trees/shap.ts";
import type { XgboostContents } from "./contents.ts";
import { ascend, exponentialOf, type Objective, objectives, sigmoid, softmax } from "./objectives.ts";

const { fround } = Math;

/** XGBoost computes in float32; its linear models take no number that is infinite there. */
const single = (value: number) => fround(value);
/** A code below zero is none, also where it would be cut to zero. */
const category = (value: number) => (value < 0 ? -1 : fround(value));
const finite = (value: number) => (Number.isFinite(fround(value)) ? fround(value) : undefined);

const noGrid = (features: number): Grid => ({
  slotFeature: new Int32Array(0),
  slotMissing: new Uint8Array(0),
  cuts: new Float64Array(0),
  cutStart: new Int32Array(features + 1),
});

/**
 * Scores of a linear model: bias and base, then the features that are not missing, each product and sum in float32.
 * XGBoost takes the base of the first output for all of them.
 */
function linear(weights: Float32Array, features: number, outputs: number, base: number): ScoreBlock {
  return (_bins, rows, scores, values) => {
    for (let row = 0; row < rows; row++) {
      for (let output = 0; output < outputs; output++) {
        let sum = fround((weights[features * outputs + output] as number) + base);
        for (let feature = 0; feature < features; feature++) {
          const value = values[row * features + feature] as number;
          if (!Number.isNaN(value)) sum = fround(sum + fround(value * (weights[feature * outputs + output] as number)));
        }
        scores[row * outputs + output] = sum;
      }
    }
  };
}

/** Makes predictions of raw scores. */
function predictionsOf(
  scores: Float32Array,
  outputs: number,
  objective: Objective,
  classes: boolean,
  contents: XgboostContents,
): Predictions {
  const length = scores.length / outputs;
  if (!classes) {
    if (objective.link === "sigmoid") return { length, values: Float64Array.from(scores, sigmoid) };
    if (objective.link === "exp") return { length, values: Float64Array.from(scores, exponentialOf) };
    if (objective.link === "step") return { length, values: Float64Array.from(scores, (score) => (score > 0 ? 1 : 0)) };
    if (contents.sorted)
      for (let start = 0; start < scores.length; start += outputs) scores.subarray(start, start + outputs).sort();
    if (objective.link === "ascending") for (let row = 0; row < length; row++) ascend(scores, row * outputs, outputs);
    return { length, values: Float64Array.from(scores) };
  }
  const labels = new Int32Array(length);
  if (objective.link === "step") {
    for (let row = 0; row < length; row++) labels[row] = (scores[row] as number) > 0 ? 1 : 0;
    return { length, labels };
  }
  if (objective.link === "sigmoid") {
    const probabilities = new Float64Array(2 * length);
    for (let row = 0; row < length; row++) {
      const probability = sigmoid(scores[row] as number);
      probabilities[2 * row] = fround(1 - probability);
      probabilities[2 * row + 1] = probability;
      labels[row] = probability > 0.5 ? 1 : 0;
    }
    return { length, labels, probabilities };
  }
  const probabilities = new Float64Array(scores.length);
  for (let row = 0; row < length; row++) {
    softmax(scores, row * outputs, outputs, probabilities);
    labels[row] = greatest(objective.link === "argmax" ? scores : probabilities, row * outputs, outputs);
  }
  return { length, labels, probabilities };
}

/**
 * Creates the model of what is stored of it.
 *
 * @param contents What the reader made of a file, or a store gave back.
 * @param where What the contents are, for messages.
 *
 * @returns The model.
 */
export function xgboostModel(contents: XgboostContents, where: string): FileModel {
  const fault = damaged(where);
  const { features, base, forest, weights } = contents;
  const objective =
    (Object.hasOwn(objectives, contents.objective) ? objectives[contents.objective] : undefined) ??
    fault("objective", "a known one", contents.objective);
  const outputs = base.length;
  const count = features.length;
  if (!(base instanceof Float32Array) || outputs === 0) fault("base", "numbers", "something else");
  if (forest !== null) checkForest(forest, count, outputs, where);
  else if (!(weights instanceof Float32Array) || weights.length !== (count + 1) * outputs) {
    fault("weights", "one for each feature, and a bias", "others");
  }
  if (forest !== null && !(contents.trees >= 0 && contents.trees <= forest.roots.length)) {
    fault("trees", `at most ${forest.roots.length}`, String(contents.trees));
  }
  const walk = forest === null ? undefined : walkOf(forest);
  const scorer = scorerOf({
    grid: forest?.grid ?? noGrid(count),
    features,
    readers: features.map((feature) =>
      readerOf(feature, forest === null ? finite : feature.kind === "category" ? category : single),
    ),
    base: walk === undefined ? new Float32Array(outputs) : base,
    single: true,
    needsValues: walk === undefined,
    score:
      walk === undefined
        ? linear(weights as Float32Array, count, outputs, base[0] as number)
        : (bins, rows, scores) => walk(bins, rows, scores, outputs, contents.trees),
  });
  // Several targets of a binary objective are labels that do not exclude one another: each is a number of its own.
  const multiclass = contents.objective.startsWith("multi:");
  const classes = objective.task === "classification" && (multiclass || outputs === 1);
  const predictions = (scores: Float64Array | Float32Array) =>
    predictionsOf(scores as Float32Array, outputs, objective, classes, contents);
  let explainer: Explainer | undefined;
  const explains = forest === null || forest.cover.some((weight) => weight > 0) || forest.nodes.length === 0;

  const contributions = (row: readonly FeatureValue[]): Contributions => {
    const { bins, values } = scorer.bins(row);
    if (forest === null) {
      const shares = new Float64Array(outputs * count);
      for (let output = 0; output < outputs; output++) {
        for (let feature = 0; feature < count; feature++) {
          const value = values[feature] as number;
          if (!Number.isNaN(value)) {
            shares[output * count + feature] =
              value * ((weights as Float32Array)[feature * outputs + output] as number);
          }
        }
      }
      const bias = Float64Array.from(
        base,
        (_, i) => (base[0] as number) + ((weights as Float32Array)[count * outputs + i] as number),
      );
      return { values: shares, baseline: bias };
    }
    explainer ??= new Explainer(forest, count, outputs, contents.trees);
    const shares = explainer.explain(bins);
    for (let i = 0; i < outputs; i++) shares.baseline[i] = (shares.baseline[i] as number) + (base[i] as number);
    return shares;
  };

  return {
    format: "xgboost",
    task: objective.task === "classification" && !classes ? "regression" : objective.task,
    objective: contents.objective,
    features,
    outputs: classes ? [] : outputs === 1 ? ["prediction"] : Array.from(base, (_, i) => `output_${i}`),
    ...(classes ? { classes: Array.from({ length: multiclass ? outputs : 2 }, (_, i) => i) } : {}),
    hasProbabilities: classes && objective.link !== "step",
    predictColumns: (columns: readonly FeatureColumn[], length: number) => predictions(scorer.columns(columns, length)),
    predictRow: (row: readonly FeatureValue[]) => predictions(scorer.row(row)),
    ...(explains ? { contributions } : {}),
    importances: () => contents.importances.slice(),
    contents,
  };
}
