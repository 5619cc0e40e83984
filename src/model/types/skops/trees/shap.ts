import type { Contributions } from "../../file-model.ts";
import type { Data } from "../math/matrix.ts";
import { goesLeft, type Trees } from "./forest.ts";

/** Features on the way to a node: which, the parts of rows that pass where it is unknown and known, and weights. */
interface Path {
  readonly feature: number[];
  readonly unknown: number[];
  readonly known: number[];
  readonly weight: number[];
}

/**
 * Explains sums of trees by TreeSHAP, where a feature that is not known is averaged over the training rows of a node.
 *
 * @param trees Trees.
 * @param features Number of features.
 * @param outputs Number of scores; trees of one value a node add to each in turn.
 * @param rowsOf Makes numbers of rows as the trees compare them.
 * @param rate Factor of each tree.
 * @param start Scores before the first tree.
 *
 * @see https://arxiv.org/abs/1802.03888 algorithm 2
 */
export const explainTrees =
  (
    trees: Trees,
    features: number,
    outputs: number,
    rowsOf: (data: Data) => Float64Array | Float32Array,
    rate: number,
    start?: (data: Data) => Float64Array,
  ) =>
  (data: Data): Contributions => {
    const row = rowsOf(data);
    const values = new Float64Array(features * outputs);
    const baseline = start ? start(data) : new Float64Array(outputs);
    trees.roots.forEach((root, number) => {
      const first = trees.width === 1 ? number % outputs : 0;
      const means = expectations(trees, root);
      for (let at = 0; at < trees.width; at++)
        baseline[first + at] = (baseline[first + at] as number) + rate * (means[at] as number);
      const give = (feature: number, part: number, leaf: number) => {
        for (let at = 0; at < trees.width; at++) {
          const to = (first + at) * features + feature;
          values[to] = (values[to] as number) + rate * part * (trees.values[leaf * trees.width + at] as number);
        }
      };
      walk(trees, row, root, { feature: [], unknown: [], known: [], weight: [] }, 1, 1, -1, give);
    });
    return { values, baseline };
  };

type Give = (feature: number, part: number, leaf: number) => void;

function walk(
  trees: Trees,
  row: Float64Array | Float32Array,
  node: number,
  above: Path,
  unknown: number,
  known: number,
  feature: number,
  give: Give,
): void {
  const path = extended(above, unknown, known, feature);
  const compared = trees.feature[node] as number;
  if (compared < 0) {
    for (let at = 1; at < path.feature.length; at++) {
      const part = weightWithout(path, at) * ((path.known[at] as number) - (path.unknown[at] as number));
      give(path.feature[at] as number, part, node);
    }
    return;
  }
  const left = trees.left[node] as number;
  const right = trees.right[node] as number;
  const hot = goesLeft(trees, node, row[compared] as number) ? left : right;
  const cold = hot === left ? right : left;
  const cover = trees.cover[node] as number;
  const seen = path.feature.indexOf(compared);
  const before = seen < 0 ? 1 : (path.unknown[seen] as number);
  const passed = seen < 0 ? 1 : (path.known[seen] as number);
  const rest = seen < 0 ? path : without(path, seen);
  for (const child of [hot, cold]) {
    const part = cover > 0 ? (trees.cover[child] as number) / cover : 0.5;
    walk(trees, row, child, rest, part * before, child === hot ? passed : 0, compared, give);
  }
}

function extended({ feature, unknown, known, weight }: Path, zero: number, one: number, added: number): Path {
  const length = feature.length;
  const weights = [...weight, length === 0 ? 1 : 0];
  for (let at = length - 1; at >= 0; at--) {
    const own = weights[at] as number;
    weights[at + 1] = (weights[at + 1] as number) + (one * own * (at + 1)) / (length + 1);
    weights[at] = (zero * own * (length - at)) / (length + 1);
  }
  return { feature: [...feature, added], unknown: [...unknown, zero], known: [...known, one], weight: weights };
}

function without(path: Path, index: number): Path {
  const weight = unwound(path, index);
  const drop = (list: readonly number[]) => list.filter((_, at) => at !== index);
  return { feature: drop(path.feature), unknown: drop(path.unknown), known: drop(path.known), weight };
}

/** Weights of a path as they were before a feature was added. */
function unwound({ unknown, known, weight }: Path, index: number): number[] {
  const last = weight.length - 1;
  const one = known[index] as number;
  const zero = unknown[index] as number;
  const out = weight.slice(0, last);
  let next = weight[last] as number;
  for (let at = last - 1; at >= 0; at--) {
    const own = weight[at] as number;
    if (one !== 0) {
      out[at] = (next * (last + 1)) / ((at + 1) * one);
      next = own - ((out[at] as number) * zero * (last - at)) / (last + 1);
    } else out[at] = (own * (last + 1)) / (zero * (last - at));
  }
  return out;
}

const weightWithout = (path: Path, index: number) => unwound(path, index).reduce((sum, value) => sum + value, 0);

/** Mean values of a tree over its training rows. */
function expectations(trees: Trees, root: number): Float64Array {
  const { width } = trees;
  const out = new Float64Array(width);
  const below = (node: number, part: number) => {
    if ((trees.feature[node] as number) < 0) {
      for (let at = 0; at < width; at++)
        out[at] = (out[at] as number) + part * (trees.values[node * width + at] as number);
      return;
    }
    const cover = trees.cover[node] as number;
    for (const child of [trees.left[node] as number, trees.right[node] as number])
      below(child, cover > 0 ? (part * (trees.cover[child] as number)) / cover : part / 2);
  };
  below(root, 1);
  return out;
}
