import type { Counts } from "../../../src/internal.ts";
import type { Session } from "../session.ts";

/** What is said on a terminal while a table is scored. */
export interface ShownProgress {
  /** Takes the share of the source that was read, from 0 to 1. */
  read(share: number): void;
  /** Says how far it is by now. */
  show(): void;
}

/**
 * Starts to say on a terminal how far a table is: rows, rows a second, and the time that is left, where it is known.
 *
 * @param session The session.
 * @param counts The rows that are done, counted up as it goes on.
 * @param from What is scored.
 *
 * @returns What says it.
 */
export function showProgress({ progress, host }: Session, counts: Counts, from: string): ShownProgress {
  const now = () => host.elapsed?.() ?? host.now();
  const begun = now();
  const before = counts.rows;
  let share: number | undefined;
  progress.start(`predicting ${from}`);
  return {
    read(next) {
      share = next;
    },
    show() {
      const seconds = (now() - begun) / 1000;
      progress.update(`predicting ${from}: ${progressText({ rows: counts.rows, before, seconds, share })}`);
    },
  };
}

/**
 * Creates the text of how far a table is.
 *
 * @param so What was done in how many seconds: rows, those of them that were done before, and the share of the source.
 *
 * @returns `20000 rows, 5000 a second, 40%, 2 min left`.
 */
export function progressText(so: {
  readonly rows: number;
  readonly before: number;
  readonly seconds: number;
  readonly share: number | undefined;
}): string {
  const { rows, before, seconds, share } = so;
  const rate = seconds > 0 ? Math.round((rows - before) / seconds) : 0;
  const said = [`${rows} rows`, `${rate} a second`];
  if (share !== undefined && share > 0) {
    said.push(`${Math.floor(share * 100)}%`);
    // As many rows as there are if all of the source is like what was read.
    if (rate > 0 && share < 1) said.push(`${duration((rows / share - rows) / rate)} left`);
  }
  return said.join(", ");
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
