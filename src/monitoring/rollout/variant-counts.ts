/** What is known of the predictions of one variant: sums that are added to merge them. */
export interface VariantCounts {
  readonly n: number;
  readonly errors: number;
  /** How many took how long: bins whose ends are a quarter apart, from 10 µs. */
  readonly durations: readonly number[];
}

/** Of a shadow: how its predictions compare with the answers. */
export interface ShadowCounts extends VariantCounts {
  /** How many were equal to the answer. */
  readonly equal: number;
  readonly different: number;
  /** Requests that it was not asked, because it was busy. */
  readonly skipped: number;
}

const firstMs = 0.01;
const factor = 1.25;
const bins = 80;

/** Sums of nothing. */
export const noPredictions: VariantCounts = { n: 0, errors: 0, durations: [] };

/**
 * Adds a prediction to sums that are written to.
 *
 * @param counts The sums.
 * @param ms How long it took, in milliseconds.
 * @param isError Whether it failed.
 */
export function addPrediction(
  counts: { n: number; errors: number; durations: number[] },
  ms: number,
  isError: boolean,
): void {
  counts.n += 1;
  if (isError) counts.errors += 1;
  const bin = ms <= firstMs ? 0 : Math.min(bins - 1, Math.ceil(Math.log(ms / firstMs) / Math.log(factor)));
  counts.durations[bin] = (counts.durations[bin] ?? 0) + 1;
}

/**
 * Adds sums of several processes.
 *
 * @param parts The sums.
 *
 * @returns All of it together.
 */
export function mergeVariants(parts: readonly VariantCounts[]): VariantCounts {
  return {
    n: parts.reduce((sum, part) => sum + part.n, 0),
    errors: parts.reduce((sum, part) => sum + part.errors, 0),
    durations: Array.from({ length: bins }, (_, bin) =>
      parts.reduce((sum, part) => sum + (part.durations[bin] ?? 0), 0),
    ),
  };
}

/**
 * Finds a quantile of durations.
 *
 * @param counts The sums.
 * @param share 0.99 for the time that one of a hundred exceeds.
 *
 * @returns Milliseconds: the end of its bin; 0 without predictions.
 */
export function durationAt({ n, durations }: VariantCounts, share: number): number {
  let below = 0;
  for (let bin = 0; bin < durations.length; bin += 1) {
    below += durations[bin] ?? 0;
    if (n > 0 && below >= share * n) return firstMs * factor ** bin;
  }
  return 0;
}

/**
 * Interval that holds the true share of errors (Wilson's score interval).
 *
 * @param counts The sums.
 * @param z How sure it is: 1.96 for 95 %.
 *
 * @returns Its ends.
 */
export function errorInterval({ n, errors }: VariantCounts, z = 1.96): readonly [low: number, high: number] {
  if (n === 0) return [0, 1];
  const share = errors / n;
  const scale = 1 + z ** 2 / n;
  const middle = (share + z ** 2 / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
