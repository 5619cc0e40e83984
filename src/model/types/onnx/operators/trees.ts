import { must, OnnxFault } from "../fault.ts";
import { labelsOf, listOf, type Node, numberOf, type Operator, type Operators, oneOf, tensorIf } from "../node.ts";
import { numbers, type Tensor } from "../tensor.ts";
import { compileEnsemble } from "../trees/ensemble.ts";
import type { Grove } from "../trees/grove.ts";
import { compileTrees } from "../trees/leafed.ts";
import { type Aggregate, type Scores, summing } from "../trees/sum.ts";
import { labelTensor } from "./linear.ts";
import { rowsOf } from "./matrix-input.ts";
import { type Second, type Transform, transformAll, transformOf, transformOne } from "./scores.ts";

const aggregates = ["AVERAGE", "SUM", "MIN", "MAX"] as const;

/** Compilers of trees: what they make takes the place of the attributes that it was made of. */
export const treeCompilers: Readonly<Record<string, (node: Node) => Grove>> = {
  TreeEnsembleClassifier: compileEnsemble,
  TreeEnsembleRegressor: compileEnsemble,
  TreeEnsemble: compileTrees,
};

const groveOf = (node: Node): Grove => node.grove ?? treeCompilers[node.operator]?.(node) ?? compileTrees(node);

/** Base values of a node, float32 or float64. */
const baseOf = (node: Node): ArrayLike<number> => {
  const tensor = tensorIf(node, "base_values_as_tensor");
  return tensor ? numbers(tensor).data : listOf(node, "base_values");
};

/** Whether rows are summed in float64: where they are float64 themselves. Thresholds of float64 need such rows. */
function isDouble(x: Tensor | undefined, grove: Grove): boolean {
  const double = x?.type === "double";
  must(double || !grove.double, () => `expected double, as thresholds and weights are, found ${x?.type ?? "none"}`);
  return double;
}

function regression(
  node: Node,
  targets: number,
  how: Transform,
  aggregate: Aggregate,
  keepsType: boolean,
): ReturnType<Operator> {
  const grove = groveOf(node);
  const base = baseOf(node);
  must(targets > 0 && targets < 2 ** 20, () => `expected a number of targets, found ${targets}`);
  const sum = summing(grove, targets, aggregate);
  const trees = grove.roots.length;
  return ([x]) => {
    const rows = rowsOf(x);
    const double = isDouble(x, grove);
    const { sums, has } = sum(rows, double);
    const round = double ? (value: number) => value : Math.fround;
    for (let at = 0; at < sums.length; at += 1) {
      const mean = aggregate === "AVERAGE" ? round((sums[at] ?? 0) / trees) : (sums[at] ?? 0);
      const start =
        targets === 1 ? (base.length === 1 ? base[0] : 0) : base.length === targets ? base[at % targets] : 0;
      // Of several targets, one that no leaf voted for has no base value either.
      sums[at] = targets === 1 || has[at] ? mean + (start ?? 0) : 0;
    }
    if (targets > 1 && how !== "NONE") {
      const row = new Float64Array(targets);
      for (let at = 0; at < sums.length; at += targets) {
        row.set(sums.subarray(at, at + targets));
        transformAll(row, how, !double);
        sums.set(row, at);
      }
    }
    const data = double && !keepsType ? Float32Array.from(sums) : sums;
    return { type: data instanceof Float64Array ? "double" : "float", dims: [rows.rows, targets], data };
  };
}

