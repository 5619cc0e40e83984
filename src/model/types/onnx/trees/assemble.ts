import { must } from "../fault.ts";
import { type Grove, missingIsTrue, modes } from "./grove.ts";
import { ordered } from "./order.ts";

/** Numbers of float32 or float64. */
export type Reals = Float32Array | Float64Array;

const arrayLike = (double: boolean, length: number): Reals =>
  double ? new Float64Array(length) : new Float32Array(length);

/** What both layouts of the format come to. */
export interface Parts {
  readonly count: number;
  readonly roots: ArrayLike<number>;
  readonly modeOf: (node: number) => number;
  readonly featureOf: (node: number) => number;
  readonly thresholdOf: (node: number) => number;
  readonly children: (node: number) => readonly [number, number];
  readonly missing: Float64Array | undefined;
  /** Votes of a leaf: target and weight, in turn. */
  readonly votesOf: (leaf: number) => readonly number[];
  readonly members?: (node: number) => readonly number[];
  readonly double: boolean;
}

/** Puts nodes and votes in order. */
export function assemble(parts: Parts): Grove {
  const { count, roots, modeOf, double } = parts;
  const leaf = (node: number) => modeOf(node) === modes.LEAF;
  const { nodes, leaves, placed } = ordered(count, roots, (node) => (leaf(node) ? undefined : parts.children(node)));
  const feature = new Int32Array(nodes.length);
  const threshold = arrayLike(double, nodes.length);
  const next = new Int32Array(nodes.length * 2);
  const mode = new Uint8Array(nodes.length);
  const sets: number[] = [];
  let features = 0;
  nodes.forEach((node, at) => {
    const [whenTrue, whenFalse] = parts.children(node);
    const index = parts.featureOf(node);
    must(
      Number.isInteger(index) && index >= 0 && index < 2 ** 30,
      () => `expected a feature at node ${node}, found ${index}`,
    );
    features = Math.max(features, index + 1);
    feature[at] = index;
    next[2 * at] = placed[whenTrue] ?? 0;
    next[2 * at + 1] = placed[whenFalse] ?? 0;
    mode[at] = modeOf(node) + (parts.missing?.[node] === 1 ? missingIsTrue : 0);
    threshold[at] = parts.thresholdOf(node);
    if (modeOf(node) === modes.BRANCH_MEMBER) {
      const members = parts.members?.(node) ?? [];
      // A float32 cannot hold every place: the set is found by the node instead.
      threshold[at] = sets.length;
      must(sets.length < 2 ** 24, () => "expected fewer members of sets");
      sets.push(members.length, ...members);
    }
  });
  const votes = new Int32Array(leaves.length + 1);
  const list: number[] = [];
  leaves.forEach((node, at) => {
    for (const each of parts.votesOf(node)) list.push(each);
    votes[at + 1] = list.length / 2;
  });
  const voteTarget = new Int32Array(list.length / 2);
  const voteWeight = arrayLike(double, list.length / 2);
  for (let at = 0; at < voteTarget.length; at += 1) {
    const target = list[2 * at] ?? 0;
    must(
      Number.isInteger(target) && target >= 0 && target < 2 ** 24,
      () => `expected the number of a target, found ${target}`,
    );
    voteTarget[at] = target;
    voteWeight[at] = list[2 * at + 1] ?? 0;
  }
  return {
    feature,
    threshold,
    next,
    mode,
    roots: Int32Array.from(roots, (root) => placed[root] ?? 0),
    votes,
    voteTarget,
    voteWeight,
    sets: Float64Array.from(sets),
    features,
    double,
    oneTarget: new Set(voteTarget).size === 1,
    positive: voteWeight.every((weight) => !(weight < 0)),
  };
}
