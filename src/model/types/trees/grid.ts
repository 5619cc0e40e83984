/** How a slot turns the value of its feature into the number that nodes compare. */
export const missing = {
  /** NaN goes left. */
  left: 0,
  /** NaN goes right. */
  right: 1,
  /** NaN is zero. */
  zero: 2,
  /** NaN and zero go left. */
  zeroLeft: 3,
  /** NaN and zero go right. */
  zeroRight: 4,
  /** A category: NaN is in no set, so goes right. */
  category: 5,
  /** A category: NaN goes left. */
  categoryLeft: 6,
} as const;

/** One of the ways above. */
export type Missing = (typeof missing)[keyof typeof missing];

/**
 * Slots and cuts of a model. A slot is one feature with one treatment of missing values; a row becomes one whole number
 * for each slot, the rank of its value among the thresholds of the feature. So a node compares two whole numbers, without
 * a branch, and never asks whether a value is missing.
 */
export interface Grid {
  /** Feature of each slot. */
  readonly slotFeature: Int32Array;
  /** Treatment of missing values of each slot. */
  readonly slotMissing: Uint8Array;
  /** Thresholds of all features, ascending within each. */
  readonly cuts: Float64Array;
  /** Start of each feature's thresholds in `cuts`, and the end of the last. */
  readonly cutStart: Int32Array;
}

/** Rank above all thresholds. */
export const maxRank = 0x3fffffff;

/** Number of a category that is in every set, and of one that is in none. */
export const inEverySet = -2;
export const inNoSet = -1;

/** Zero, as LightGBM has it: the float nearest to 1e-35, and what is smaller. */
export const zeroBound = Math.fround(1e-35);

/** Largest category: codes above go nowhere. */
const maxCategory = 0x7fffffff;

/**
 * Finds the rank of a value: how many thresholds are below it.
 *
 * @param cuts Thresholds, ascending.
 * @param start Where those of the feature start.
 * @param end Where they end.
 * @param value A number; not NaN.
 *
 * @returns The rank, from 0 to `end - start`.
 */
export function rankOf(cuts: Float64Array, start: number, end: number, value: number): number {
  let low = start;
  let size = end - start;
  while (size > 0) {
    const half = size >>> 1;
    if ((cuts[low + half] as number) < value) {
      low += half + 1;
      size -= half + 1;
    } else {
      size = half;
    }
  }
  return low - start;
}

/** Number of a category for a node with a set. */
function categoryOf(value: number, how: number): number {
  if (Number.isNaN(value)) return how === missing.categoryLeft ? inEverySet : inNoSet;
  const code = Math.trunc(value);
  return code < 0 || code > maxCategory ? inNoSet : code;
}

/**
 * Ranks one value for one slot.
 *
 * @param grid Slots and cuts.
 * @param slot Number of the slot.
 * @param value Value of the slot's feature; NaN is missing.
 *
 * @returns The number that nodes compare.
 */
export function slotValue(grid: Grid, slot: number, value: number): number {
  const how = grid.slotMissing[slot] as number;
  const feature = grid.slotFeature[slot] as number;
  let known = value;
  if (how >= missing.category) return categoryOf(value, how);
  if (Number.isNaN(value)) {
    if (how === missing.left || how === missing.zeroLeft) return -1;
    if (how !== missing.zero) return maxRank;
    known = 0;
  } else if (how >= missing.zeroLeft && Math.abs(value) <= zeroBound) {
    return how === missing.zeroLeft ? -1 : maxRank;
  }
  return rankOf(grid.cuts, grid.cutStart[feature] as number, grid.cutStart[feature + 1] as number, known);
}

/**
 * Sorts the thresholds of each feature, and keeps each once.
 *
 * @param all Thresholds, those of the first feature first; they change places.
 * @param starts Where those of each feature start, and the end of the last.
 *
 * @returns Cuts of a grid.
 */
export function distinct(
  all: Float64Array | Float32Array,
  starts: Int32Array,
): { readonly cuts: Float64Array; readonly cutStart: Int32Array } {
  const cutStart = new Int32Array(starts.length);
  let count = 0;
  for (let feature = 0; feature + 1 < starts.length; feature++) {
    cutStart[feature] = count;
    const own = all.subarray(starts[feature], starts[feature + 1]).sort();
    let last = Number.NaN;
    for (let i = 0; i < own.length; i++) {
      const cut = own[i] as number;
      if (cut === last) continue;
      all[count++] = cut;
      last = cut;
    }
  }
  cutStart[starts.length - 1] = count;
  return { cuts: Float64Array.from(all.subarray(0, count)), cutStart };
}
