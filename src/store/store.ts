import type { Driver } from "unstorage";
import { isLaunchpadError, LaunchpadError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { readCurrent, writeCurrent } from "./current.ts";
import { checkNames, contentsKey, createId, metaKey, metricsKey, placeOf } from "./layout.ts";
import { listModels } from "./list.ts";
import { corrupt, problemsOf, type RunName, readMeta } from "./metadata.ts";
import { seal, sha256 } from "./seal.ts";
import { createStorageOver, pathOf, type Storage } from "./storage.ts";
import type { Meta, Store, StoredModel } from "./types.ts";

/** What a store is made of. */
export interface StoreOptions {
  /** A driver of unstorage. */
  readonly driver: Driver;
  /** Where it keeps things, for messages. */
  readonly location: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
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
export function createStore({ driver, location, now, log }: StoreOptions): Store {
  const storage = createStorageOver(driver, location);

  return {
    location: storage.location,

    async save(given, contents) {
      const { name, version } = given;
      checkNames(name, version);
      const bytes = withoutSharing(contents);
      const run = createId(now());
      const measured = Object.keys(given.metrics).length > 0;
      const { text, document } = await seal({
        ...given,
        run,
        contents: { size: bytes.length, sha256: await sha256(bytes) },
        metrics_history: measured ? { [new Date(given.created).toISOString()]: given.metrics } : {},
      });
      const problems = problemsOf(document);
      if (problems.length > 0) throw new LaunchpadError("INTERNAL", `[store] metadata: ${problems.join("; ")}`);

      await storage.write(contentsKey(name, version, run), bytes);
      await storage.write(metaKey(name, version, run), text);
      await writeCurrent(storage, name, version, run);
      log.debug(`stored ${name} ${version}, run ${run}, ${bytes.length} bytes`);
      return document as Meta;
    },

    async load(name, version) {
      checkNames(name, version);
      try {
        const run = await readCurrent(storage, name, version);
        return run === undefined ? undefined : await readRun(storage, { name, version, run });
      } catch (error) {
        throw await withRemedy(storage, name, version, error);
      }
    },

    async addMetrics(meta, metrics, time) {
      const { name, version, run } = meta;
      checkNames(name, version);
      if ((await readMeta(storage, meta)) === undefined) throw missing(storage, meta, metaKey(name, version, run));
      const { text } = await seal({ time: new Date(time).toISOString(), metrics });
      await storage.write(metricsKey(name, version, run, createId(time)), text);
      return (await readMeta(storage, meta)) ?? meta;
    },

    models: () => listModels(storage, log),
    close: () => storage.close(),
  };
}

async function readRun(storage: Storage, of: RunName): Promise<StoredModel> {
  const key = contentsKey(of.name, of.version, of.run);
  const [meta, contents] = await Promise.all([readMeta(storage, of), storage.read(key)]);
  if (meta === undefined) throw missing(storage, of, metaKey(of.name, of.version, of.run));
  if (contents === undefined) throw missing(storage, of, key);
  const { size, sha256: expected } = meta.contents;
  const found = await sha256(contents);
  if (contents.length === size && found === expected) return { contents, meta };
  throw corrupt(
    storage,
    of,
    `${pathOf(key)} is not what was stored: found ${contents.length} bytes with SHA-256 ${found}, ` +
      `expected ${size} bytes with SHA-256 ${expected}.`,
  );
}

function missing(storage: Storage, of: RunName, key: string): LaunchpadError {
  return corrupt(storage, of, `${pathOf(key)} is missing.`);
}

/** Adds to an error of damage what can be done about it. */
async function withRemedy(storage: Storage, name: string, version: string, error: unknown): Promise<unknown> {
  if (!isLaunchpadError(error) || error.code !== "STORE_CORRUPT") return error;
  const rest = await otherRuns(storage, name, version, error.message);
  return new LaunchpadError(
    "STORE_CORRUPT",
    `${error.message} Restore it from a copy, or train again without the previous model (launchpad train --fresh). ${rest}`,
    { cause: error },
  );
}

/** Says which runs a version has besides those that a message speaks of. */
async function otherRuns(storage: Storage, name: string, version: string, message: string): Promise<string> {
  const keys = await storage.keys(name, version).catch(() => undefined);
  if (keys === undefined) return "The other runs have not been touched.";
  const others = keys.map(placeOf).flatMap((place) => (place?.kind === "meta" ? [place.run] : []));
  const untouched = others.filter((run) => !message.includes(run));
  if (untouched.length === 0) return "This version has no other run.";
  return `The other runs of this version are still there: ${untouched.length}, the newest is ${untouched.at(-1)}.`;
}

/** Web Crypto takes no shared memory. */
function withoutSharing(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes);
}
