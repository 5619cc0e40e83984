import { type Grove, missingIsTrue, modes } from "./grove.ts";

/** Finds the leaf of one row in one tree. */
export type Walk = (data: Float32Array | Float64Array, start: number, root: number) => number;

function isMember(sets: Float64Array, from: number, value: number): boolean {
  const size = sets[from] ?? 0;
  for (let at = from + 1; at <= from + size; at += 1) if (sets[at] === value) return true;
  return false;
}

/** Makes the walk through nodes that may ask anything. */
export function walkOf({ feature, threshold, next, mode, sets }: Grove): Walk {
  const holds = (kind: number, value: number, bound: number): boolean => {
    if (kind === modes.BRANCH_LEQ) return value <= bound;
    if (kind === modes.BRANCH_LT) return value < bound;
    if (kind === modes.BRANCH_GTE) return value >= bound;
    if (kind === modes.BRANCH_GT) return value > bound;
    if (kind === modes.BRANCH_EQ) return value === bound;
    if (kind === modes.BRANCH_NEQ) return value !== bound;
    return isMember(sets, bound, value);
  };
  return (data, start, root) => {
    let at = root;
    while (at >= 0) {
      const value = data[start + (feature[at] as number)] as number;
      const kind = mode[at] as number;
      const yes = holds(kind & 7, value, threshold[at] as number) || (Number.isNaN(value) && kind >= missingIsTrue);
      at = next[2 * at + (yes ? 0 : 1)] as number;
    }
    return ~at;
  };
}
