import { must, OnnxFault } from "../fault.ts";
import { listIf, listOf, type Node, tensorIf, textsOf } from "../node.ts";
import { numbers } from "../tensor.ts";
import { assemble, type Reals } from "./assemble.ts";
import { type Grove, modes } from "./grove.ts";

/** Real numbers of an attribute, or of the tensor that may stand in its place and may be float64. */
function realsOf(node: Node, name: string): Reals {
  const tensor = tensorIf(node, `${name}_as_tensor`);
  if (tensor === undefined) return Float32Array.from(listOf(node, name));
  const { type, data } = numbers(tensor);
  if (data instanceof Float64Array && type === "double") return data;
  if (data instanceof Float32Array) return data;
  throw new OnnxFault(`expected float or double in ${name}_as_tensor, found ${type}`);
}

/** Compiles the trees of TreeEnsembleClassifier and TreeEnsembleRegressor (versions 1 and 3). */
export function compileEnsemble(node: Node): Grove {
  const votesAre = node.operator === "TreeEnsembleClassifier" ? "class" : "target";
  const names = textsOf(node, "nodes_modes");
  const [treeIds, nodeIds, featureIds, whenTrue, whenFalse] = [
    "treeids",
    "nodeids",
    "featureids",
    "truenodeids",
    "falsenodeids",
  ].map((name) => listOf(node, `nodes_${name}`)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const values = realsOf(node, "nodes_values");
  const count = names.length;
  for (const list of [treeIds, nodeIds, featureIds, whenTrue, whenFalse, values]) {
    must(list.length === count, () => `expected attributes of ${count} nodes, found one of ${list.length}`);
  }
  const numbered = Uint8Array.from(names, (name) => {
    const mode = Object.hasOwn(modes, name) ? modes[name as keyof typeof modes] : undefined;
    if (mode === undefined || mode === modes.BRANCH_MEMBER)
      throw new OnnxFault(`nodes of the mode ${name}`, "unsupported");
    return mode;
  });
  const places = new Map<number, Map<number, number>>();
  const roots: number[] = [];
  treeIds.forEach((tree, at) => {
    const known = places.get(tree) ?? new Map<number, number>();
    if (at === 0 || tree !== treeIds[at - 1]) {
      must(!places.has(tree), () => `expected the nodes of tree ${tree} together, found them apart`);
      places.set(tree, known);
      roots.push(at);
    }
    must(!known.has(nodeIds[at] ?? 0), () => `expected node ${nodeIds[at]} of tree ${tree} once, found it twice`);
    known.set(nodeIds[at] ?? 0, at);
  });
  const place = (at: number, id: number) => places.get(treeIds[at] ?? 0)?.get(id) ?? -1;
  const [voteIds, voteNodes, voteTrees] = ["ids", "nodeids", "treeids"].map((name) =>
    listOf(node, `${votesAre}_${name}`),
  ) as [Float64Array, Float64Array, Float64Array];
  const weights = realsOf(node, `${votesAre}_weights`);
  for (const list of [voteNodes, voteTrees, weights]) {
    must(
      list.length === voteIds.length,
      () => `expected attributes of ${voteIds.length} votes, found one of ${list.length}`,
    );
  }
  const votes = new Map<number, number[]>();
  voteIds.forEach((target, at) => {
    const leaf = places.get(voteTrees[at] ?? 0)?.get(voteNodes[at] ?? 0);
    must(
      leaf !== undefined,
      () => `expected a node for vote ${at}, found node ${voteNodes[at]} of tree ${voteTrees[at]}`,
    );
    const list = votes.get(leaf);
    if (list) list.push(target, weights[at] ?? 0);
    else votes.set(leaf, [target, weights[at] ?? 0]);
  });
  return assemble({
    count,
    roots,
    double: values instanceof Float64Array || weights instanceof Float64Array,
    modeOf: (at) => numbered[at] ?? 0,
    featureOf: (at) => featureIds[at] ?? 0,
    thresholdOf: (at) => values[at] ?? 0,
    children: (at) => [place(at, whenTrue[at] ?? 0), place(at, whenFalse[at] ?? 0)],
    missing: listIf(node, "nodes_missing_value_tracks_true"),
    votesOf: (at) => votes.get(at) ?? [],
  });
}
