import type { Grid } from "./grid.ts";

/** Numbers a node takes in `nodes`. */
export const stride = 4;

/**
 * Trees of a model in flat arrays. A node is four whole numbers at its position:
 *
 * - slot whose number it compares; 0 at a leaf
 * - greatest rank that goes left; less than 0 for a node with a set of categories, of which it is the number below -1;
 *   at a leaf the number of its value
 * - position of the left child; of a leaf itself
 * - position of the right child; of a leaf itself
 *
 * Children stand after their parent, so that no walk is endless. A leaf leads to itself, so that rows may walk together
 * for as many steps as the tree is deep.
 */
export interface Forest {
  readonly grid: Grid;
  readonly nodes: Int32Array;
  /** Position of each tree's root. */
  readonly roots: Int32Array;
  /** Steps from each root to its deepest leaf. */
  readonly depths: Int32Array;
  /** Score to which each tree adds; 0 where leaves hold all scores. */
  readonly groups: Int32Array;
  /** Values of leaves, `width` numbers for each. */
  readonly values: Float64Array | Float32Array;
  /** Numbers of a leaf: 1, or one for each score. */
  readonly width: number;
  /** Weight of the training rows that came to each node. */
  readonly cover: Float64Array | Float32Array;
  /** Sets of categories as bits of whole numbers. */
  readonly sets: Int32Array;
  /** Start of each set in `sets`, and the end of the last. */
  readonly setStart: Int32Array;
}

/**
 * Tells on which side of a node with a set a category goes.
 *
 * @param forest Trees.
 * @param bin Second number of the node: less than 0.
 * @param category Number of the category in the row.
 *
 * @returns 0 for left, where the set has the category; 1 for right.
 */
export function sideOfSet(forest: Forest, bin: number, category: number): 0 | 1 {
  if (category < 0) return category === -2 ? 0 : 1;
  const start = forest.setStart[-bin - 1] as number;
  const word = category >>> 5;
  if (word >= (forest.setStart[-bin] as number) - start) return 1;
  return (((forest.sets[start + word] as number) >>> (category & 31)) & 1) === 1 ? 0 : 1;
}
