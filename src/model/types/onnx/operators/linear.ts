import { must } from "../fault.ts";
import { labelsOf, listOf, type Node, numberOf, type Operator, type Operators } from "../node.ts";
import { blanks, type Tensor, zeros } from "../tensor.ts";
import { product } from "./matrix.ts";
import { type Rows, singleRows } from "./matrix-input.ts";
import { type Transform, transformAll, transformOf, transformOne } from "./scores.ts";

/** Labels of rows as a tensor. */
export function labelTensor(labels: readonly (number | string)[], chosen: ArrayLike<number>): Tensor {
  const made = typeof labels[0] === "string" ? blanks([chosen.length]) : zeros("int64", [chosen.length]);
  const target = made.data as (number | string)[];
  for (let row = 0; row < chosen.length; row += 1) target[row] = labels[chosen[row] ?? 0] ?? 0;
  return made;
}

/** Scores of rows: products with coefficients and intercepts, rounded to float32 at the end. */
function scorer(node: Node, targets: number): (rows: Rows) => Float32Array {
  const coefficients = listOf(node, "coefficients");
  const intercepts = listOf(node, "intercepts");
  const features = coefficients.length / targets;
  must(
    targets > 0 && Number.isInteger(features),
    () => `expected coefficients of ${targets} targets, found ${coefficients.length}`,
  );
  must(
    intercepts.length === 0 || intercepts.length === targets,
    () => `expected ${targets} intercepts, found ${intercepts.length}`,
  );
  const turned = new Float32Array(coefficients.length);
  for (let target = 0; target < targets; target += 1) {
    for (let at = 0; at < features; at += 1) turned[at * targets + target] = coefficients[target * features + at] ?? 0;
  }
  return ({ data, rows, columns }) => {
    must(columns === features, () => `expected ${features} features, found ${columns}`);
    const scores = new Float32Array(rows * targets);
    product(data, 0, turned, 0, [rows, features, targets], (row, sums) => {
      for (let target = 0; target < targets; target += 1)
        scores[row * targets + target] = (sums[target] ?? 0) + (intercepts[target] ?? 0);
    });
    return scores;
  };
}

/** Transforms the scores of all rows in place, where each has two or more. */
function transformRows(scores: Float32Array, width: number, how: Transform): void {
  if (how === "NONE") return;
  const row = new Float64Array(width);
  for (let start = 0; start < scores.length; start += width) {
    row.set(scores.subarray(start, start + width));
    transformAll(row, how);
    scores.set(row, start);
  }
}

const regressor: Operator = (node) => {
  const targets = numberOf(node, "targets", 1);
  const how = transformOf(node);
  const score = scorer(node, targets);
  return ([x]) => {
    const rows = singleRows(x);
    const scores = score(rows);
    if (targets > 1) transformRows(scores, targets, how);
    return { type: "float", dims: [rows.rows, targets], data: scores };
  };
};

const classifier: Operator = (node) => {
  const how = transformOf(node);
  const labels = labelsOf(node, "classlabels_ints", "classlabels_strings");
  const targets = listOf(node, "intercepts").length;
  const score = scorer(node, targets);
  const two = targets === 1 && labels?.length === 2;
  must(
    targets === 1 || (labels?.length ?? 0) >= targets,
    () => `expected ${targets} labels, found ${labels?.length ?? 0}`,
  );
  const names = targets === 1 && !two ? (typeof labels?.[0] === "string" ? ["0", "1"] : [0, 1]) : (labels ?? []);
  return ([x]) => {
    const rows = singleRows(x);
    const scores = score(rows);
    const chosen = new Int32Array(rows.rows);
    if (targets === 1)
      scores.forEach((each, row) => {
        chosen[row] = each > 0 ? 1 : 0;
      });
    else
      for (let row = 0; row < rows.rows; row += 1) {
        let best = 0;
        for (let target = 1; target < targets; target += 1) {
          if ((scores[row * targets + target] ?? 0) > (scores[row * targets + best] ?? 0)) best = target;
        }
        chosen[row] = best;
      }
    let written: Float32Array = scores;
    if (targets > 1) transformRows(scores, targets, how);
    else {
      const width = two ? 2 : 1;
      written = new Float32Array(rows.rows * width);
      scores.forEach((each, row) => {
        written.set(transformOne(each, how, two ? "complement" : "none").slice(0, width), row * width);
      });
    }
    return [labelTensor(names, chosen), { type: "float", dims: [rows.rows, two ? 2 : targets], data: written }];
  };
};

export const linear: Operators = { LinearRegressor: regressor, LinearClassifier: classifier };
