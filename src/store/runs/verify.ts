import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import { mapLimited } from "../../util/map-limited.ts";
import type { StoreContext } from "../context.ts";
import { checkNames, metaKey } from "../layout/layout.ts";
import { scanKeys, type VersionKeys } from "../layout/scan.ts";
import { readAlias } from "../promotions/aliases.ts";
import { readCurrent } from "../promotions/current.ts";
import { readPromotion } from "../promotions/promotions.ts";
import type { RunName, Verification } from "../types.ts";
import { readRun } from "./read-run.ts";

/** How many runs are read at a time: their contents are in memory. */
const runsAtOnce = 4;

/**
 * Checks every digest of every run, and that whatever names a run names one that is there.
 *
 * @param context The store.
 * @param name Of which model; of all without one.
 *
 * @returns One entry for every run. A file that belongs to no run has an entry only if something is wrong with it, its
 * path in place of the run: `current.json`, `promotions/<id>.json`; `<alias>.json` of the version `aliases`.
 *
 * @throws CONFIG_INVALID for a name that no model can have; STORE_UNAVAILABLE.
 */
export async function verifyAll(context: StoreContext, name?: string): Promise<readonly Verification[]> {
  if (name !== undefined) checkNames(name);
  const { versions, aliases } = await scanKeys(context.storage, name);
  const runs = versions.flatMap((of) => runsOf(of));
  const verified = await mapLimited(runs, (of) => verification(of, () => readRun(context, of)), runsAtOnce);
  const others = await mapLimited(versions, (version) => verifyFiles(context, version), runsAtOnce);
  const pointing = await mapLimited(aliases, ({ name, alias }) =>
    verification({ name, version: "aliases", run: `${alias}.json` }, async () => {
      const of = await readAlias(context, name, alias);
      return of && pointsTo(context, of);
    }),
  );
  return [...verified, ...[...others.flat(), ...pointing].filter(({ problems }) => problems.length > 0)];
}

/** What a version has besides its runs. */
async function verifyFiles(context: StoreContext, of: VersionKeys): Promise<readonly Verification[]> {
  const { name, version, promotions } = of;
  const history = await mapLimited(promotions, (id) =>
    verification({ name, version, run: `promotions/${id}.json` }, () => readPromotion(context, name, version, id)),
  );
  if (!of.hasCurrent) return history;
  const current = await verification({ name, version, run: "current.json" }, async () => {
    const run = await readCurrent(context, name, version);
    return run === undefined ? undefined : pointsTo(context, { name, version, run });
  });
  return [...history, current];
}

async function pointsTo({ storage }: StoreContext, of: RunName): Promise<void> {
  const key = metaKey(of.name, of.version, of.run);
  if ((await storage.read(key, { there: true })) !== undefined) return;
  throw new LaunchpadError(
    "STORE_CORRUPT",
    `[store] ${storage.location}: ${of.name} ${of.version}, run ${of.run}: it is named as the run to use, and is missing.`,
  );
}

async function verification(of: RunName, task: () => Promise<unknown>): Promise<Verification> {
  const problems: string[] = [];
  const { name, version, run } = of;
  try {
    await task();
  } catch (error) {
    // A run may be gone since it was listed, and one without a signature is a problem like any other: only a store
    // that cannot be read ends the verification.
    if (!isLaunchpadError(error) || error.code === "STORE_UNAVAILABLE") throw error;
    problems.push(error.message);
  }
  return { name, version, run, problems };
}

function runsOf({ name, version, runs }: VersionKeys): readonly RunName[] {
  return runs.map((run) => ({ name, version, run }));
}
