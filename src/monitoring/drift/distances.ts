/** Counts, cell by cell. */
export type Counts = ArrayLike<number>;

/**
 * Adds the counts of a sample.
 *
 * @param counts The counts.
 *
 * @returns The size of the sample.
 */
export function sizeOf(counts: Counts): number {
  let size = 0;
  for (let cell = 0; cell < counts.length; cell += 1) size += counts[cell] as number;
  return size;
}

/**
 * Population stability index of two samples: the sum of (p - q) ln(p / q). A cell that is empty in one of them counts as
 * half a row there, so that the index of small samples stays finite.
 *
 * @param current Counts of the one sample.
 * @param reference Counts of the other, in the same cells.
 *
 * @returns The index, from 0; NaN for an empty sample.
 */
export function populationStability(current: Counts, reference: Counts): number {
  const n = sizeOf(current);
  const m = sizeOf(reference);
  let index = 0;
  for (let cell = 0; cell < current.length; cell += 1) {
    const a = current[cell] as number;
    const b = reference[cell] as number;
    if (a === 0 && b === 0) continue;
    const p = (a || 0.5) / n;
    const q = (b || 0.5) / m;
    index += (p - q) * Math.log(p / q);
  }
  return n === 0 || m === 0 ? Number.NaN : index;
}

/**
 * Jensen-Shannon distance of two samples: the root of their divergence, in nats.
 *
 * @param current Counts of the one sample.
 * @param reference Counts of the other, in the same cells.
 *
 * @returns The distance, from 0 to √ln 2; NaN for an empty sample.
 */
export function jensenShannon(current: Counts, reference: Counts): number {
  const n = sizeOf(current);
  const m = sizeOf(reference);
  let divergence = 0;
  for (let cell = 0; cell < current.length; cell += 1) {
    const p = (current[cell] as number) / n;
    const q = (reference[cell] as number) / m;
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p / 2) * Math.log(p / middle);
    if (q > 0) divergence += (q / 2) * Math.log(q / middle);
  }
  return n === 0 || m === 0 ? Number.NaN : Math.sqrt(Math.max(0, divergence));
}

/**
 * Kolmogorov-Smirnov distance of two samples in bins: the largest difference of their cumulative shares at the ends of
 * bins, which is never more than that of the values themselves.
 *
 * @param current Counts of the one sample.
 * @param reference Counts of the other, in the same bins, ascending.
 *
 * @returns The distance, from 0 to 1; NaN for an empty sample.
 */
export function kolmogorovSmirnov(current: Counts, reference: Counts): number {
  const n = sizeOf(current);
  const m = sizeOf(reference);
  let distance = 0;
  let p = 0;
  let q = 0;
  for (let cell = 0; cell < current.length; cell += 1) {
    p += (current[cell] as number) / n;
    q += (reference[cell] as number) / m;
    distance = Math.max(distance, Math.abs(p - q));
  }
  return n === 0 || m === 0 ? Number.NaN : distance;
}
