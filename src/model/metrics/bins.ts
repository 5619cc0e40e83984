/**
 * Histogram whose bins are `[i · 2^step, (i + 1) · 2^step)`. The step is the smallest with which no more bins are occupied
 * than may be: it depends on the values alone, so that histograms of parts merge into the histogram of the whole.
 */
export interface Bins {
  readonly step: number;
  /** How many numbers stand behind each index. */
  readonly width: number;
  /** Flat: the index of an occupied bin and its numbers, by rising index. */
  readonly cells: readonly number[];
}

/** The finest step of a histogram: so many powers of two below its largest value. Indices stay exact integers. */
const finest = 40;

/** Smallest power of two that divides without loss. */
const minExponent = -1022;

const bits = new DataView(new ArrayBuffer(8));

/**
 * Power of two, exact: `Math.pow` need not be.
 *
 * @param exponent A whole number from -1022 to 1023.
 *
 * @returns 2 to that power.
 */
export function powerOfTwo(exponent: number): number {
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** The exponent of a finite number. */
function exponentOf(value: number): number {
  bits.setFloat64(0, value);
  return Math.max(minExponent, ((bits.getUint32(0) >>> 20) & 0x7ff) - 1023);
}

/**
 * Histogram of values.
 *
 * @param values Finite numbers.
 * @param max How many bins may be occupied.
 * @param width How many numbers each bin has.
 * @param add Adds what belongs to a row to the numbers of its bin.
 *
 * @returns The bins.
 */
export function binsOf(
  values: ArrayLike<number>,
  max: number,
  width: number,
  add: (numbers: number[], row: number) => void,
): Bins {
  let largest = 0;
  for (let row = 0; row < values.length; row++) largest = Math.max(largest, Math.abs(values[row] as number));
  const fine = Math.max(minExponent, (largest === 0 ? 0 : exponentOf(largest)) - finest);
  const size = powerOfTwo(fine);
  const indices = Float64Array.from(values, (value) => Math.floor(value / size));
  const sorted = indices.slice().sort();
  let up = 0;
  while (occupied(sorted, powerOfTwo(up)) > max) up += 1;
  const factor = powerOfTwo(up);
  const cells = new Map<number, number[]>();
  for (let row = 0; row < indices.length; row++) {
    const index = Math.floor((indices[row] as number) / factor);
    const numbers = cells.get(index) ?? new Array<number>(width).fill(0);
    cells.set(index, numbers);
    add(numbers, row);
  }
  return flat(fine + up, width, cells);
}

function occupied(sorted: Float64Array, factor: number): number {
  let count = 0;
  let before = Number.NaN;
  for (const index of sorted) {
    const coarse = Math.floor(index / factor);
    if (coarse !== before) count += 1;
    before = coarse;
  }
  return count;
}

/**
 * Histogram of the values of several.
 *
 * @param parts Histograms of one width.
 * @param max How many bins may be occupied: what it was when the parts were made.
 *
 * @returns Their sum, which is what `binsOf` makes of all values together.
 */
export function mergeBins(parts: readonly Bins[], max: number): Bins {
  const width = parts[0]?.width ?? 1;
  let step = Math.max(minExponent, ...parts.map((part) => part.step));
  for (;;) {
    const cells = new Map<number, number[]>();
    for (const part of parts) {
      const factor = powerOfTwo(Math.min(1023, step - part.step));
      for (const { index, numbers } of cellsOf(part)) {
        const coarse = Math.floor(index / factor);
        const sums = cells.get(coarse) ?? new Array<number>(width).fill(0);
        cells.set(coarse, sums);
        for (let at = 0; at < width; at++) sums[at] = (sums[at] as number) + (numbers[at] as number);
      }
    }
    if (cells.size <= max) return flat(step, width, cells);
    step += 1;
  }
}

/**
 * Occupied bins of a histogram.
 *
 * @param bins The histogram.
 *
 * @returns The index, the lower edge, and the numbers of each, by rising index.
 */
export function cellsOf({ step, width, cells }: Bins): { index: number; edge: number; numbers: readonly number[] }[] {
  const size = powerOfTwo(step);
  return Array.from({ length: cells.length / (width + 1) }, (_, at) => {
    const index = cells[at * (width + 1)] as number;
    return { index, edge: index * size, numbers: cells.slice(at * (width + 1) + 1, (at + 1) * (width + 1)) };
  });
}

function flat(step: number, width: number, cells: ReadonlyMap<number, readonly number[]>): Bins {
  const sorted = [...cells].sort(([a], [b]) => a - b);
  return { step, width, cells: sorted.flatMap(([index, numbers]) => [index, ...numbers]) };
}
