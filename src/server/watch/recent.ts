import {
  addOutcome,
  mergeOutcomes,
  noOutcomes,
  outcomeOf,
  type ProductionCounts,
} from "../../monitoring/log/production.ts";

/** What came true of predictions of one run within one window: plain JSON. */
export interface ProductionWindow {
  readonly version: string;
  readonly run: string;
  /** When the window began in which the predictions were made, in milliseconds since 1970. */
  readonly start: number;
  readonly counts: ProductionCounts;
}

/** What somebody says came true. */
export interface Feedback {
  readonly id: string;
  readonly actual: unknown;
}

/** A prediction that was logged. */
interface Logged {
  readonly version: string;
  readonly run: string;
  readonly time: number;
  readonly prediction: unknown;
}

/** Predictions of this process that may still hear what came true. */
export interface RecentPredictions {
  add(id: string, logged: Logged): void;
  /** Takes what came true. Returns the ids of those that are not known here. */
  join(feedback: readonly Feedback[]): readonly string[];
  contents(): readonly ProductionWindow[];
}

/** So many predictions of a process are remembered; what comes true of older ones is in the log. */
const maxRecent = 10_000;
const maxWindows = 200;

/**
 * Creates a memory of no predictions.
 *
 * @param windowMs How long a window is, in milliseconds.
 * @param target The path of the value that comes true.
 *
 * @returns The memory.
 */
export function createRecentPredictions(windowMs: number, target: string | undefined): RecentPredictions {
  // Two generations: taking the oldest of a map away one by one costs more than all the rest.
  let recent = new Map<string, Logged>();
  let older = new Map<string, Logged>();
  const windows = new Map<string, ProductionWindow>();
  return {
    add(id, logged) {
      if (recent.size >= maxRecent / 2) {
        older = recent;
        recent = new Map();
      }
      recent.set(id, logged);
    },
    join(feedback) {
      const unknown: string[] = [];
      for (const { id, actual } of feedback) {
        const logged = recent.get(id) ?? older.get(id);
        if (logged === undefined) {
          unknown.push(id);
          continue;
        }
        // It counts once, whatever else is said of it.
        recent.delete(id);
        older.delete(id);
        const outcome = outcomeOf(logged.prediction, actual, target);
        if (outcome === undefined) continue;
        const { version, run, time } = logged;
        const start = time - (time % windowMs);
        const key = `${start} ${version}/${run}`;
        const window = windows.get(key) ?? { version, run, start, counts: noOutcomes };
        windows.set(key, { ...window, counts: addOutcome(window.counts, outcome) });
        for (const oldest of windows.keys()) {
          if (windows.size <= maxWindows) break;
          windows.delete(oldest);
        }
      }
      return unknown;
    },
    contents: () => [...windows.values()],
  };
}

/**
 * Adds the windows of several processes.
 *
 * @param parts The windows of each.
 *
 * @returns The windows of all, the oldest first.
 */
export function mergeProduction(parts: readonly (readonly ProductionWindow[])[]): readonly ProductionWindow[] {
  const groups = new Map<string, ProductionWindow>();
  for (const window of parts.flat()) {
    const key = `${window.start} ${window.version}/${window.run}`;
    const known = groups.get(key);
    groups.set(key, known ? { ...known, counts: mergeOutcomes([known.counts, window.counts]) } : window);
  }
  return [...groups.values()].sort((a, b) => a.start - b.start);
}
