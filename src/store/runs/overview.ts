import { mapLimited } from "../../util/map-limited.ts";
import type { StoreContext } from "../context.ts";
import { checkNames, metaKey } from "../layout/layout.ts";
import { scanKeys, type VersionKeys } from "../layout/scan.ts";
import { compareVersions } from "../layout/versions.ts";
import { listAliases } from "../promotions/aliases.ts";
import { readCurrent } from "../promotions/current.ts";
import type { VersionOverview } from "../types.ts";
import { readMeta } from "./metadata.ts";
import { missing } from "./read-run.ts";
import { logSkipped, skipCorrupt } from "./skip-corrupt.ts";

/** How many versions are read at a time. */
const atOnce = 64;

/**
 * Creates the overview of a store. However many runs there are, only the metadata of those that serve are read: of the
 * others the keys say the names. What is damaged is logged; a version whose current run cannot be read has none.
 *
 * @param context The store.
 * @param name Of which model; of all without one.
 *
 * @returns Every version that has runs, by name and in semantic order.
 *
 * @throws CONFIG_INVALID for a name that no model can have; STORE_UNAVAILABLE when the store cannot be read.
 */
export async function overviewOf(context: StoreContext, name?: string): Promise<readonly VersionOverview[]> {
  const { storage, log } = context;
  if (name !== undefined) checkNames(name);
  const { versions, aliases } = await scanKeys(storage, name);
  const pointing = await listAliases(context, aliases);
  const read = await mapLimited(
    versions,
    (of) => skipCorrupt(currentOf(context, of), logSkipped(log, "models")),
    atOnce,
  );
  return versions
    .flatMap(({ name, version, hasCurrent, runs }, at) => {
      const current = read[at] ?? null;
      const others = runs
        .filter((run) => run !== current?.run)
        .sort()
        .reverse();
      if (!hasCurrent && others.length === 0) return [];
      const own = pointing.filter(({ of }) => of.name === name && of.version === version);
      return [{ name, version, current, aliases: own.map(({ alias, of: { run } }) => ({ alias, run })), others }];
    })
    .sort((a, b) => (a.name === b.name ? compareVersions(a.version, b.version) : a.name < b.name ? -1 : 1));
}

async function currentOf(context: StoreContext, of: VersionKeys): Promise<VersionOverview["current"]> {
  const { storage, verify } = context;
  const { name, version, hasCurrent, retests } = of;
  const run = hasCurrent ? await readCurrent(context, name, version) : undefined;
  if (run === undefined) return null;
  // Metrics are those of the newest retest: the others would only be its history.
  const newest = [...(retests.get(run) ?? [])].sort().slice(-1);
  // A list may be older than current.json: that one is taken at its word.
  const meta = await readMeta(storage, { name, version, run }, { retests: newest, there: true, verify });
  if (meta === undefined) throw missing(storage, { name, version, run }, metaKey(name, version, run));
  return { run, created: meta.created, metrics: meta.metrics };
}
