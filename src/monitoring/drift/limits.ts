import { chiSquareLimit, hypergeometricTail } from "../statistics/distributions.ts";

/** Sizes of two samples, and how likely a limit may be exceeded by chance. */
export interface LimitOptions {
  /** The size of the sample that is looked at. */
  readonly n: number;
  /** The size of the reference. */
  readonly m: number;
  /** The probability of exceeding the limit while nothing has changed. */
  readonly alpha: number;
}

/**
 * Limit of the population stability index. Of two samples of one distribution in `cells` cells, the index divided by
 * 1/n + 1/m is distributed like chi-square with `cells` - 1 degrees of freedom (Yurdakul 2018): any fixed limit is
 * exceeded all the time by small samples, and never by large ones.
 *
 * @param options The sizes of the samples, and the probability.
 * @param cells How many cells are not empty.
 *
 * @returns The limit.
 */
export function stabilityLimit({ n, m, alpha }: LimitOptions, cells: number): number {
  return (1 / n + 1 / m) * chiSquareLimit(alpha, Math.max(1, cells - 1));
}

/**
 * Limit of the Jensen-Shannon distance: for distributions that are near to each other, its square is an eighth of the
 * population stability index.
 *
 * @param options The sizes of the samples, and the probability.
 * @param cells How many cells are not empty.
 *
 * @returns The limit.
 */
export function jensenShannonLimit(options: LimitOptions, cells: number): number {
  return Math.sqrt(stabilityLimit(options, cells) / 8);
}

/**
 * Limit of the Kolmogorov-Smirnov distance (Smirnov's asymptotic one, which bins only make safer).
 *
 * @param options The sizes of the samples, and the probability.
 *
 * @returns The limit.
 */
export function kolmogorovSmirnovLimit({ n, m, alpha }: LimitOptions): number {
  return Math.sqrt((-Math.log(alpha / 2) / 2) * (1 / n + 1 / m));
}

/** How often something is, in two samples. */
export interface Rate {
  /** How often in the sample that is looked at. */
  readonly count: number;
  /** How often in the reference. */
  readonly referenceCount: number;
}

/**
 * Limit of how often something may be in a sample: by Fisher's exact test, so that it holds for the rarest things.
 *
 * @param options The sizes of the samples, and the probability.
 * @param referenceCount How often it is in the reference.
 *
 * @returns The least count that is too many; more than `n` if no count is.
 */
export function countLimit({ n, m, alpha }: LimitOptions, referenceCount: number): number {
  let low = 0;
  let high = n + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (hypergeometricTail(middle, middle + referenceCount, n, m) > alpha) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Tells whether something has become rarer than chance explains.
 *
 * @param options The sizes of the samples, and the probability.
 * @param rate How often it is in both.
 *
 * @returns Whether so few of it are in the sample.
 */
export function isTooRare({ n, m, alpha }: LimitOptions, { count, referenceCount }: Rate): boolean {
  // So few in the sample are so many in the reference.
  return hypergeometricTail(referenceCount, count + referenceCount, m, n) <= alpha;
}
