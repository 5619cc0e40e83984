import { type Forest, sideOfSet } from "./forest.ts";

/** Trees deeper than this are walked until the leaf: most rows would stand at theirs for too many steps. */
const maxTogether = 10;

/** Walks rows through trees and adds the values of their leaves to scores. */
export type Walk = (
  bins: Int32Array,
  rows: number,
  scores: Float64Array | Float32Array,
  outputs: number,
  trees: number,
) => void;

/**
 * Creates the walk of a forest. Rows of a block go through a tree one after another, four at once, so that its nodes stay
 * in the fastest memory and no step waits for the one before; one row alone goes through four trees at once.
 *
 * @param forest Trees.
 *
 * @returns Adds to `scores[row * outputs + group]` the leaves that rows reach, tree by tree; `bins` holds the numbers of
 *   all slots of the first row, then those of the next. Scores in a Float32Array are rounded after each tree.
 */
export function walkOf(forest: Forest): Walk {
  const { nodes, roots, depths, groups, values, width, grid } = forest;
  const slots = grid.slotFeature.length;
  const sets = forest.setStart.length > 1;

  const add = (scores: Float64Array | Float32Array, at: number, group: number, leaf: number) => {
    const value = (nodes[leaf + 1] as number) * width;
    if (width === 1) {
      scores[at + group] = (scores[at + group] as number) + (values[value] as number);
    } else {
      for (let i = 0; i < width; i++) scores[at + i] = (scores[at + i] as number) + (values[value + i] as number);
    }
  };

  /** Four rows at once, for as many steps as the tree is deep. */
  const four = (
    bins: Int32Array,
    rows: number,
    scores: Float64Array | Float32Array,
    outputs: number,
    tree: number,
  ): number => {
    const root = roots[tree] as number;
    const depth = depths[tree] as number;
    const group = groups[tree] as number;
    let row = 0;
    for (; row + 4 <= rows; row += 4) {
      const s0 = row * slots;
      const s1 = s0 + slots;
      const s2 = s1 + slots;
      const s3 = s2 + slots;
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (let step = 0; step < depth; step++) {
        a = nodes[a + 2 + (((nodes[a + 1] as number) - (bins[s0 + (nodes[a] as number)] as number)) >>> 31)] as number;
        b = nodes[b + 2 + (((nodes[b + 1] as number) - (bins[s1 + (nodes[b] as number)] as number)) >>> 31)] as number;
        c = nodes[c + 2 + (((nodes[c + 1] as number) - (bins[s2 + (nodes[c] as number)] as number)) >>> 31)] as number;
        d = nodes[d + 2 + (((nodes[d + 1] as number) - (bins[s3 + (nodes[d] as number)] as number)) >>> 31)] as number;
      }
      if (width === 1) {
        const at = row * outputs + group;
        scores[at] = (scores[at] as number) + (values[nodes[a + 1] as number] as number);
        scores[at + outputs] = (scores[at + outputs] as number) + (values[nodes[b + 1] as number] as number);
        scores[at + 2 * outputs] = (scores[at + 2 * outputs] as number) + (values[nodes[c + 1] as number] as number);
        scores[at + 3 * outputs] = (scores[at + 3 * outputs] as number) + (values[nodes[d + 1] as number] as number);
      } else {
        add(scores, row * outputs, group, a);
        add(scores, (row + 1) * outputs, group, b);
        add(scores, (row + 2) * outputs, group, c);
        add(scores, (row + 3) * outputs, group, d);
      }
    }
    return row;
  };

  /** One row through four trees at once: a leaf leads to itself, so the deepest of them says how many steps. */
  const oneRow = (bins: Int32Array, scores: Float64Array | Float32Array, trees: number): number => {
    let tree = 0;
    for (; tree + 4 <= trees; tree += 4) {
      let depth = 0;
      for (let i = tree; i < tree + 4; i++) depth = Math.max(depth, depths[i] as number);
      if (depth > maxTogether) break;
      let a = roots[tree] as number;
      let b = roots[tree + 1] as number;
      let c = roots[tree + 2] as number;
      let d = roots[tree + 3] as number;
      for (let step = 0; step < depth; step++) {
        a = nodes[a + 2 + (((nodes[a + 1] as number) - (bins[nodes[a] as number] as number)) >>> 31)] as number;
        b = nodes[b + 2 + (((nodes[b + 1] as number) - (bins[nodes[b] as number] as number)) >>> 31)] as number;
        c = nodes[c + 2 + (((nodes[c + 1] as number) - (bins[nodes[c] as number] as number)) >>> 31)] as number;
        d = nodes[d + 2 + (((nodes[d + 1] as number) - (bins[nodes[d] as number] as number)) >>> 31)] as number;
      }
      add(scores, 0, groups[tree] as number, a);
      add(scores, 0, groups[tree + 1] as number, b);
      add(scores, 0, groups[tree + 2] as number, c);
      add(scores, 0, groups[tree + 3] as number, d);
    }
    return tree;
  };

  return (bins, rows, scores, outputs, trees) => {
    for (let tree = rows === 1 && !sets ? oneRow(bins, scores, trees) : 0; tree < trees; tree++) {
      const together = !sets && (depths[tree] as number) <= maxTogether;
      let row = together ? four(bins, rows, scores, outputs, tree) : 0;
      const root = roots[tree] as number;
      const group = groups[tree] as number;
      for (; row < rows; row++) add(scores, row * outputs, group, leafOf(forest, bins, row * slots, root));
    }
  };
}

/**
 * Finds the leaf of one row.
 *
 * @param forest Trees.
 * @param bins Numbers of all slots of some rows.
 * @param start Where those of the row start.
 * @param root Position of the tree's root.
 *
 * @returns Position of the leaf.
 */
export function leafOf(forest: Forest, bins: Int32Array, start: number, root: number): number {
  const { nodes } = forest;
  let node = root;
  for (;;) {
    const bin = nodes[node + 1] as number;
    const value = bins[start + (nodes[node] as number)] as number;
    const side = bin < 0 ? sideOfSet(forest, bin, value) : (bin - value) >>> 31;
    const next = nodes[node + 2 + side] as number;
    if (next === node) return node;
    node = next;
  }
}

/**
 * Tells on which side of a node a row goes.
 *
 * @param forest Trees.
 * @param node Position of the node.
 * @param bins Numbers of all slots of the row.
 *
 * @returns 0 for left, 1 for right.
 */
export function sideOf(forest: Forest, node: number, bins: Int32Array): number {
  const bin = forest.nodes[node + 1] as number;
  const value = bins[forest.nodes[node] as number] as number;
  return bin < 0 ? sideOfSet(forest, bin, value) : (bin - value) >>> 31;
}

/** Whether the node at a position is a leaf. */
export function isLeaf(nodes: Int32Array, position: number): boolean {
  return nodes[position + 2] === position;
}
