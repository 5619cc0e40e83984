import type { StoreContext } from "../context.ts";
import { checkNames } from "../layout/layout.ts";
import { scanKeys } from "../layout/scan.ts";
import { compareVersions } from "../layout/versions.ts";
import { listAliases } from "../promotions/aliases.ts";
import type { Meta, ModelList, ModelVersions, RunEntry } from "../types.ts";
import { type ReadVersion, readRuns } from "./read-runs.ts";

/**
 * Creates the list of everything in a store. What is damaged is logged and left out.
 *
 * @param context The store.
 *
 * @returns Metadata by model and version.
 *
 * @throws STORE_UNAVAILABLE when the store cannot be read.
 */
export async function listModels(context: StoreContext): Promise<ModelList> {
  const { versions } = await scanKeys(context.storage);
  const byName = new Map<string, ReadVersion[]>();
  for (const version of await readRuns(context, versions)) {
    const known = byName.get(version.name);
    if (known) known.push(version);
    else byName.set(version.name, [version]);
  }
  // No prototype, so that a model can be called `constructor`.
  const list = Object.create(null) as Record<string, ModelVersions>;
  for (const [name, versions] of byName) {
    const described = describeModel(versions);
    if (described) list[name] = described;
  }
  return list;
}

/**
 * Creates the list of all runs, whether they ever served or not. What is damaged is logged and left out.
 *
 * @param context The store.
 * @param name Of which model; of all without one.
 * @param version Of which version; of all without one.
 *
 * @returns The runs, newest first.
 *
 * @throws CONFIG_INVALID for a name that no model can have; STORE_UNAVAILABLE.
 */
export async function listRuns(context: StoreContext, name?: string, version?: string): Promise<readonly RunEntry[]> {
  if (name !== undefined) checkNames(name, version);
  const keys = await scanKeys(context.storage, name, version);
  const aliases = await listAliases(context, keys.aliases);
  const read = await readRuns(context, keys.versions);
  return read
    .flatMap(({ current, metas }) =>
      metas.map((meta) => ({
        meta,
        current: meta.run === current,
        aliases: aliases
          .filter(({ of }) => of.run === meta.run && of.version === meta.version && of.name === meta.name)
          .map(({ alias }) => alias),
      })),
    )
    .sort((a, b) => newestFirst(a.meta, b.meta));
}

/** One model; undefined while none of its versions has a run that serves. */
function describeModel(versions: readonly ReadVersion[]): ModelVersions | undefined {
  const serving = versions
    .flatMap(({ current, metas }) => metas.find((meta) => meta.run === current) ?? [])
    .sort((a, b) => compareVersions(a.version, b.version));
  const latest = serving.at(-1);
  if (latest === undefined) return undefined;
  const described = Object.create(null) as Record<string, Meta | readonly Meta[]>;
  for (const meta of serving) described[meta.version] = meta;
  described.latest = latest;
  described.backups = versions
    .flatMap(({ current, metas }) => metas.filter((meta) => meta.run !== current))
    .sort(newestFirst);
  return described as ModelVersions;
}

function newestFirst(a: Meta, b: Meta): number {
  if (a.run === b.run) return compareVersions(b.version, a.version);
  return a.run < b.run ? 1 : -1;
}