/** Scores and label of one row of two classes, as onnxruntime decides them. */
function binary(grove: Grove, base: ArrayLike<number>, labels: readonly (number | string)[]) {
  const counted = labels.map((_, at) => at);
  const one = typeof labels[0] === "string" ? counted : [labels.indexOf(0), labels.indexOf(1)];
  return (
    { sums, has }: Scores,
    row: number,
    round: (value: number) => number,
  ): { scores: number[]; chosen: number; second: Second } => {
    let [first = 0, second = 0] = [sums[2 * row], sums[2 * row + 1]];
    const hasSecond = has[2 * row + 1] === 1;
    let width = 2;
    let written: Second = "none";
    if (base.length === 2) {
      if (hasSecond) {
        second = round((base[1] ?? 0) + first);
        first = -second;
      } else {
        second = round(second + (base[1] ?? 0));
        first = round(first + (base[0] ?? 0));
      }
    } else {
      if (base.length === 1) first = round(first + (base[0] ?? 0));
      else written = "opposite";
      if (!hasSecond) width = 1;
    }
    const positive = width === 2 && hasSecond ? second : has[2 * row] || base.length > 0 ? first : 0;
    let chosen: number;
    if (grove.oneTarget) {
      chosen = positive > (grove.positive ? 0.5 : 0) ? 1 : 0;
      written = grove.positive ? "complement" : "opposite";
    } else chosen = one[positive > 0 ? 1 : 0] ?? -1;
    return { scores: width === 2 ? [first, second] : [first], chosen, second: written };
  };
}

const classifier: Operator = (node) => {
  const labels = labelsOf(node, "classlabels_int64s", "classlabels_strings") ?? [];
  const how = transformOf(node);
  const grove = groveOf(node);
  const base = baseOf(node);
  const count = labels.length;
  must(count > 0, () => "expected labels of classes, found none");
  if (count === 1) throw new OnnxFault("a classifier of one class", "unsupported");
  must(
    base.length === 0 || base.length === count || (count === 2 && base.length === 1),
    () => `expected ${count} base values, found ${base.length}`,
  );
  const sum = summing(grove, count, "SUM");
  const decide = binary(grove, base, labels);
  return ([x]) => {
    const rows = rowsOf(x);
    const double = isDouble(x, grove);
    const round = double ? (value: number) => value : Math.fround;
    const found = sum(rows, double);
    const chosen = new Int32Array(rows.rows);
    const written = new Float32Array(rows.rows * count);
    for (let row = 0; row < rows.rows; row += 1) {
      let scores: Float64Array;
      if (count === 2) {
        const decided = decide(found, row, round);
        chosen[row] = decided.chosen;
        scores = Float64Array.from(
          decided.scores.length === 2 ? decided.scores : transformOne(decided.scores[0] ?? 0, how, decided.second),
        );
        if (decided.scores.length === 2) transformAll(scores, how, !double);
      } else {
        scores = Float64Array.from(found.sums.subarray(row * count, row * count + count));
        let best = -1;
        for (let at = 0; at < count; at += 1) {
          if (base.length > 0) scores[at] = round((scores[at] ?? 0) + (base[at] ?? 0));
          else if (!found.has[row * count + at]) continue;
          if (best < 0 || (scores[at] ?? 0) > (scores[best] ?? 0)) best = at;
        }
        chosen[row] = best;
        transformAll(scores, how, !double);
      }
      must((chosen[row] ?? -1) >= 0, () => "expected votes for a class of the model, found none");
      written.set(scores, row * count);
    }
    return [labelTensor(labels, chosen), { type: "float", dims: [rows.rows, count], data: written }];
  };
};

/** Aggregate of TreeEnsemble. */
function aggregateOf(node: Node): Aggregate {
  const code = numberOf(node, "aggregate_function", 1);
  const found = aggregates[code];
  must(found !== undefined, () => `expected an aggregate function below ${aggregates.length}, found ${code}`);
  return found;
}

/** Transformation of TreeEnsemble. What 1 and 2 stand for, the specification and onnxruntime do not agree on. */
function numberedTransform(node: Node): Transform {
  const code = numberOf(node, "post_transform", 0);
  if (code === 0) return "NONE";
  if (code === 3) return "SOFTMAX_ZERO";
  throw new OnnxFault(`post_transform ${code} of TreeEnsemble`, "unsupported");
}

export const trees: Operators = {
  TreeEnsembleClassifier: classifier,
  TreeEnsembleRegressor: (node) =>
    regression(
      node,
      numberOf(node, "n_targets", 0),
      transformOf(node),
      oneOf(node, "aggregate_function", aggregates, "SUM"),
      false,
    ),
  TreeEnsemble: (node) =>
    regression(node, numberOf(node, "n_targets", 0), numberedTransform(node), aggregateOf(node), true),
};
