import { LaunchpadError } from "../../errors.ts";
import { mapLimited } from "../../util/map-limited.ts";
import type { StoreContext } from "../context.ts";
import { checkNames, contentsKey, metaKey, metricsKey, timeOf } from "../layout/layout.ts";
import { scanKeys, type VersionKeys } from "../layout/scan.ts";
import { readAlias } from "../promotions/aliases.ts";
import { readCurrent } from "../promotions/current.ts";
import type { Storage } from "../storage.ts";
import type { RunName } from "../types.ts";

/** What is to be kept. */
export interface PruneOptions {
  /** How many of the newest runs of each version. */
  readonly keep: number;
  /** Of which model; of all without one. */
  readonly name?: string;
  /** Whether to remove nothing. */
  readonly dryRun?: boolean;
}

/** How old contents without metadata must be, in milliseconds, to be nobody's who is just storing them. */
const abandonedAfterMs = 24 * 3600 * 1000;

/**
 * Removes old runs: all but the newest of each version, and never one that is current or aliased. Removes as well what
 * a training or a removal that was killed has left behind.
 *
 * @param context The store.
 * @param options What is to be kept.
 *
 * @returns The runs that were removed, or would be.
 *
 * @throws CONFIG_INVALID for a number or a name that cannot be; STORE_CORRUPT, and nothing is removed, when it cannot be
 * read which runs are current or aliased; STORE_UNAVAILABLE.
 */
export async function pruneRuns(context: StoreContext, options: PruneOptions): Promise<readonly RunName[]> {
  const { keep, name, dryRun = false } = options;
  const { storage, log } = context;
  if (name !== undefined) checkNames(name);
  if (!Number.isSafeInteger(keep) || keep < 0) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `[store] prune: found keep ${keep}, expected a whole number, 0 or more.`,
    );
  }
  const { versions, aliases } = await scanKeys(storage, name);
  const aliased = await mapLimited(aliases, ({ name, alias }) => readAlias(context, name, alias));
  const needed = new Set(aliased.flatMap((of) => (of ? [idOf(of)] : [])));
  await mapLimited(versions, async ({ name, version }) => {
    const run = await readCurrent(context, name, version);
    if (run !== undefined) needed.add(idOf({ name, version, run }));
  });
  const plan = versions.flatMap((keys) => {
    const { name, version } = keys;
    const old = [...keys.runs].sort().reverse().slice(keep);
    return old.map((run) => ({ of: { name, version, run }, keys })).filter(({ of }) => !needed.has(idOf(of)));
  });
  if (dryRun) return plan.map(({ of }) => of);

  const removed = await mapLimited(plan, async ({ of, keys }) => {
    // It may have been promoted in the meantime.
    if ((await readCurrent(context, of.name, of.version)) === of.run) return [];
    await removeRun(storage, of, keys);
    log.info(`removed ${of.name} ${of.version}, run ${of.run}`);
    return [of];
  });
  await removeLeftovers(context, versions, needed);
  return removed.flat();
}

/** The metadata first: a run without them is none, whenever this is stopped; what is left is a leftover. */
async function removeRun(storage: Storage, of: RunName, keys: VersionKeys): Promise<void> {
  const { name, version, run } = of;
  await storage.remove(metaKey(name, version, run));
  for (const id of keys.retests.get(run) ?? []) await storage.remove(metricsKey(name, version, run, id));
  await storage.remove(contentsKey(name, version, run));
}

async function removeLeftovers(
  { storage, now, log }: StoreContext,
  versions: readonly VersionKeys[],
  needed: ReadonlySet<string>,
): Promise<void> {
  const before = now() - abandonedAfterMs;
  const leftovers = versions.flatMap((keys) => {
    const { name, version } = keys;
    const whole = new Set(keys.runs);
    const without = new Set([...keys.contents, ...keys.retests.keys()].filter((run) => !whole.has(run)));
    const of = [...without].filter((run) => timeOf(run) < before).map((run) => ({ name, version, run }));
    // One that is needed has lost its metadata, and may get them back from a copy.
    return of.filter((of) => !needed.has(idOf(of))).map((of) => ({ keys, of }));
  });
  await mapLimited(leftovers, async ({ keys, of }) => {
    // A list may be older than the metadata.
    if ((await storage.read(metaKey(of.name, of.version, of.run))) !== undefined) return;
    await removeRun(storage, of, keys);
    log.info(`removed what is left of ${of.name} ${of.version}, run ${of.run}`);
  });
}

function idOf({ name, version, run }: RunName): string {
  return `${name}:${version}:${run}`;
}
