import type { DriftConfig } from "../../config/watch/watch-types.ts";
import { messageOf } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { Loaded } from "../../lifecycle/context.ts";
import { type DriftReport, reportDrift } from "../../monitoring/drift/report.ts";
import {
  createDriftWindows,
  mergeWindows,
  type RunCounter,
  type WindowCounts,
} from "../../monitoring/drift/windows.ts";
import type { Profile } from "../../monitoring/profile/types.ts";
import type { Json } from "../../util/json.ts";
import type { Alert } from "./alert.ts";
import { driftMetrics } from "./drift-metrics.ts";
import type { DriftState, WindowDrift } from "./drift-state.ts";
import type { ObservedPrediction, Observer } from "./observe.ts";

/** Counts what is asked and predicted, and compares it with the training, window by window. */
export interface DriftWatch {
  readonly observe: Observer;
  /** What all processes have counted. */
  state(): Promise<DriftState>;
  /** The newest window that has ended, of each run, in the text format of Prometheus. */
  metrics(labels?: Readonly<Record<string, string>>): Promise<string>;
}

/**
 * Watch for drift.
 *
 * @param drift The section `drift`.
 * @param host What the runtime can do.
 * @param model The name of the model.
 * @param alert Tells somebody; undefined where nobody wants to know.
 *
 * @returns The watch.
 */
export function createDriftWatch(
  drift: DriftConfig,
  host: Pick<Host, "log" | "now" | "peers">,
  model: string,
  alert: Alert | undefined,
): DriftWatch {
  const log = host.log.child("drift");
  const windowMs = drift.window * 1000;
  const windows = createDriftWindows(windowMs);
  const counters = new WeakMap<Loaded, RunCounter | null>();
  const profiles = new Map<string, Profile>();
  const reports = new Map<string, DriftReport>();
  const gathered = host.peers?.gather?.(`drift ${model}`, () => windows.contents() as unknown as Json);
  const all = async (): Promise<readonly WindowCounts[]> =>
    gathered ? mergeWindows((await gathered()) as unknown as WindowCounts[][]) : windows.contents();

  const counterOf = (loaded: Loaded): RunCounter | null => {
    const known = counters.get(loaded);
    if (known !== undefined) return known;
    const counter = openCounter(loaded);
    counters.set(loaded, counter);
    return counter;
  };
  const openCounter = ({ meta }: Loaded): RunCounter | null => {
    if (meta === undefined) return null;
    const profile = meta.profile as unknown as Profile | undefined;
    const { version, run } = meta;
    try {
      if (profile?.format === 1) {
        profiles.set(`${version}/${run}`, profile);
        return windows.counterOf({ version, run }, profile);
      }
      log.info(`run ${run} has no profile of its training, so that drift cannot be seen. Train it again`);
    } catch (error) {
      log.warning(`the profile of run ${run} cannot be read, so that drift cannot be seen: ${messageOf(error)}`);
    }
    return null;
  };

  const compared = ({ version, run, start, counted }: WindowCounts, isOver: boolean): WindowDrift[] => {
    const profile = profiles.get(`${version}/${run}`);
    if (profile === undefined) return [];
    // More may have been counted since.
    const key = `${start} ${version}/${run} ${counted.rows}`;
    const report = reports.get(key) ?? reportDrift(profile, counted, drift.alpha);
    if (isOver) remember(key, report);
    return [{ version, run, start: new Date(start).toISOString(), ended: isOver, report }];
  };
  const remember = (key: string, report: DriftReport) => {
    reports.set(key, report);
    for (const oldest of reports.keys()) {
      if (reports.size <= maxReports) break;
      reports.delete(oldest);
    }
  };
  const state = async (): Promise<DriftState> => {
    const now = host.now();
    const found = (await all()).flatMap((window) => compared(window, now >= window.start + windowMs));
    return { window_seconds: drift.window, windows: found };
  };

  /** Whether windows of a run raised an alarm, the newest first. */
  const streakOf = (found: readonly WindowDrift[]): number => {
    const calm = found.findIndex(({ report }) => report.rows >= drift.min_rows && report.drifted.length === 0);
    return (calm < 0 ? found : found.slice(0, calm)).filter(({ report }) => isAlarm(report)).length;
  };
  const isAlarm = (report: DriftReport) => report.rows >= drift.min_rows && report.drifted.length > 0;

  const windowEnded = async ({ version, run }: RunCounter): Promise<void> => {
    const ended = (await state()).windows.filter((one) => one.ended && one.version === version && one.run === run);
    const newest = ended.at(-1);
    if (newest === undefined || !isAlarm(newest.report)) return;
    const streak = streakOf(ended.toReversed());
    const after = drift.alert?.after ?? 1;
    // In a row it is told after 1, 2, 4, 8 windows: nobody reads the same every hour.
    if (streak < after || !isPowerOfTwo(streak - after + 1)) return;
    const claim = `drift ${model} ${version}/${run} ${newest.start}`;
    if (host.peers?.claim && !(await host.peers.claim(claim))) return;
    const names = newest.report.drifted;
    log.warning(`${model} ${version}: drift of ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", ..." : ""}`, {
      model,
      version,
      run,
      window: newest.start,
      rows: newest.report.rows,
    });
    await alert?.({ kind: "drift", model, windows_in_a_row: streak, ...newest });
  };

  return {
    observe({ loaded, args, prediction, request }: ObservedPrediction) {
      const counter = counterOf(loaded);
      if (counter === null || !windows.add(counter, host.now(), args, prediction)) return;
      request.waitUntil(
        windowEnded(counter).catch((error) => log.error(`drift cannot be told: ${messageOf(error)}`, { error })),
      );
    },
    state,
    async metrics(labels) {
      const newest = new Map<string, WindowDrift>();
      for (const one of (await state()).windows) if (one.ended) newest.set(`${one.version}/${one.run}`, one);
      return driftMetrics([...newest.values()], labels);
    },
  };
}

const maxReports = 500;

const isPowerOfTwo = (value: number) => (value & (value - 1)) === 0;
