import { must } from "../fault.ts";
import type { Rows } from "../operators/matrix-input.ts";
import type { Grove } from "./grove.ts";
import { columnsOf, type Layout, layoutOf } from "./layout.ts";
import { type Together, togetherOf } from "./together.ts";
import { walkOf } from "./walk.ts";

/** How the votes of trees become one score. */
export type Aggregate = "AVERAGE" | "SUM" | "MIN" | "MAX";

/** Scores of rows, and which targets had any vote. */
export interface Scores {
  readonly sums: Float32Array | Float64Array;
  readonly has: Uint8Array;
}

type Matrix = Float32Array | Float64Array;

/** Rows that walk through one tree before the next one: few enough to stay in the fastest memory. */
const block = 64;

/** Takes the leaves of some rows in one tree: from a row on, so many. */
type Take = (leaves: Int32Array, first: number, count: number) => void;

/** Walk of all rows through all trees, tree after tree for each row. */
type Visit = (rows: Rows, take: Take) => void;

function laidOut(layout: Layout, { rows, trees }: Together): Visit {
  const count = layout.roots.length;
  const leaves = new Int32Array(Math.max(block, count));
  const one = new Int32Array(1);
  return (given, take) => {
    const data = columnsOf(given.data as Matrix, layout.perFeature);
    const stride = given.columns * layout.perFeature;
    if (given.rows === 1) {
      trees(data, 0, leaves);
      for (let tree = 0; tree < count; tree += 1) {
        one[0] = leaves[tree] as number;
        take(one, 0, 1);
      }
      return;
    }
    for (let first = 0; first < given.rows; first += block) {
      const size = Math.min(block, given.rows - first);
      for (let tree = 0; tree < count; tree += 1) {
        rows(data, first * stride, stride, size, tree, leaves);
        take(leaves, first, size);
      }
    }
  };
}

function anyhow(grove: Grove): Visit {
  const walk = walkOf(grove);
  const leaves = new Int32Array(block);
  return ({ data, rows, columns }, take) => {
    for (let first = 0; first < rows; first += block) {
      const size = Math.min(block, rows - first);
      for (const root of grove.roots) {
        for (let row = 0; row < size; row += 1) leaves[row] = walk(data as Matrix, (first + row) * columns, root);
        take(leaves, first, size);
      }
    }
  };
}

function visitOf(grove: Grove, double: boolean): Visit {
  const layout = layoutOf(grove, double);
  return layout ? laidOut(layout, togetherOf(layout)) : anyhow(grove);
}

/**
 * Makes the function that sums the votes of trees, tree after tree, in float32 or float64 as the rows are.
 *
 * @param grove Trees.
 * @param targets Number of targets.
 * @param aggregate How votes become a score; an average is a sum here.
 */
export function summing(grove: Grove, targets: number, aggregate: Aggregate): (rows: Rows, double: boolean) => Scores {
  const { votes, voteTarget, voteWeight } = grove;
  const single = targets === 1;
  const add = aggregate === "SUM" || aggregate === "AVERAGE";
  const less = aggregate === "MIN";
  const simple = single && add && votes.every((start, leaf) => start === leaf);
  const visits = new Map<boolean, Visit>();
  must(
    single || voteTarget.every((target) => target < targets),
    () => `expected targets below ${targets}, found a greater one`,
  );

  function vote(leaf: number, { sums, has }: Scores, to: number): void {
    const start = votes[leaf] as number;
    const last = votes[leaf + 1] as number;
    // Of one target the first vote of a leaf counts, whatever its number.
    const end = single ? Math.min(start + 1, last) : last;
    for (let at = start; at < end; at += 1) {
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
    const visit = visits.get(double) ?? visitOf(grove, double);
    visits.set(double, visit);
    const { sums } = scores;
    const take: Take = simple
      ? (leaves, first, count) => {
          for (let row = 0; row < count; row += 1)
            sums[first + row] = (sums[first + row] as number) + (voteWeight[leaves[row] as number] as number);
        }
      : (leaves, first, count) => {
          for (let row = 0; row < count; row += 1) vote(leaves[row] as number, scores, (first + row) * targets);
        };
    visit({ data: matrix, rows, columns }, take);
    if (simple) scores.has.fill(1);
    return scores;
  };
}
