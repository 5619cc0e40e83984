/** Remembers what failed, and for how long it is not worth another try. */
export interface BackOff {
  /** Whether it is too early to try the same again. */
  holds(what: string): boolean;
  /** Takes down that something failed. Returns after how many milliseconds it may be tried again. */
  failed(what: string): number;
  /** Forgets what failed. */
  clear(): void;
}

/**
 * Creates a back-off: what fails again and again is tried less and less often.
 *
 * @param now The clock, in milliseconds.
 * @param first How long to wait after the first failure, in milliseconds; after each further one twice as long.
 * @param most The longest wait.
 *
 * @returns A back-off for one thing at a time: whatever else is tried begins anew.
 */
export function createBackOff(now: () => number, first: number, most: number): BackOff {
  let refused: { readonly what: string; readonly since: number; readonly wait: number } | undefined;
  return {
    // A clock that was set back must not make the wait longer.
    holds: (what) => refused?.what === what && Math.abs(now() - refused.since) < refused.wait,
    failed(what) {
      const wait = refused?.what === what ? refused.wait * 2 : first;
      refused = { what, since: now(), wait: Math.min(wait, most) };
      return refused.wait;
    },
    clear() {
      refused = undefined;
    },
  };
}
