import type { Profile } from "../profile/types.ts";
import { type Counted, createDriftCounter, type DriftCounter, mergeCounted } from "./counted.ts";

/** What was counted of one run within one window: plain JSON. */
export interface WindowCounts {
  readonly version: string;
  readonly run: string;
  /** When the window began, in milliseconds since 1970. */
  readonly start: number;
  readonly counted: Counted;
}

/** So many windows that have ended are kept of each run. */
export const maxWindows = 48;

/** Counts of a process, window by window. */
export interface DriftWindows {
  /** Adds a prediction. Returns whether the window before has ended. */
  add(of: RunCounter, now: number, args: Readonly<Record<string, unknown>>, prediction: unknown): boolean;
  /** What counts the predictions of a run. */
  counterOf(run: { readonly version: string; readonly run: string }, profile: Profile): RunCounter;
  /** All windows, ended or not, of all runs. */
  contents(): readonly WindowCounts[];
}

/** Counts of one run. */
export interface RunCounter {
  readonly version: string;
  readonly run: string;
  readonly profile: Profile;
  start: number;
  counter: DriftCounter;
  readonly ended: WindowCounts[];
}

/**
 * Creates counts of nothing. Windows begin at the same moments in all processes.
 *
 * @param windowMs How long a window is, in milliseconds.
 *
 * @returns Counts to add predictions to.
 */
export function createDriftWindows(windowMs: number): DriftWindows {
  const runs = new Map<string, RunCounter>();
  const closed = ({ version, run, start, counter }: RunCounter): WindowCounts => ({
    version,
    run,
    start,
    counted: counter.contents(),
  });
  return {
    add(of, now, args, prediction) {
      let hasEnded = false;
      // A clock that was set back goes on with the window that there is.
      if (now >= of.start + windowMs) {
        hasEnded = of.counter.rows > 0;
        if (hasEnded) of.ended.push(closed(of));
        if (of.ended.length > maxWindows) of.ended.shift();
        of.start = now - (now % windowMs);
        of.counter = createDriftCounter(of.profile);
      }
      of.counter.add(args, prediction);
      return hasEnded;
    },
    counterOf({ version, run }, profile) {
      const key = `${version}/${run}`;
      const known = runs.get(key) ?? {
        version,
        run,
        profile,
        start: Number.NEGATIVE_INFINITY,
        counter: createDriftCounter(profile),
        ended: [],
      };
      runs.set(key, known);
      return known;
    },
    contents: () => [...runs.values()].flatMap((of) => [...of.ended, ...(of.counter.rows > 0 ? [closed(of)] : [])]),
  };
}

/**
 * Adds the windows of several processes: those of one run that began at the same moment are one.
 *
 * @param parts The windows of each.
 *
 * @returns The windows of all, the oldest first.
 */
export function mergeWindows(parts: readonly (readonly WindowCounts[])[]): readonly WindowCounts[] {
  const groups = new Map<string, WindowCounts[]>();
  for (const window of parts.flat()) {
    const key = `${window.start} ${window.version}/${window.run}`;
    const group = groups.get(key);
    if (group) group.push(window);
    else groups.set(key, [window]);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first ? [{ ...first, counted: mergeCounted(group.map(({ counted }) => counted)) }] : [];
    })
    .sort((a, b) => a.start - b.start);
}
