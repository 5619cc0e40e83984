import { classesOf, numbers, type Outcome, predictorOf, type Read, type Reader, versionOf } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { type Data, made } from "../math/matrix.ts";
import { argmax, expit, log, softmax } from "../math/special.ts";
import { pairs } from "../predictors/linear.ts";
import { forestOf, treeOf } from "./forest.ts";
import { explainTrees } from "./shap.ts";
import { add, mixed, single } from "./trees.ts";

/** Gradient boosting of scikit-learn's own trees. */
export const gradientBoosting: Reader = (fields, read) => {
  const features = fields.count("n_features_in_", 1);
  const regresses = fields.name === "GradientBoostingRegressor";
  const classes = regresses ? undefined : classesOf(fields);
  const loss = regresses
    ? fields.only("loss", "squared_error", "absolute_error", "huber", "quantile")
    : fields.only("loss", "log_loss", "exponential", "deviance");
  const outputs = classes && classes.length > 2 ? classes.length : 1;
  const list = fields.objects("estimators_");
  if (list.length === 0 || list.length % outputs !== 0) throw fields.wrong("estimators_", `${outputs} trees a stage`);
  const trees = list.map((tree) => treeOf(tree.object("tree_"), 1));
  const forest = forestOf(trees, 1, features, fields.at("estimators_"));
  const rate = fields.number("learning_rate");
  const start = startOf(fields, read, classes?.length ?? 0, loss === "exponential");
  const version = versionOf(fields);
  const raw = (data: Data): Float64Array => {
    const rows = single(data, "finite");
    const out = start(data);
    forest.roots.forEach((root, stage) => {
      add(forest, root, rows, features, out, outputs, stage % outputs, rate);
    });
    return out;
  };
  const explain = explainTrees(forest, features, outputs, (rows) => single(rows, "finite"), rate, start);
  const common = {
    inputs: numbers(features),
    hasProbabilities: !regresses,
    explain,
    importances: mixed(list, trees, features),
  };
  if (!classes)
    return {
      predictor: { ...common, task: "regression", targets: 1, scores: 0, predict: (data) => ({ values: raw(data) }) },
    };
  return {
    predictor: {
      ...common,
      task: "classification",
      targets: 0,
      classes,
      scores: outputs,
      predict: (data): Outcome => {
        const scores = raw(data);
        const slope = loss === "exponential" ? 2 : 1;
        const probabilities =
          outputs > 1 ? softmax(scores.slice(), outputs) : pairs(scores.map((score) => expit(slope * score)));
        const byProbability = version < 104 && loss !== "exponential";
        const labels =
          outputs > 1 || byProbability
            ? argmax(probabilities, classes.length)
            : Int32Array.from(scores, (score) => Number(score >= 0));
        return { labels, scores, probabilities };
      },
    },
  };
};

/** Scores before the first tree: of a constant that was fitted, of another estimator, or zero. */
function startOf(fields: Fields, read: Read, classes: number, halved: boolean): (data: Data) => Float64Array {
  const outputs = classes > 2 ? classes : 1;
  if (fields.get("init_") === "zero") return (data) => new Float64Array(data.rows * outputs);
  const first = fields.object("init_");
  // It is given float32, in which others would compute other numbers.
  if (!/^sklearn\.(dummy|tree|ensemble)\b/.test(first.type))
    throw fields.refuse(`${fields.name} with init=${first.type}`);
  const initial = predictorOf(first, read);
  const rounded = (data: Data) => made(data.rows, data.width, Float64Array.from(single(data, "finite")), fields.name);
  if (classes === 0) {
    if (initial.targets !== 1) throw fields.wrong("init_", "a regressor of one target");
    return (data) => (initial.predict(rounded(data)).values as Float64Array).slice();
  }
  if (!initial.hasProbabilities || initial.classes?.length !== classes)
    throw fields.wrong("init_", "a classifier with the probabilities of as many classes");
  const version = versionOf(fields);
  const margin = version >= 109 ? 2 ** -52 : 2 ** -23;
  const clipped = (value: number) => Math.min(1 - margin, Math.max(margin, value));
  return (data) => {
    const probabilities = (initial.predict(rounded(data)).probabilities as Float64Array).map(clipped);
    const out = new Float64Array(data.rows * outputs);
    if (outputs === 1)
      return out.map((_, row) => {
        const p = probabilities[row * 2 + 1] as number;
        return log(p / (1 - p)) * (halved ? 0.5 : 1);
      });
    const logs = probabilities.map(log);
    // Since 1.4 the link is symmetric: logarithms less their mean.
    for (let from = 0; from < logs.length; from += outputs) {
      const mean =
        version < 104 ? 0 : logs.subarray(from, from + outputs).reduce((sum, value) => sum + value, 0) / outputs;
      for (let at = from; at < from + outputs; at++) out[at] = (logs[at] as number) - mean;
    }
    return out;
  };
}
