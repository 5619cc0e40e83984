import { must, OnnxFault } from "../fault.ts";
import { listIf, listOf, type Node, tensorIf } from "../node.ts";
import { numbers } from "../tensor.ts";
import { assemble, type Reals } from "./assemble.ts";
import { type Grove, modes } from "./grove.ts";

/** Sets of members, which NaN divides, in the order of the nodes that ask for them. */
function setsOf(values: Reals | undefined, wanted: number): number[][] {
  const sets: number[][] = [];
  let open: number[] = [];
  for (const value of values ?? []) {
    if (!Number.isNaN(value)) open.push(value);
    else {
      sets.push(open);
      open = [];
    }
  }
  if (open.length > 0) sets.push(open);
  must(sets.length === wanted, () => `expected ${wanted} sets of members, found ${sets.length}`);
  return sets;
}

function realTensor(node: Node, name: string): Reals | undefined {
  const tensor = tensorIf(node, name);
  if (tensor === undefined) return undefined;
  const { type, data } = numbers(tensor);
  if (type === "float" && data instanceof Float32Array) return data;
  if (type === "double" && data instanceof Float64Array) return data;
  throw new OnnxFault(`expected float or double in ${name}, found ${type}`);
}

/** Compiles the trees of TreeEnsemble (version 5), where leaves have lists of their own. */
export function compileTrees(node: Node): Grove {
  const kinds = numbers(tensorIf(node, "nodes_modes")).data;
  const splits = realTensor(node, "nodes_splits") ?? new Float32Array(0);
  const weights = realTensor(node, "leaf_weights") ?? new Float32Array(0);
  const targets = listOf(node, "leaf_targetids");
  const [featureIds, whenTrue, whenFalse, trueLeafs, falseLeafs] = [
    "featureids",
    "truenodeids",
    "falsenodeids",
    "trueleafs",
    "falseleafs",
  ].map((name) => listOf(node, `nodes_${name}`)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const count = kinds.length;
  for (const list of [splits, featureIds, whenTrue, whenFalse, trueLeafs, falseLeafs]) {
    must(list.length === count, () => `expected attributes of ${count} nodes, found one of ${list.length}`);
  }
  must(
    targets.length === weights.length,
    () => `expected as many targets as weights, found ${targets.length} and ${weights.length}`,
  );
  const roots = listOf(node, "tree_roots");
  roots.forEach((root) => {
    must(Number.isInteger(root) && root >= 0 && root < count, () => `expected a root below ${count}, found ${root}`);
  });
  const members = new Map<number, number>();
  kinds.forEach((kind, at) => {
    must(kind < modes.LEAF, () => `expected a mode below ${modes.LEAF} at node ${at}, found ${kind}`);
    if (kind === modes.BRANCH_MEMBER) members.set(at, members.size);
  });
  const sets = setsOf(realTensor(node, "membership_values"), members.size);
  const child = (id: number, isLeaf: number): number => {
    const limit = isLeaf ? targets.length : count;
    must(Number.isInteger(id) && id >= 0 && id < limit, () => `expected a child below ${limit}, found ${id}`);
    return isLeaf ? count + id : id;
  };
  return assemble({
    count: count + targets.length,
    roots,
    double: weights instanceof Float64Array || splits instanceof Float64Array,
    modeOf: (at) => (at < count ? (kinds[at] ?? 0) : modes.LEAF),
    featureOf: (at) => featureIds[at] ?? 0,
    thresholdOf: (at) => splits[at] ?? 0,
    children: (at) => [child(whenTrue[at] ?? 0, trueLeafs[at] ?? 0), child(whenFalse[at] ?? 0, falseLeafs[at] ?? 0)],
    missing: listIf(node, "nodes_missing_value_tracks_true"),
    votesOf: (at) => [targets[at - count] ?? 0, weights[at - count] ?? 0],
    members: (at) => sets[members.get(at) ?? 0] ?? [],
  });
}
