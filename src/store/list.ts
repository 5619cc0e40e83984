import { isLaunchpadError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { readCurrent } from "./current.ts";
import { currentKey, placeOf } from "./layout.ts";
import { mapLimited } from "./limit.ts";
import { readMeta } from "./metadata.ts";
import { pathOf, type Storage } from "./storage.ts";
import type { Meta, ModelList, ModelVersions } from "./types.ts";
import { compareVersions } from "./versions.ts";

/** What the keys of a store say of one version of a model. */
interface Version {
  readonly name: string;
  readonly version: string;
  hasCurrent: boolean;
  /** The names of retests by run. */
  readonly retests: Map<string, string[]>;
  /** The runs that have metadata: those whose storing came that far. */
  readonly runs: string[];
}

/** The runs of one version that could be read. */
interface ReadVersion {
  readonly name: string;
  readonly current: Meta | undefined;
  readonly backups: readonly Meta[];
}

/**
 * Creates the list of everything in a store. What is damaged is logged and left out.
 *
 * @param storage Where runs are kept.
 * @param log Told of everything that is damaged.
 *
 * @returns Metadata by model and version.
 *
 * @throws STORE_UNAVAILABLE when the store cannot be read.
 */
export async function listModels(storage: Storage, log: Logger): Promise<ModelList> {
  const versions = versionsOf(await storage.keys());
  const read = await mapLimited(versions, (version) => readVersion(storage, log, version), 4);
  // No prototype, so that a model can be called `constructor`.
  const list = Object.create(null) as Record<string, ModelVersions>;
  for (const name of new Set(read.map((version) => version.name))) {
    const described = describeModel(read.filter((version) => version.name === name));
    if (described) list[name] = described;
  }
  return list;
}

function versionsOf(keys: readonly string[]): Version[] {
  const versions = new Map<string, Version>();
  for (const key of keys) {
    const place = placeOf(key);
    if (place === undefined) continue;
    const { name, version } = place;
    const id = `${name}:${version}`;
    const found: Version = versions.get(id) ?? { name, version, hasCurrent: false, retests: new Map(), runs: [] };
    versions.set(id, found);
    if (place.kind === "current") found.hasCurrent = true;
    if (place.kind === "meta") found.runs.push(place.run);
    if (place.kind === "metrics") found.retests.set(place.run, [...(found.retests.get(place.run) ?? []), place.id]);
  }
  return [...versions.values()];
}

async function readVersion(storage: Storage, log: Logger, of: Version): Promise<ReadVersion> {
  const { name, version } = of;
  /** The result of a task; undefined, and a warning, when it finds damage. */
  const undamaged = async <T>(task: Promise<T>): Promise<T | undefined> => {
    try {
      return await task;
    } catch (error) {
      if (!isLaunchpadError(error) || error.code !== "STORE_CORRUPT") throw error;
      log.warning(`${error.message} It is left out of the list of models.`);
      return undefined;
    }
  };

  const run = of.hasCurrent ? await undamaged(readCurrent(storage, name, version)) : undefined;
  if (run !== undefined && !of.runs.includes(run)) {
    const key = pathOf(currentKey(name, version));
    log.warning(
      `[store] ${storage.location}: ${key} names run ${run}, which is missing. It is left out of the list of models.`,
    );
  }
  const read = await mapLimited(of.runs, (run) =>
    undamaged(readMeta(storage, { name, version, run }, of.retests.get(run) ?? [])),
  );
  const metas = read.filter((meta) => meta !== undefined);
  return {
    name,
    current: metas.find((meta) => meta.run === run),
    backups: metas.filter((meta) => meta.run !== run),
  };
}

/** One model; undefined while none of its versions has a run that serves. */
function describeModel(versions: readonly ReadVersion[]): ModelVersions | undefined {
  const serving = versions
    .flatMap(({ current }) => current ?? [])
    .sort((a, b) => compareVersions(a.version, b.version));
  const latest = serving.at(-1);
  if (latest === undefined) return undefined;
  const described = Object.create(null) as Record<string, Meta | readonly Meta[]>;
  for (const meta of serving) described[meta.version] = meta;
  described.latest = latest;
  described.backups = versions
    .flatMap(({ backups }) => backups)
    .sort((a, b) => (a.run === b.run ? compareVersions(b.version, a.version) : a.run < b.run ? 1 : -1));
  return described as ModelVersions;
}
