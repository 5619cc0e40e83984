import type { Layout } from "./layout.ts";

/** Trees deeper than this are walked one row at a time, until its leaf. */
const maxTogether = 14;

/** Walks of rows through trees that are laid out; leaves are given by their numbers. */
export interface Together {
  /** Leaves of some rows in one tree. */
  rows(
    data: Float32Array | Float64Array,
    start: number,
    stride: number,
    count: number,
    tree: number,
    leaves: Int32Array,
  ): void;
  /** Leaves of one row in all trees. */
  trees(data: Float32Array | Float64Array, start: number, leaves: Int32Array): void;
}

/**
 * Makes walks of four at once: no step waits for the one before, and none depends on a guess of the processor.
 *
 * @param layout Trees.
 */
export function togetherOf({ column, threshold, next, roots, depths, firstLeaf }: Layout): Together {
  function alone(data: Float32Array | Float64Array, start: number, root: number): number {
    let at = root;
    while (at < firstLeaf)
      at = next[2 * at + +((data[start + (column[at] as number)] as number) > (threshold[at] as number))] as number;
    return at - firstLeaf;
  }

  return {
    rows(data, start, stride, count, tree, leaves) {
      const root = roots[tree] as number;
      const depth = depths[tree] as number;
      let row = 0;
      for (; depth <= maxTogether && row + 4 <= count; row += 4) {
        const s0 = start + row * stride;
        const s1 = s0 + stride;
        const s2 = s1 + stride;
        const s3 = s2 + stride;
        let a = root;
        let b = root;
        let c = root;
        let d = root;
        for (let step = 0; step < depth; step += 1) {
          a = next[2 * a + +((data[s0 + (column[a] as number)] as number) > (threshold[a] as number))] as number;
          b = next[2 * b + +((data[s1 + (column[b] as number)] as number) > (threshold[b] as number))] as number;
          c = next[2 * c + +((data[s2 + (column[c] as number)] as number) > (threshold[c] as number))] as number;
          d = next[2 * d + +((data[s3 + (column[d] as number)] as number) > (threshold[d] as number))] as number;
        }
        leaves[row] = a - firstLeaf;
        leaves[row + 1] = b - firstLeaf;
        leaves[row + 2] = c - firstLeaf;
        leaves[row + 3] = d - firstLeaf;
      }
      for (; row < count; row += 1) leaves[row] = alone(data, start + row * stride, root);
    },
    trees(data, start, leaves) {
      let tree = 0;
      for (; tree + 4 <= roots.length; tree += 4) {
        const depth = Math.max(
          depths[tree] as number,
          depths[tree + 1] as number,
          depths[tree + 2] as number,
          depths[tree + 3] as number,
        );
        if (depth > maxTogether) break;
        let a = roots[tree] as number;
        let b = roots[tree + 1] as number;
        let c = roots[tree + 2] as number;
        let d = roots[tree + 3] as number;
        for (let step = 0; step < depth; step += 1) {
          a = next[2 * a + +((data[start + (column[a] as number)] as number) > (threshold[a] as number))] as number;
          b = next[2 * b + +((data[start + (column[b] as number)] as number) > (threshold[b] as number))] as number;
          c = next[2 * c + +((data[start + (column[c] as number)] as number) > (threshold[c] as number))] as number;
          d = next[2 * d + +((data[start + (column[d] as number)] as number) > (threshold[d] as number))] as number;
        }
        leaves[tree] = a - firstLeaf;
        leaves[tree + 1] = b - firstLeaf;
        leaves[tree + 2] = c - firstLeaf;
        leaves[tree + 3] = d - firstLeaf;
      }
      for (; tree < roots.length; tree += 1) leaves[tree] = alone(data, start, roots[tree] as number);
    },
  };
}
