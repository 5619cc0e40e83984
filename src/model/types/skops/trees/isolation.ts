import { numbers, type Outcome, type Reader, versionOf } from "../estimator.ts";
import { type Fields, numbersOf } from "../file/fields.ts";
import type { Range } from "../math/matrix.ts";
import { exp, log } from "../math/special.ts";
import { forestOf, type Tree, treeOf } from "./forest.ts";
import { add, single } from "./trees.ts";

/** Isolation forest: rows that few splits set apart are outliers. */
export const isolationForest: Reader = (fields) => {
  const features = fields.count("n_features_in_", 1);
  const list = fields.objects("estimators_");
  const chosen = fields.list("estimators_features_");
  const used = fields.count("_max_features", 1, features);
  const version = versionOf(fields);
  const range: Range = version >= 106 ? "any" : "finite";
  const trees = list.map((tree) => treeOf(tree.object("tree_"), 1));
  if (chosen.length !== list.length || list.length === 0)
    throw fields.wrong("estimators_features_", "a list for each tree");
  // Without subsampling the trees saw all features, in their order.
  const identity = Float64Array.from({ length: features }, (_, at) => at);
  const mapped = trees.map((tree, number): Tree => {
    const columns =
      used === features
        ? identity
        : numbersOf(chosen[number], fields.at(`estimators_features_[${number}]`), [used]).data;
    const depths = depthsOf(tree, list[number] as Fields);
    return {
      ...tree,
      feature: Int32Array.from(tree.feature, (at) => (at < 0 ? -1 : (columns[at] ?? features))),
      values: depths,
    };
  });
  const forest = forestOf(mapped, 1, features, fields.at("estimators_"));
  const average = averagePath(fields.count("_max_samples", 1, 2 ** 40));
  const offset = fields.number("offset_");
  return {
    predictor: {
      task: "outliers",
      inputs: numbers(features, range === "any"),
      targets: 0,
      classes: [-1, 1],
      hasProbabilities: false,
      scores: 1,
      predict: (data): Outcome => {
        const rows = single(data, range);
        const depths = new Float64Array(data.rows);
        for (const root of forest.roots) add(forest, root, rows, features, depths, 1, 0, 1);
        const whole = list.length * average;
        const scores = depths.map((depth) => -exp(-(whole === 0 ? 1 : depth / whole) * Math.LN2) - offset);
        return { scores, labels: Int32Array.from(scores, (score) => Number(!(score < 0))) };
      },
    },
  };
};

/** Expected path of a search without success among so many rows. */
function averagePath(count: number): number {
  if (count <= 1) return 0;
  if (count === 2) return 1;
  return 2 * (log(count - 1) + 0.5772156649015329) - (2 * (count - 1)) / count;
}

function depthsOf(tree: Tree, estimator: Fields): Float64Array {
  const samples = estimator.object("tree_").records("nodes").fields.get("n_node_samples") ?? [];
  const levels = new Int32Array(tree.feature.length);
  levels[0] = 1;
  return Float64Array.from({ length: tree.feature.length }, (_, node) => {
    const level = levels[node] as number;
    for (const side of [tree.left, tree.right]) {
      const child = side[node] as number;
      if (child > node && child < levels.length) levels[child] = level + 1;
    }
    return level + averagePath(samples[node] ?? 0) - 1;
  });
}
