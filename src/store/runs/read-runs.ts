import { mapLimited } from "../../util/map-limited.ts";
import type { StoreContext } from "../context.ts";
import { currentKey } from "../layout/layout.ts";
import type { VersionKeys } from "../layout/scan.ts";
import { readCurrent } from "../promotions/current.ts";
import { pathOf } from "../storage.ts";
import type { Meta } from "../types.ts";
import { readMeta } from "./metadata.ts";
import { logSkipped, skipCorrupt } from "./skip-corrupt.ts";

/** The runs of one version that could be read. */
export interface ReadVersion {
  readonly name: string;
  readonly version: string;
  /** The run that serves. */
  readonly current: string | undefined;
  readonly metas: readonly Meta[];
}

/** How many documents are read at a time. */
const atOnce = 64;

/**
 * Reads the metadata of all runs of some versions. What is damaged, or not signed as it must be, is logged and left out.
 *
 * @param context The store.
 * @param versions What their keys say.
 *
 * @returns The versions, in the same order.
 *
 * @throws STORE_UNAVAILABLE.
 */
export async function readRuns(
  context: StoreContext,
  versions: readonly VersionKeys[],
): Promise<readonly ReadVersion[]> {
  const { storage, log, verify } = context;
  const onDamage = logSkipped(log, "models");
  const currents = await mapLimited(
    versions,
    async ({ name, version, hasCurrent }) =>
      hasCurrent ? skipCorrupt(readCurrent(context, name, version), onDamage) : undefined,
    atOnce,
  );
  // Of all versions in one go, so that many small ones are read as fast as a large one. A list may be older than
  // current.json, which then names a run that is there.
  const wanted = versions.flatMap((of, at) => {
    const listed = of.runs.map((run) => ({ at, of, run, there: false }));
    const run = currents[at];
    return run === undefined || of.runs.includes(run) ? listed : [...listed, { at, of, run, there: true }];
  });
  const metas: Meta[][] = versions.map(() => []);
  await mapLimited(
    wanted,
    async ({ at, of: { name, version, retests }, run, there }) => {
      const reading = readMeta(storage, { name, version, run }, { retests: retests.get(run) ?? [], there, verify });
      const meta = await skipCorrupt(reading, onDamage);
      if (meta) metas[at]?.push(meta);
    },
    atOnce,
  );
  return versions.map(({ name, version, runs }, at) => {
    const current = currents[at];
    const found = metas[at] ?? [];
    if (current !== undefined && !runs.includes(current) && !found.some((meta) => meta.run === current)) {
      const key = pathOf(currentKey(name, version));
      onDamage(`[store] ${storage.location}: ${key} names run ${current}, which is missing.`);
    }
    return { name, version, current, metas: found };
  });
}
