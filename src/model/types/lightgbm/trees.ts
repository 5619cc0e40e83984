import type { ForestBuilder } from "../trees/builder.ts";
import type { Fault } from "../trees/faults.ts";
import { type Missing, missing } from "../trees/grid.ts";
import { limits } from "../trees/limits.ts";
import type { LinearLeaves } from "./contents.ts";
import type { Line, Lines } from "./text.ts";

/** Models of leaves of all trees so far. */
export interface GrowingLeaves {
  readonly linear: number[];
  readonly constants: number[];
  readonly starts: number[];
  readonly features: number[];
  readonly coefficients: number[];
}

/** Fields of a tree: where the value of each stands. */
type Fields = ReadonlyMap<string, { readonly line: Line; readonly value: number }>;

/** Ways of missing values by the bits of a decision: zero, missing as zero, or missing as NaN; right or left. */
const ways: readonly (readonly [Missing, Missing])[] = [
  [missing.zero, missing.zero],
  [missing.zeroRight, missing.zeroLeft],
  [missing.right, missing.left],
];

/**
 * Reads the fields of a tree, up to the empty line after it.
 *
 * @param lines Lines of the file, of which the next is the first of the tree.
 * @param place Name of the tree, for messages.
 * @param fault Throws if the file is damaged.
 *
 * @returns Where each field stands.
 */
export function fieldsOf(lines: Lines, place: string, fault: Fault): Fields {
  const fields = new Map<string, { line: Line; value: number }>();
  for (;;) {
    const line = lines.next() ?? fault(place, "an empty line after it", "the end of the file");
    if (line.end === line.start) return fields;
    const { name, value } = lines.name(line);
    if (name.length > 40 || value > line.end) fault(`line ${line.number}`, "a field of a tree", "something else");
    fields.set(name, { line, value });
  }
}

/**
 * Adds a tree of a file to a forest.
 *
 * @param lines Lines of the file.
 * @param fields Fields of the tree.
 * @param place Name of the tree.
 * @param builder Takes the nodes.
 * @param gains Gain of each feature so far.
 * @param leaves Models of leaves so far.
 * @param fault Throws if the file is damaged.
 */
export function addTree(
  lines: Lines,
  fields: Fields,
  place: string,
  builder: ForestBuilder,
  gains: Map<number, number>,
  leaves: GrowingLeaves,
  fault: Fault,
): void {
  const at = (name: string) => `${place}, ${name}`;
  const list = <A extends Float64Array | Int32Array>(name: string, into: A, optional = false): A => {
    const field = fields.get(name);
    // A tree of one leaf has lists without numbers.
    if (optional && field?.value === field?.line.end) return into;
    if (field === undefined) return optional ? into : fault(at(name), "a list of numbers", "nothing");
    return lines.numbers(field.value, field.line, into, at(name));
  };
  const whole = (name: string, otherwise?: number): number => {
    if (!fields.has(name) && otherwise !== undefined) return otherwise;
    return list(name, new Int32Array(1))[0] as number;
  };
  const count = whole("num_leaves");
  // Each leaf takes a character of the line of values at least: a number that lies is found before memory is taken.
  const field = fields.get("leaf_value") ?? fault(at("leaf_value"), "a list of numbers", "nothing");
  const most = field.line.end - field.value;
  if (!(count >= 1 && count <= most)) fault(at("num_leaves"), `1 to ${most}, as many as leaf_value`, String(count));
  const splits = count - 1;
  const values = list("leaf_value", new Float64Array(count));
  const leafCounts = list("leaf_count", new Float64Array(count), true);
  const stump = splits === 0;
  const features = list("split_feature", new Int32Array(splits), stump);
  const thresholds = list("threshold", new Float64Array(splits), stump);
  const decisions = list("decision_type", new Int32Array(splits), true);
  const left = list("left_child", new Int32Array(splits), stump);
  const right = list("right_child", new Int32Array(splits), stump);
  const gain = list("split_gain", new Float64Array(splits), true);
  const counts = list("internal_count", new Float64Array(splits), true);
  const sets = setsOf(whole("num_cat"), list, at, fault);
  if (whole("is_linear", 0) === 1) addModels(count, list, at, leaves, fault);

  // Leaves stand behind the splits: their number from the end of all is what the file has.
  const children = (own: Int32Array): Int32Array => {
    const all = new Int32Array(splits + count).fill(-1);
    own.forEach((child, node) => {
      const target = child >= 0 ? child : splits + ~child;
      if (child >= splits || ~child >= count)
        fault(at("left_child"), `one of ${splits} nodes or ${count} leaves`, String(child));
      all[node] = target;
    });
    return all;
  };
  const firstLeaf = leaves.linear.length > 0 ? leaves.linear.length - count : 0;
  const order: number[] = [];
  builder.tree({ size: splits + count, left: children(left), right: children(right), place }, (node) => {
    if (node >= splits) {
      order.push(node - splits);
      builder.leaf(values[node - splits] as number, leafCounts[node - splits] as number);
      return;
    }
    const feature = features[node] as number;
    const decision = decisions[node] as number;
    const cover = counts[node] as number;
    if (feature < 0 || feature >= limits.maxFeatures) fault(at("split_feature"), "a feature", String(feature));
    if ((gain[node] as number) > 0) gains.set(feature, (gains.get(feature) ?? 0) + (gain[node] as number));
    const way = ways[(decision >> 2) & 3] ?? fault(at("decision_type"), "0 to 11", String(decision));
    if ((decision & 1) === 1) {
      const set =
        sets[thresholds[node] as number] ??
        fault(at("threshold"), `one of ${sets.length} sets`, String(thresholds[node]));
      builder.set(feature, missing.category, set, false, cover);
    } else if (Number.isNaN(thresholds[node])) {
      fault(at("threshold"), "a number", "nan");
    } else {
      builder.split(feature, way[(decision >> 1) & 1] as Missing, thresholds[node] as number, cover);
    }
  });
  if (order.length !== count) fault(place, `${count} leaves that can be reached`, String(order.length));
  if (leaves.linear.length > 0) reorder(leaves, firstLeaf, order);
}

