import type { Rate } from "../../../config/doors/rate.ts";

/** What a counter says of one request. */
export interface Verdict {
  readonly allowed: boolean;
  /** Requests that may follow at once. */
  readonly remaining: number;
  /** Seconds until as many may come at once as ever. */
  readonly reset: number;
  /** Seconds until one more may come, where this one may not. */
  readonly retryAfter: number;
}

/** Counts a request of a caller. */
export type Count = (caller: string) => Verdict;

/** Callers that are remembered; whoever has not asked for longest is forgotten first. */
const maxCallers = 10_000;

/**
 * Creates a counter of requests: the generic cell rate algorithm, which keeps one number a caller and lets requests in evenly, after as
 * many at once as the burst allows.
 *
 * @param rate How many in which time.
 * @param burst How many may come at once.
 * @param now Milliseconds since some moment.
 *
 * @returns A function that counts a request, and tells whether it may come in.
 */
export function createCounter({ requests, window }: Rate, burst: number, now: () => number): Count {
  const interval = (window * 1000) / requests;
  const whole = interval * burst;
  /** When as many may come at once as ever, by caller; whoever asked last is last. */
  const fullAt = new Map<string, number>();
  return (caller) => {
    const time = now();
    const before = Math.max(fullAt.get(caller) ?? 0, time);
    const after = before + interval;
    const excess = after - time - whole;
    // The clock has fractions: what is due now is not a request too many.
    const allowed = excess < interval * 1e-6;
    fullAt.delete(caller);
    if (fullAt.size >= maxCallers) fullAt.delete(fullAt.keys().next().value ?? "");
    fullAt.set(caller, allowed ? after : before);
    const busy = (allowed ? after : before) - time;
    return {
      allowed,
      remaining: Math.max(0, Math.floor((whole - busy) / interval + 1e-6)),
      reset: Math.ceil(busy / 1000),
      retryAfter: allowed ? 0 : Math.max(1, Math.ceil(excess / 1000)),
    };
  };
}
