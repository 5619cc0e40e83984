import type { Walk } from "./evaluate.ts";
import { type Forest, stride } from "./forest.ts";

/** Deeper trees have too many leaves to be looked up. */
const maxDepth = 16;

/** Rows that are walked together: as many as a block of the scorer has. */
const maxRows = 64;

/**
 * Creates the walk of a forest whose trees ask the same of all nodes of a level, as CatBoost's do: the answers are the bits of
 * the number of the leaf. No step waits for the one before, and no node is read. Leaves are added in the order of the trees, as
 * by any other walk.
 *
 * @param forest Trees.
 *
 * @returns The walk; undefined if a tree is none of these.
 */
export function symmetricWalkOf(forest: Forest): Walk | undefined {
  const { nodes, roots, depths, groups, values, width, grid, setStart } = forest;
  const slots = grid.slotFeature.length;
  if (setStart.length > 1 || depths.some((depth) => depth > maxDepth)) return undefined;
  /** Slot and rank of each level, tree by tree, and places of values of the leaves, by their numbers. */
  const tests = new Int32Array(2 * depths.reduce((sum, depth) => sum + depth, 0));
  const leaves = new Int32Array(nodes.length / stride);
  let test = 0;
  let leaf = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    let level = [roots[tree] as number];
    for (let depth = depths[tree] as number; depth > 0; depth--) {
      const [first = 0] = level;
      const slot = nodes[first] as number;
      const rank = nodes[first + 1] as number;
      const next: number[] = [];
      for (const node of level) {
        if (nodes[node + 2] === node || nodes[node] !== slot || nodes[node + 1] !== rank) return undefined;
        next.push(nodes[node + 2] as number, nodes[node + 3] as number);
      }
      tests[test++] = slot;
      tests[test++] = rank;
      level = next;
    }
    for (const node of level) leaves[leaf++] = (nodes[node + 1] as number) * width;
  }
  const found = new Int32Array(maxRows);

  /** Numbers of the leaves of rows, four rows at once. */
  const find = (bins: Int32Array, rows: number, start: number, end: number) => {
    let row = 0;
    for (; row + 4 <= rows; row += 4) {
      const s0 = row * slots;
      const s1 = s0 + slots;
      const s2 = s1 + slots;
      const s3 = s2 + slots;
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let at = start; at < end; at += 2) {
        const slot = tests[at] as number;
        const rank = tests[at + 1] as number;
        a = (a << 1) | ((rank - (bins[s0 + slot] as number)) >>> 31);
        b = (b << 1) | ((rank - (bins[s1 + slot] as number)) >>> 31);
        c = (c << 1) | ((rank - (bins[s2 + slot] as number)) >>> 31);
        d = (d << 1) | ((rank - (bins[s3 + slot] as number)) >>> 31);
      }
      found[row] = a;
      found[row + 1] = b;
      found[row + 2] = c;
      found[row + 3] = d;
    }
    for (; row < rows; row++) {
      let a = 0;
      for (let at = start; at < end; at += 2) {
        a = (a << 1) | (((tests[at + 1] as number) - (bins[row * slots + (tests[at] as number)] as number)) >>> 31);
      }
      found[row] = a;
    }
  };

  return (bins, rows, scores, outputs, trees) => {
    let start = 0;
    let first = 0;
    for (let tree = 0; tree < trees; tree++) {
      const depth = depths[tree] as number;
      const end = start + 2 * depth;
      find(bins, rows, start, end);
      const group = groups[tree] as number;
      for (let row = 0, at = group; width === 1 && row < rows; row++, at += outputs) {
        const value = leaves[first + (found[row] as number)] as number;
        scores[at] = (scores[at] as number) + (values[value] as number);
      }
      for (let row = 0; width > 1 && row < rows; row++) {
        const value = leaves[first + (found[row] as number)] as number;
        const at = row * outputs + group;
        for (let i = 0; i < width; i++) scores[at + i] = (scores[at + i] as number) + (values[value + i] as number);
      }
      start = end;
      first += 1 << depth;
    }
  };
}
