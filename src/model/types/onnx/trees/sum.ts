import { must } from "../fault.ts";
import type { Rows } from "../operators/matrix-input.ts";
import type { Grove } from "./grove.ts";
import { walkOf } from "./walk.ts";

/** How the votes of trees become one score. */
export type Aggregate = "AVERAGE" | "SUM" | "MIN" | "MAX";

/** Scores of rows, and which targets had any vote. */
export interface Scores {
  readonly sums: Float32Array | Float64Array;
  readonly has: Uint8Array;
}

/** Rows that walk through one tree before the next one: few enough to stay in the fastest memory. */
const block = 64;

/**
 * Makes the function that sums the votes of trees, tree after tree, in float32 or float64 as the rows are.
 *
 * @param grove Trees.
 * @param targets Number of targets.
 * @param aggregate How votes become a score; an average is a sum here.
 */
export function summing(grove: Grove, targets: number, aggregate: Aggregate): (rows: Rows, double: boolean) => Scores {
  const walk = walkOf(grove);
  const { roots, votes, voteTarget, voteWeight } = grove;
  const single = targets === 1;
  const add = aggregate === "SUM" || aggregate === "AVERAGE";
  const less = aggregate === "MIN";
  must(
    single || voteTarget.every((target) => target < targets),
    () => `expected targets below ${targets}, found a greater one`,
  );

  function vote(leaf: number, { sums, has }: Scores, to: number): void {
    const end = single ? Math.min((votes[leaf] as number) + 1, votes[leaf + 1] as number) : (votes[leaf + 1] as number);
    for (let at = votes[leaf] as number; at < end; at += 1) {
      const place = single ? to : to + (voteTarget[at] as number);
      const weight = voteWeight[at] as number;
      if (add) sums[place] = (sums[place] as number) + weight;
      else if (!has[place] || (less ? weight < (sums[place] as number) : weight > (sums[place] as number)))
        sums[place] = weight;
      has[place] = 1;
    }
  }

  return ({ data, rows, columns }, double) => {
    must(grove.features <= columns, () => `expected at least ${grove.features} features, found ${columns}`);
    const real = double ? Float64Array : Float32Array;
    const matrix = data instanceof real ? data : real.from(data);
    const scores: Scores = { sums: new real(rows * targets), has: new Uint8Array(rows * targets) };
    const simple = single && add && votes.every((start, leaf) => start === leaf);
    const { sums } = scores;
    for (let first = 0; first < rows; first += block) {
      const last = Math.min(rows, first + block);
      for (let tree = 0; tree < roots.length; tree += 1) {
        const root = roots[tree] as number;
        if (simple) {
          for (let row = first; row < last; row += 1) {
            sums[row] = (sums[row] as number) + (voteWeight[walk(matrix, row * columns, root)] as number);
          }
        } else
          for (let row = first; row < last; row += 1) vote(walk(matrix, row * columns, root), scores, row * targets);
      }
    }
    if (simple) scores.has.fill(1);
    return scores;
  };
}
