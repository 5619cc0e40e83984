import { type Grove, missingIsTrue, modes } from "./grove.ts";

/**
 * Trees of which every node asks whether a value is at most its threshold. Leaves stand after all nodes and lead to
 * themselves, so that rows may walk together for as many steps as a tree is deep.
 */
export interface Layout {
  /** Column of each node; where missing values go both ways, each feature has two. */
  readonly column: Int32Array;
  readonly threshold: Float32Array | Float64Array;
  /** Two for each node: where a true comparison leads, and a false one. */
  readonly next: Int32Array;
  readonly roots: Int32Array;
  /** Steps from each root to its deepest leaf. */
  readonly depths: Int32Array;
  /** Place of the first leaf. */
  readonly firstLeaf: number;
  /** Columns of a feature: 1, or 2 where some nodes send missing values to what is true. */
  readonly perFeature: 1 | 2;
}

const word = new DataView(new ArrayBuffer(8));

/** Greatest number below another, in float32 or float64. */
function before(value: number, double: boolean): number {
  if (value === 0) return double ? -Number.MIN_VALUE : -(2 ** -149);
  if (double) {
    word.setFloat64(0, value);
    word.setBigInt64(0, word.getBigInt64(0) + (value > 0 ? -1n : 1n));
    return word.getFloat64(0);
  }
  word.setFloat32(0, value);
  word.setInt32(0, word.getInt32(0) + (value > 0 ? -1 : 1));
  return word.getFloat32(0);
}

/**
 * Lays out trees, or gives undefined for those with other questions, infinite thresholds or nodes of two parents.
 *
 * @param grove Trees.
 * @param double Whether rows are float64: below a threshold means at most the number before it.
 */
export function layoutOf(grove: Grove, double: boolean): Layout | undefined {
  const count = grove.feature.length;
  const leaves = grove.votes.length - 1;
  const size = count + leaves;
  const asks = (at: number) => (grove.mode[at] ?? 0) & 7;
  for (let at = 0; at < count; at += 1) {
    const known = asks(at) === modes.BRANCH_LEQ || asks(at) === modes.BRANCH_LT;
    if (!known || !Number.isFinite(grove.threshold[at])) return undefined;
  }
  const real = double ? Float64Array : Float32Array;
  const perFeature = grove.mode.some((mode) => mode >= missingIsTrue) ? 2 : 1;
  const layout = { column: new Int32Array(size), threshold: new real(size), next: new Int32Array(2 * size) };
  const place = (found: number) => (found < 0 ? count + ~found : found);
  const depth = new Int32Array(size);
  const parents = new Uint8Array(size);
  for (let at = size - 1; at >= 0; at -= 1) {
    if (at >= count) {
      layout.next[2 * at] = at;
      layout.next[2 * at + 1] = at;
      continue;
    }
    const missing = perFeature === 2 && (grove.mode[at] ?? 0) >= missingIsTrue ? 1 : 0;
    const bound = grove.threshold[at] ?? 0;
    layout.column[at] = (grove.feature[at] ?? 0) * perFeature + missing;
    layout.threshold[at] = asks(at) === modes.BRANCH_LT ? before(bound, double) : bound;
    if (!Number.isFinite(layout.threshold[at])) return undefined;
    for (const side of [0, 1]) {
      const child = place(grove.next[2 * at + side] ?? 0);
      // Children stand after their parent, if each has one parent only.
      if (child <= at || parents[child]) return undefined;
      parents[child] = 1;
      layout.next[2 * at + side] = child;
      depth[at] = Math.max(depth[at] ?? 0, 1 + (depth[child] ?? 0));
    }
  }
  const roots = grove.roots.map(place);
  return { ...layout, roots, depths: roots.map((root) => depth[root] ?? 0), firstLeaf: count, perFeature };
}

/** Rows whose missing values are infinite: such as go the way of what is false, and beside them the other way. */
export function columnsOf(data: Float32Array | Float64Array, perFeature: 1 | 2): Float32Array | Float64Array {
  const { POSITIVE_INFINITY: high, NEGATIVE_INFINITY: low } = Number;
  if (perFeature === 1 && !data.some(Number.isNaN)) return data;
  const made =
    data instanceof Float32Array
      ? new Float32Array(data.length * perFeature)
      : new Float64Array(data.length * perFeature);
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at] as number;
    const missing = Number.isNaN(value);
    made[at * perFeature] = missing ? high : value;
    if (perFeature === 2) made[at * 2 + 1] = missing ? low : value;
  }
  return made;
}
