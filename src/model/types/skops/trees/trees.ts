import { classesOf, numbers, type Outcome, type Predictor, type Reader, versionOf } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { type Data, matrixOf, type Range } from "../math/matrix.ts";
import { argmax } from "../math/special.ts";
import { scaled } from "../predictors/linear.ts";
import { forestOf, importancesOf, leafOf, type Tree, type Trees, treeOf } from "./forest.ts";
import { explainTrees } from "./shap.ts";

/** Criteria whose trees took missing values before 1.9 let all of them. */
const criteria: readonly unknown[] = ["gini", "log_loss", "entropy", "squared_error", "friedman_mse", "poisson"];

/** Whether scikit-learn's own trees take missing values: which do has changed from version to version. */
function rangeOf(tree: Fields): Range {
  const version = versionOf(tree);
  if (tree.name.startsWith("ExtraTree") && version < 106) return "finite";
  if (version < 103) return "finite";
  if (version >= 109) return "missing";
  const plain = criteria.includes(tree.get("criterion")) && (tree.get("splitter") === "best" || version >= 106);
  return plain && tree.optional("monotonic_cst") === undefined ? "missing" : "finite";
}

/** Numbers as the trees of scikit-learn compare them: rounded to float32. */
export const single = (data: Data, range: Range) => Float32Array.from(matrixOf(data, range, true).data);

function widthOf(fields: Fields, targets: boolean): number {
  const outputs = fields.count("n_outputs_", 1);
  if (targets) return outputs;
  if (outputs > 1) throw fields.refuse(`${fields.name} with several outputs`);
  return classesOf(fields).length;
}

/** Forest of trees and each tree's weight, whose values are summed and divided by their number. */
function averaged(fields: Fields, trees: readonly Fields[], range: Range): Predictor {
  const features = fields.count("n_features_in_", 1);
  const regresses = /Regressor$/.test(fields.name);
  const width = widthOf(fields, regresses);
  const read = trees.map((tree) => treeOf(tree.object("tree_"), width));
  // Values were counts before 1.4, and are parts of 1 since.
  if (!regresses) for (const tree of read) if (versionOf(fields) < 104) scaled(tree.values, width);
  const forest = forestOf(read, width, features, fields.at("estimators_"));
  const mean = (data: Data): Float64Array => {
    const rows = single(data, range);
    const out = new Float64Array(data.rows * width);
    for (const root of forest.roots) add(forest, root, rows, features, out, width, 0, 1);
    return out.map((sum) => sum / read.length);
  };
  const classes = regresses ? undefined : classesOf(fields);
  return {
    task: regresses ? "regression" : "classification",
    inputs: numbers(features, range === "missing"),
    targets: regresses ? width : 0,
    hasProbabilities: !regresses,
    scores: 0,
    ...(classes ? { classes } : {}),
    predict: (data): Outcome => {
      const values = mean(data);
      return regresses ? { values } : { labels: argmax(values, width), probabilities: values };
    },
    explain: explainTrees(forest, features, width, (rows) => single(rows, range), 1 / read.length),
    importances: mixed(trees, read, features),
  };
}

/** Adds the values of a tree's leaves to the scores of rows. */
export function add(
  trees: Trees,
  root: number,
  rows: Float32Array | Float64Array,
  features: number,
  out: Float64Array,
  outputs: number,
  output: number,
  rate: number,
): void {
  const { width, values } = trees;
  const count = out.length / outputs;
  for (let row = 0; row < count; row++) {
    const leaf = leafOf(trees, root, rows, row * features) * width;
    for (let at = 0; at < width; at++) {
      const to = row * outputs + output + at;
      out[to] = (out[to] as number) + rate * (values[leaf + at] as number);
    }
  }
}

/** Mean of the importances of trees. */
export const mixed = (fields: readonly Fields[], trees: readonly Tree[], features: number) => {
  const parts = trees.map((tree, at) => importancesOf((fields[at] as Fields).object("tree_"), tree, features));
  return () =>
    Float64Array.from(
      { length: features },
      (_, feature) => parts.reduce((sum, part) => sum + (part[feature] ?? 0), 0) / parts.length,
    );
};

/** One decision tree. */
export const decisionTree: Reader = (fields) => ({ predictor: averaged(fields, [fields], rangeOf(fields)) });

/** Random forests and extra trees. */
export const forest: Reader = (fields) => {
  const trees = fields.objects("estimators_");
  const [first] = trees;
  if (!first) throw fields.wrong("estimators_", "trees");
  const range = versionOf(fields) < 104 ? "finite" : rangeOf(first);
  return { predictor: averaged(fields, trees, range) };
};
