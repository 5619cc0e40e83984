import { LaunchpadError } from "../../errors.ts";
import { diffMeta, type MetaDifference } from "../../store/runs/diff.ts";
import type { Store, StoreReader } from "../../store/types.ts";
import { numbersOf, type PagesHistory } from "./model-page.ts";
import { shownDifference } from "./shown.ts";

/** How many runs a page shows. */
const maxRuns = 200;

/** What is in a model store, for pages. */
export interface HistoryReader {
  read(): Promise<PagesHistory>;
  /** Differences of two runs. NOT_FOUND if there is none of a name. */
  diff(a: string, b: string): Promise<MetaDifference>;
}

/**
 * Reader of the history of a model.
 *
 * @param open Opens the model store.
 * @param name The model.
 *
 * @returns What reads it.
 */
export function createHistory(open: () => Promise<Store>, name: string): HistoryReader {
  return {
    async read() {
      const store = await open();
      const [entries, versions] = await Promise.all([store.runs(name), store.overview()]);
      const own = [...new Set(entries.map(({ meta }) => meta.version))];
      const promotions = await Promise.all(own.map((version) => store.promotions(name, version)));
      return {
        runs: entries.slice(0, maxRuns).map(({ meta, current, aliases }) => ({
          run: meta.run,
          version: meta.version,
          created: meta.created,
          current,
          aliases,
          metrics: numbersOf(meta.metrics),
          metrics_history: Object.fromEntries(
            Object.entries(meta.metrics_history).map(([time, metrics]) => [time, numbersOf(metrics)]),
          ),
        })),
        promotions: promotions
          .flat()
          .sort((a, b) => (a.time < b.time ? 1 : -1))
          .slice(0, maxRuns),
        models: versions.map((one) => ({
          name: one.name,
          version: one.version,
          run: one.current?.run ?? null,
          runs: one.others.length + Number(one.current !== null),
        })),
      };
    },
    async diff(a, b) {
      const entries = await (await open()).runs(name);
      const metaOf = (run: string) => {
        const found = entries.find(({ meta }) => meta.run === run);
        if (found) return found.meta;
        throw new LaunchpadError("NOT_FOUND", "There is no run of this name: expected a and b, the names of two runs");
      };
      return shownDifference(diffMeta(metaOf(a), metaOf(b)));
    },
  };
}

/**
 * Tells whether a store can be looked through: that of a package only serves.
 *
 * @param store The store.
 *
 * @returns Whether it lists its runs.
 */
export function canList(store: StoreReader): store is Store {
  return "runs" in store && "overview" in store;
}
