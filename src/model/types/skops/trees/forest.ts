import { damaged } from "../file/failures.ts";
import type { Fields } from "../file/fields.ts";

/** Trees in flat arrays; a child stands after its parent, so that no walk is endless. */
export interface Trees {
  readonly roots: Int32Array;
  /** Feature that a node compares; -1 of a leaf. */
  readonly feature: Int32Array;
  /** Greatest number that goes left; of a set of categories the number of the set. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Bits: 1 where what is missing goes left, 2 where the threshold is a set of categories. */
  readonly flags: Uint8Array;
  /** Weight of the training rows that came to a node. */
  readonly cover: Float64Array;
  /** Values of nodes, `width` for each. */
  readonly values: Float64Array;
  readonly width: number;
  /** Of each set: 8 words of the categories that go left, and 8 of those that are known. */
  readonly sets?: Uint32Array;
}

/** Tree before it is laid among others. */
export interface Tree {
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  readonly flags: ArrayLike<number>;
  readonly cover: ArrayLike<number>;
  readonly values: Float64Array;
}

/**
 * Lays trees into one, and checks them.
 *
 * @param trees Trees of as many values a node.
 * @param width Number of values.
 * @param features Number of features that they may compare.
 * @param where Place of the trees, for messages.
 * @param sets Sets of categories.
 */
export function forestOf(
  trees: readonly Tree[],
  width: number,
  features: number,
  where: string,
  sets?: Uint32Array,
): Trees {
  const total = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const roots = new Int32Array(trees.length);
  const out = {
    feature: new Int32Array(total),
    threshold: new Float64Array(total),
    left: new Int32Array(total),
    right: new Int32Array(total),
    flags: new Uint8Array(total),
    cover: new Float64Array(total),
    values: new Float64Array(total * width),
  };
  let start = 0;
  trees.forEach((tree, number) => {
    roots[number] = start;
    const count = tree.feature.length;
    const fail = (node: number, what: string) => damaged(`${where}[${number}]`, `node ${node}: expected ${what}`);
    if (count === 0) throw damaged(`${where}[${number}]`, "expected a tree, found no node");
    for (let node = 0; node < count; node++) {
      const feature = tree.feature[node] as number;
      if (feature >= 0) {
        const left = tree.left[node] as number;
        const right = tree.right[node] as number;
        if (feature >= features) throw fail(node, `a feature below ${features}, found ${feature}`);
        if (!(left > node && left < count && right > node && right < count && left !== right))
          throw fail(node, `children from ${node + 1} to ${count - 1}, found ${left} and ${right}`);
        out.left[start + node] = start + left;
        out.right[start + node] = start + right;
        const flags = tree.flags[node] as number;
        const threshold = tree.threshold[node] as number;
        if (flags & 2 && !(threshold >= 0 && threshold * 16 < (sets?.length ?? 0)))
          throw fail(node, `a set of categories, found number ${threshold}`);
        if (Number.isNaN(threshold)) throw fail(node, "a threshold, found NaN");
      }
      out.feature[start + node] = feature < 0 ? -1 : feature;
    }
    if (tree.values.length !== count * width) throw damaged(`${where}[${number}]`, `expected ${width} values a node`);
    out.threshold.set(tree.threshold, start);
    out.flags.set(tree.flags, start);
    out.cover.set(tree.cover, start);
    out.values.set(tree.values, start * width);
    start += count;
  });
  return { ...out, roots, width, ...(sets ? { sets } : {}) };
}

/**
 * Walks a row down a tree.
 *
 * @param trees Trees.
 * @param root Position of the tree's root.
 * @param data Rows.
 * @param start Start of the row in `data`.
 *
 * @returns Position of the leaf.
 */
export function leafOf(trees: Trees, root: number, data: Float64Array | Float32Array, start: number): number {
  const { feature, threshold } = trees;
  let node = root;
  for (;;) {
    const compared = feature[node] as number;
    if (compared < 0) return node;
    const value = data[start + compared] as number;
    const flags = trees.flags[node] as number;
    const plain = flags === 0 || (flags === 1 && !Number.isNaN(value));
    const left = plain ? value <= (threshold[node] as number) : goesLeft(trees, node, value);
    node = (left ? trees.left : trees.right)[node] as number;
  }
}

/** Tells whether a number, a missing value or a category goes left. */
export function goesLeft(trees: Trees, node: number, value: number): boolean {
  const flags = trees.flags[node] as number;
  const missing = (flags & 1) === 1;
  if (Number.isNaN(value)) return missing;
  if (!(flags & 2)) return value <= (trees.threshold[node] as number);
  if (value < 0 || value >= 256) return missing;
  const word = (trees.threshold[node] as number) * 16 + (value >> 5);
  if (((trees.sets?.[word] ?? 0) >>> (value & 31)) & 1) return true;
  return ((trees.sets?.[word + 8] ?? 0) >>> (value & 31)) & 1 ? false : missing;
}

/**
 * Reads a tree of scikit-learn's Cython class `Tree`.
 *
 * @param fields The tree.
 * @param width Number of values a node must have.
 */
export function treeOf(fields: Fields, width: number): Tree {
  if (fields.type !== "sklearn.tree._tree.Tree") throw fields.refuse(fields.type);
  const { fields: columns, length } = fields.records("nodes");
  const column = (name: string) => {
    const values = columns.get(name);
    if (!values) throw damaged(fields.at("nodes"), `expected a column ${name}, found none`);
    return values;
  };
  const left = column("left_child");
  const compared = column("feature");
  const { data: values } = fields.matrix("values", length, null, null);
  if (values.length !== length * width) throw fields.wrong("values", `${width} values a node`);
  return {
    feature: Int32Array.from({ length }, (_, node) =>
      (left[node] as number) < 0 ? -1 : orFail(compared[node] as number, fields),
    ),
    threshold: column("threshold"),
    left,
    right: column("right_child"),
    // Files of scikit-learn before 1.3 have no such column: nothing is missing there.
    flags: Uint8Array.from(columns.get("missing_go_to_left") ?? { length }, (flag) => (flag ? 1 : 0)),
    cover: column("weighted_n_node_samples"),
    values,
  };
}

function orFail(feature: number, fields: Fields): number {
  if (feature >= 0) return feature;
  throw damaged(fields.at("nodes"), `expected a feature, found ${feature}`);
}

/** Total decrease of impurity by feature, as `feature_importances_` of a tree, scaled to a sum of 1. */
export function importancesOf(fields: Fields, tree: Tree, features: number): Float64Array {
  const impurity = fields.records("nodes").fields.get("impurity") ?? [];
  const out = new Float64Array(features);
  const weighted = (node: number) => (tree.cover[node] ?? 0) * (impurity[node] ?? 0);
  for (let node = 0; node < tree.feature.length; node++) {
    const feature = tree.feature[node] as number;
    if (feature < 0) continue;
    out[feature] =
      (out[feature] as number) +
      weighted(node) -
      weighted(tree.left[node] as number) -
      weighted(tree.right[node] as number);
  }
  const sum = out.reduce((total, value) => total + value, 0);
  return sum > 0 ? out.map((value) => value / sum) : out;
}
