import type { Driver } from "unstorage";
import type { Logger } from "../log.ts";
import type { RetryLimits } from "../util/retry.ts";
import type { Sign, StoreContext, Verify } from "./context.ts";
import { writeFileList } from "./layout/file-list.ts";
import { checkNames, createId, metaKey, metricsKey } from "./layout/layout.ts";
import { abortRollout } from "./promotions/abort.ts";
import { aliasesOf, setAlias } from "./promotions/aliases.ts";
import { readCurrent } from "./promotions/current.ts";
import { promote, promotionsOf } from "./promotions/promotions.ts";
import { rollback } from "./promotions/rollback.ts";
import { createStoreReader } from "./reader.ts";
import { listModels, listRuns } from "./runs/list.ts";
import { readMeta, retestsOf } from "./runs/metadata.ts";
import { overviewOf } from "./runs/overview.ts";
import { pruneRuns } from "./runs/prune.ts";
import { missing, withRemedy } from "./runs/read-run.ts";
import { saveRun } from "./runs/save.ts";
import { verifyAll } from "./runs/verify.ts";
import { addChecksum } from "./signing/checksum.ts";
import { withSignature } from "./signing/signed-statement.ts";
import { createStorageOver } from "./storage.ts";
import { exportRun, importRun } from "./transfer.ts";
import type { Store } from "./types.ts";

/** What a store is made of. */
export interface StoreOptions {
  /** A driver of unstorage. */
  readonly driver: Driver;
  /** Where it keeps things, for messages. */
  readonly location: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
  /** How often and how long the driver is asked. */
  readonly patience?: RetryLimits;
  /** Signs whatever is stored: metadata, metrics of retests, and what says which run serves. */
  readonly sign?: Sign | undefined;
  /** Refuses, by throwing, what is not signed as it must be. */
  readonly verify?: Verify | undefined;
}

/**
 * Creates a model store. A run is written once and never changed; which run serves is switched last, in one write, so
 * that whatever fails before leaves the run before serving.
 *
 * @param options The driver, where it is, a clock and a log.
 *
 * @returns A store. Its methods throw STORE_UNAVAILABLE when the driver fails, STORE_CORRUPT when something is not what
 * was stored, CONFIG_INVALID for a name or version that cannot be part of a key.
 */
export function createStore({ driver, location, now, log, patience, sign, verify }: StoreOptions): Store {
  const storage = createStorageOver(driver, location, patience);
  const context: StoreContext = { storage, now, log, sign, verify, newest: new Map() };

  return {
    ...createStoreReader(context),

    save: (given, contents, options) => saveRun(context, given, contents, options),

    async meta(name, version) {
      checkNames(name, version);
      return withRemedy(storage, { name, version }, async () => {
        const run = await readCurrent(context, name, version);
        if (run === undefined) return undefined;
        const of = { name, version, run };
        const meta = await readMeta(storage, of, { there: true, verify });
        if (meta) return meta;
        throw missing(storage, of, metaKey(name, version, run));
      });
    },

    async addMetrics(meta, metrics, time) {
      const { name, version, run } = meta;
      checkNames(name, version);
      if ((await readMeta(storage, meta)) === undefined) throw missing(storage, meta, metaKey(name, version, run));
      const id = createId(time);
      const subject = { statement: "metrics", name, version, run, id } as const;
      const fields = { time: new Date(time).toISOString(), metrics };
      const { text } = await addChecksum(await withSignature(context, subject, fields));
      await storage.write(metricsKey(name, version, run, id), text);
      // A list may be late to show what has just been written.
      const retests = [...new Set([...(await retestsOf(storage, meta)), id])];
      return (await readMeta(storage, meta, { retests, verify })) ?? meta;
    },

    models: () => listModels(context),
    overview: (name) => overviewOf(context, name),
    // It kept NAME_VERSION.pkl beside NAME_VERSION.json, and what served before in previous/.
    oldModels: async () =>
      (await storage.keys())
        .filter((key) => /^(previous:)?[^:]+_[^:_]+\.pkl$/.test(key))
        .map((key) => key.replaceAll(":", "/")),
    runs: (name, version) => listRuns(context, name, version),
    promote: (of, reason) => promote(context, of, reason),
    abort: (of, alias) => abortRollout(context, of, alias),
    rollback: (name, version) => rollback(context, name, version),
    promotions: (name, version) => promotionsOf(context, name, version),
    alias: (name, alias, of) => setAlias(context, name, alias, of),
    aliases: (name) => aliasesOf(context, name),
    verify: (name) => verifyAll(context, name),
    prune: (options) => pruneRuns(context, options),
    export: (of) => exportRun(context, of),
    import: (bytes) => importRun(context, bytes),
    index: () => writeFileList(context),
  };
}
