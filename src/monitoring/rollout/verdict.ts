import { durationAt, errorInterval, type VariantCounts } from "./variant-counts.ts";

/** What a canary may not exceed: a number, or so many times what the current model has. */
export interface Bound {
  readonly factor: number;
  readonly isRelative: boolean;
}

/** How a condition is written. */
export const boundForm = 'a condition such as "> 2 * current", "> current" or "> 0.05"';

/**
 * Reads a condition of `abort_if`.
 *
 * @param text `> 2 * current`, `> current` or `> 0.05`.
 *
 * @returns The bound; undefined for anything else.
 */
export function parseBound(text: string): Bound | undefined {
  const [, factor, current, alone] = /^\s*>\s*(?:(?:(\d+(?:\.\d+)?)\s*(\*\s*current)?)|(current))\s*$/.exec(text) ?? [];
  if (alone !== undefined) return { factor: 1, isRelative: true };
  return factor === undefined ? undefined : { factor: Number(factor), isRelative: current !== undefined };
}

/** Fewer predictions say nothing of errors, or of the slowest. */
const minPredictions = 50;
const minDurations = 200;

/**
 * Finds a reason to take a canary back. Errors must be more with 99 % confidence, so that one does not end it.
 *
 * @param abortIf The conditions.
 * @param canary What is known of the canary.
 * @param current And of the model that serves.
 *
 * @returns The reason; undefined if there is none.
 */
export function reasonToAbort(
  abortIf: { readonly error_rate?: string | undefined; readonly p99?: string | undefined },
  canary: VariantCounts,
  current: VariantCounts,
): string | undefined {
  const errors = abortIf.error_rate === undefined ? undefined : parseBound(abortIf.error_rate);
  if (errors && canary.n >= minPredictions && (!errors.isRelative || current.n >= minPredictions)) {
    const [low] = errorInterval(canary, 2.576);
    const limit = errors.isRelative ? errors.factor * (current.errors / current.n) : errors.factor;
    if (low > limit) {
      const share = ((100 * canary.errors) / canary.n).toFixed(1);
      return `error_rate ${share} % of ${canary.n}, expected no more than ${(100 * limit).toFixed(1)} %`;
    }
  }
  const slow = abortIf.p99 === undefined ? undefined : parseBound(abortIf.p99);
  if (slow && canary.n >= minDurations && (!slow.isRelative || current.n >= minDurations)) {
    const found = durationAt(canary, 0.99);
    const limit = slow.isRelative ? slow.factor * durationAt(current, 0.99) : slow.factor * 1000;
    if (found > limit) return `p99 ${found.toFixed(2)} ms, expected no more than ${limit.toFixed(2)} ms`;
  }
  return undefined;
}