type List = <A extends Float64Array | Int32Array>(name: string, into: A, optional?: boolean) => A;

/** Sets of categories of a tree, as bits. */
function setsOf(count: number, list: List, at: (name: string) => string, fault: Fault): Int32Array[] {
  if (count === 0) return [];
  if (!(count > 0 && count <= limits.maxFeatures)) fault(at("num_cat"), "a number of sets", String(count));
  const ends = list("cat_boundaries", new Int32Array(count + 1));
  const total = ends[count] as number;
  if (!(total >= 0 && total <= limits.maxNodes / 8)) fault(at("cat_boundaries"), "ascending numbers", String(total));
  const words = list("cat_threshold", new Int32Array(total));
  return Array.from({ length: count }, (_, i) => {
    const start = ends[i] as number;
    const end = ends[i + 1] as number;
    if (!(start >= 0 && start <= end && end <= total))
      fault(at("cat_boundaries"), "ascending numbers", `${start} to ${end}`);
    return words.subarray(start, end);
  });
}

/** Adds the models of the leaves of a tree. */
function addModels(count: number, list: List, at: (name: string) => string, leaves: GrowingLeaves, fault: Fault): void {
  const constants = list("leaf_const", new Float64Array(count));
  const sizes = list("num_features", new Int32Array(count));
  const total = sizes.reduce(
    (sum, size) => (size < 0 ? fault(at("num_features"), "0 or more", String(size)) : sum + size),
    0,
  );
  if (total > limits.maxNodes / 8) fault(at("num_features"), "as many as leaf_features", String(total));
  const features = list("leaf_features", new Int32Array(total));
  const coefficients = list("leaf_coeff", new Float64Array(total));
  let start = 0;
  for (let leaf = 0; leaf < count; leaf++) {
    leaves.linear.push(1);
    leaves.constants.push(constants[leaf] as number);
    leaves.starts.push(leaves.features.length);
    for (let i = start; i < start + (sizes[leaf] as number); i++) {
      leaves.features.push(features[i] as number);
      leaves.coefficients.push(coefficients[i] as number);
    }
    start += sizes[leaf] as number;
  }
}

/** Puts the models of a tree's leaves in the order in which the forest has its leaves. */
function reorder(leaves: GrowingLeaves, first: number, order: readonly number[]): void {
  const ends = [...leaves.starts.slice(first), leaves.features.length];
  const base = ends[0] as number;
  const constants = leaves.constants.splice(first);
  const features = leaves.features.splice(base);
  const coefficients = leaves.coefficients.splice(base);
  leaves.starts.length = first;
  for (const leaf of order) {
    leaves.starts.push(leaves.features.length);
    leaves.constants.push(constants[leaf] as number);
    const start = (ends[leaf] as number) - base;
    const end = (ends[leaf + 1] as number) - base;
    for (let i = start; i < end; i++) {
      leaves.features.push(features[i] as number);
      leaves.coefficients.push(coefficients[i] as number);
    }
  }
}

/** Models of leaves as they are stored. */
export function finished(leaves: GrowingLeaves): LinearLeaves {
  return {
    linear: Uint8Array.from(leaves.linear),
    constants: Float64Array.from(leaves.constants),
    starts: Int32Array.from([...leaves.starts, leaves.features.length]),
    features: Int32Array.from(leaves.features),
    coefficients: Float64Array.from(leaves.coefficients),
  };
}
