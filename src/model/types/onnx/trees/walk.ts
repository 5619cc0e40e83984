import { type Grove, missingIsTrue, modes } from "./grove.ts";

/** Finds the leaf of one row in one tree. */
export type Walk = (data: Float32Array | Float64Array, start: number, root: number) => number;

/** Walk through nodes that all ask whether a value is at most their threshold. */
function atMost({ feature, threshold, next }: Grove): Walk {
  return (data, start, root) => {
    let at = root;
    while (at >= 0) {
      const value = data[start + (feature[at] as number)] as number;
      at = next[2 * at + (value <= (threshold[at] as number) ? 0 : 1)] as number;
    }
    return ~at;
  };
}

/** Walk through nodes that all ask the same, where some missing values go the way of what is true. */
function atMostOrMissing({ feature, threshold, next, mode }: Grove): Walk {
  return (data, start, root) => {
    let at = root;
    while (at >= 0) {
      const value = data[start + (feature[at] as number)] as number;
      const holds =
        value <= (threshold[at] as number) || (Number.isNaN(value) && (mode[at] as number) >= missingIsTrue);
      at = next[2 * at + (holds ? 0 : 1)] as number;
    }
    return ~at;
  };
}

/** Walk through nodes that all ask whether a value is below their threshold. */
function below({ feature, threshold, next, mode }: Grove): Walk {
  return (data, start, root) => {
    let at = root;
    while (at >= 0) {
      const value = data[start + (feature[at] as number)] as number;
      const holds = value < (threshold[at] as number) || (Number.isNaN(value) && (mode[at] as number) >= missingIsTrue);
      at = next[2 * at + (holds ? 0 : 1)] as number;
    }
    return ~at;
  };
}

function isMember(sets: Float64Array, from: number, value: number): boolean {
  const size = sets[from] ?? 0;
  for (let at = from + 1; at <= from + size; at += 1) if (sets[at] === value) return true;
  return false;
}

function mixed({ feature, threshold, next, mode, sets }: Grove): Walk {
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

/** Makes the walk that suits the nodes of a grove. */
export function walkOf(grove: Grove): Walk {
  const kinds = new Set(grove.mode);
  const plain = new Set([...kinds].map((kind) => kind & 7));
  if (plain.size > 1) return mixed(grove);
  if (plain.has(modes.BRANCH_LEQ) || plain.size === 0)
    return kinds.size < 2 && !kinds.has(missingIsTrue) ? atMost(grove) : atMostOrMissing(grove);
  return plain.has(modes.BRANCH_LT) ? below(grove) : mixed(grove);
}
