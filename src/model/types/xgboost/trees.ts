import type { ForestBuilder } from "../trees/builder.ts";
import { type Numbers, Section, type Value } from "../trees/document.ts";
import { described, type Fault } from "../trees/faults.ts";
import { missing } from "../trees/grid.ts";

/** Codes of categories from here on are no categories to XGBoost. */
const maxCategories = 16777216;

const floats = new Float32Array(1);
const words = new Int32Array(floats.buffer);

/** Greatest float32 below another: what is less than the one is at most the other. */
function below(value: number): number {
  floats[0] = value === 0 ? -0 : value;
  const word = words[0] as number;
  words[0] = word < 0 ? word + 1 : word - 1;
  return floats[0] as number;
}

/** Categories of each node that splits by them, as bits. */
function categoriesOf(tree: Section, size: number, fault: Fault): ReadonlyMap<number, Int32Array> {
  const sets = new Map<number, Int32Array>();
  const nodes = tree.numbers("categories_nodes");
  const starts = tree.numbers("categories_segments", nodes.length);
  const sizes = tree.numbers("categories_sizes", nodes.length);
  const all = tree.numbers("categories");
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as number;
    const start = starts[i] as number;
    const end = start + (sizes[i] as number);
    if (!(node >= 0 && node < size)) fault(tree.at("categories_nodes"), `nodes below ${size}`, String(node));
    if (!(start >= 0 && start <= end && end <= all.length)) {
      fault(tree.at("categories_segments"), `parts of ${all.length} categories`, `${start} to ${end}`);
    }
    const own = all.subarray(start, end);
    let greatest = 0;
    for (const category of own) {
      if (!(Number.isInteger(category) && category >= 0 && category < maxCategories)) {
        fault(tree.at("categories"), `codes below ${maxCategories}`, String(category));
      }
      greatest = Math.max(greatest, category);
    }
    const bits = new Int32Array((greatest >>> 5) + 1);
    for (const category of own) bits[category >>> 5] = (bits[category >>> 5] as number) | (1 << (category & 31));
    sets.set(node, bits);
  }
  return sets;
}

/**
 * Adds a tree of a file to a forest.
 *
 * @param value The tree, as the document has it.
 * @param place Its place in the file.
 * @param builder Takes the nodes.
 * @param gains Gain of each feature so far; grows as features appear.
 * @param width Numbers of a leaf: 1, or one for each output.
 * @param fault Throws if the file is damaged.
 */
export function addTree(
  value: Value,
  place: string,
  builder: ForestBuilder,
  gains: Map<number, number>,
  width: number,
  fault: Fault,
): void {
  const tree = new Section(value, place, fault);
  const left = tree.numbers("left_children");
  const size = left.length;
  const claimed = tree.section("tree_param").whole("num_nodes");
  if (claimed !== size) fault(tree.at("tree_param.num_nodes"), `${size}, as many as left_children`, String(claimed));
  const right = tree.numbers("right_children", size);
  const indices = tree.numbers("split_indices", size);
  const conditions = tree.numbers("split_conditions", size);
  const defaultLeft = tree.numbers("default_left", size);
  const hessians: Numbers =
    tree.get("sum_hessian") === undefined ? new Float32Array(size) : tree.numbers("sum_hessian", size);
  const losses: Numbers =
    tree.get("loss_changes") === undefined ? new Float32Array(size) : tree.numbers("loss_changes", size);
  const types = tree.get("split_type") === undefined ? undefined : tree.numbers("split_type", size);
  const sets = types?.some((type) => type === 1) ? categoriesOf(tree, size, fault) : undefined;
  const vectors = width > 1 ? leafVectors(tree, left, right, width, fault) : undefined;

  builder.tree({ size, left, right, place }, (node) => {
    const cover = hessians[node] as number;
    if (left[node] === -1) {
      if (vectors === undefined) builder.leaf(Math.fround(conditions[node] as number), cover);
      else builder.vectorLeaf(vectors.values, (vectors.at[node] as number) * width, cover);
      return;
    }
    const feature = indices[node] as number;
    gains.set(feature, (gains.get(feature) ?? 0) + (losses[node] as number));
    const toLeft = defaultLeft[node] === 1;
    if (types?.[node] === 1) {
      const bits = sets?.get(node) ?? fault(tree.at("categories_nodes"), `node ${node}`, "none");
      // What is in the set goes right, so the children change places, and with them the way of missing values.
      builder.set(feature, toLeft ? missing.category : missing.categoryLeft, bits, true, cover);
      return;
    }
    const threshold = Math.fround(conditions[node] as number);
    if (!(threshold > Number.NEGATIVE_INFINITY)) builder.allRight(feature, toLeft, cover);
    else builder.split(feature, toLeft ? missing.left : missing.right, below(threshold), cover);
  });
}

/** Leaves of a tree whose leaves hold a number for each output. */
function leafVectors(
  tree: Section,
  left: Numbers,
  right: Numbers,
  width: number,
  fault: Fault,
): { readonly values: Numbers; readonly at: Int32Array } {
  const claimed = tree.section("tree_param").whole("size_leaf_vector");
  if (claimed !== width)
    fault(tree.at("tree_param.size_leaf_vector"), `${width}, as in the first tree`, String(claimed));
  const at = new Int32Array(left.length);
  // Files of newer versions have a list of leaves, in which the right child of a leaf is its place.
  const own = tree.get("leaf_weights") !== undefined;
  const name = own ? "leaf_weights" : "base_weights";
  const values = tree.numbers(name);
  for (let node = 0; node < left.length; node++) {
    if (left[node] !== -1) continue;
    const place = own ? (right[node] as number) : node;
    if (!(place >= 0 && (place + 1) * width <= values.length)) {
      fault(tree.at(name), `${width} numbers for leaf ${place}`, described(values));
    }
    at[node] = place;
  }
  return { values, at };
}
