import { LaunchpadError } from "../../../errors.ts";
import type { FeatureColumn, FeatureValue, FileModel, Predictions } from "../file-model.ts";
import { checkForest } from "../trees/check.ts";
import { type ReadValue, readerOf } from "../trees/columns.ts";
import { walkOf } from "../trees/evaluate.ts";
import { damaged } from "../trees/faults.ts";
import { greatest } from "../trees/labels.ts";
import { scorerOf } from "../trees/scorer.ts";
import { Explainer } from "../trees/shap.ts";
import { symmetricWalkOf } from "../trees/symmetric.ts";
import type { CatboostContents } from "./contents.ts";
import { convert, type Loss, losses } from "./losses.ts";

/** Reader of a feature of categories: texts as CatBoost has them; one that no node asks for is in no set. */
function textReader(name: string, codes: readonly (readonly [string, number])[]): ReadValue {
  const known = new Map(codes);
  return (value, row) => {
    if (typeof value === "string") return known.get(value) ?? -1;
    if (typeof value === "boolean") return known.get(value ? "True" : "False") ?? -1;
    if (typeof value === "number" && Number.isInteger(value)) return known.get(String(value)) ?? -1;
    const message = `row ${row}, ${name}: expected a text or a whole number, found ${String(value)}.`;
    throw new LaunchpadError("ARGUMENTS_INVALID", message, {
      faults: [{ in: "argument", name, message: "expected a text or a whole number", received: value }],
    });
  };
}

/** Makes predictions of raw scores. */
function predictionsOf(scores: Float64Array, outputs: number, loss: Loss): Predictions {
  const length = scores.length / outputs;
  const convertAll = () => {
    for (let start = 0; start < scores.length; start += outputs) convert(scores, start, outputs, loss.link);
  };
  if (loss.task !== "classification") {
    convertAll();
    return { length, values: scores };
  }
  const labels = new Int32Array(length);
  if (loss.link !== "sigmoid") {
    for (let row = 0; row < length; row++) labels[row] = greatest(scores, row * outputs, outputs);
    convertAll();
    return { length, labels, probabilities: scores };
  }
  for (let row = 0; row < length; row++) labels[row] = (scores[row] as number) > 0 ? 1 : 0;
  convertAll();
  const probabilities = new Float64Array(2 * length);
  for (let row = 0; row < length; row++) {
    probabilities[2 * row] = 1 - (scores[row] as number);
    probabilities[2 * row + 1] = scores[row] as number;
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
export function catboostModel(contents: CatboostContents, where: string): FileModel {
  const { features, codes, forest, bias, scale, objective } = contents;
  const fault = damaged(where);
  const loss =
    (Object.hasOwn(losses, objective) ? losses[objective] : undefined) ?? fault("objective", "a known one", objective);
  if (!(bias instanceof Float64Array) || bias.length === 0) fault("bias", "numbers", "something else");
  const outputs = bias.length;
  checkForest(forest, features.length, outputs, where);
  const walk = symmetricWalkOf(forest) ?? walkOf(forest);
  const trees = forest.roots.length;
  const scorer = scorerOf({
    grid: forest.grid,
    features,
    readers: features.map((feature, i) => {
      const own = codes[i];
      return own ? textReader(feature.name, own) : readerOf(feature, Math.fround);
    }),
    base: new Float64Array(outputs),
    single: false,
    needsValues: false,
    score(bins, rows, scores) {
      walk(bins, rows, scores, outputs, trees);
      for (let i = 0; i < rows * outputs; i++)
        scores[i] = scale * (scores[i] as number) + (bias[i % outputs] as number);
    },
  });
  const predictions = (scores: Float64Array | Float32Array) => predictionsOf(scores as Float64Array, outputs, loss);
  let explainer: Explainer | undefined;
  const explains = trees === 0 || forest.cover.some((weight) => weight > 0);
  return {
    format: "catboost",
    task: loss.task,
    objective,
    features,
    outputs:
      contents.classes !== null ? [] : outputs === 1 ? ["prediction"] : Array.from(bias, (_, i) => `output_${i}`),
    ...(contents.classes !== null ? { classes: contents.classes } : {}),
    hasProbabilities: contents.classes !== null,
    predictColumns: (columns: readonly FeatureColumn[], length: number) => predictions(scorer.columns(columns, length)),
    predictRow: (row: readonly FeatureValue[]) => predictions(scorer.row(row)),
    ...(explains
      ? {
          contributions(row: readonly FeatureValue[]) {
            explainer ??= new Explainer(forest, features.length, outputs, trees);
            const shares = explainer.explain(scorer.bins(row).bins);
            return {
              values: shares.values.map((share) => scale * share),
              baseline: shares.baseline.map((share, i) => scale * share + (bias[i] as number)),
            };
          },
        }
      : {}),
    contents,
  };
}
