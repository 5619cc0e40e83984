import type { Store } from "../../src/internal.ts";
import type { OldRun } from "./old-runs.ts";

/** Where the history comes from, as metadata say it. */
const origin = "ML Launchpad";

/**
 * Takes the history of trainings over into a model store: runs with their metrics, and those of retests, that nothing can serve.
 *
 * @param store The store.
 * @param runs The trainings.
 * @param writes Whether to write.
 *
 * @returns How many were taken over, and how many had been before.
 *
 * @throws CONFIG_INVALID for a name or a version that no model can have here; STORE_UNAVAILABLE.
 */
export async function takeOver(
  store: Store,
  runs: readonly OldRun[],
  writes: boolean,
): Promise<{ readonly taken: number; readonly known: number }> {
  const known = new Set<string>();
  for (const name of new Set(runs.map((run) => run.name))) {
    for (const { meta } of await store.runs(name)) if (meta.taken_over) known.add(`${name} ${meta.taken_over.file}`);
  }
  const missing = runs.filter(({ name, file }) => !known.has(`${name} ${file}`));
  if (!writes) return { taken: missing.length, known: runs.length - missing.length };
  // The oldest first, as they were made.
  for (const run of [...missing].sort((a, b) => a.time - b.time)) {
    const [first, ...retests] = run.measured;
    const meta = await store.save(
      {
        name: run.name,
        version: run.version,
        created: new Date(run.time).toISOString(),
        created_by: run.createdBy,
        system: run.system,
        train_report: run.report,
        metrics: first?.metrics ?? {},
        // It would hold what the configuration held: passwords, too.
        config_snapshot: {},
        have_columns_been_ordered: false,
        taken_over: { from: origin, file: run.file },
      },
      new Uint8Array(0),
      { promote: false, time: run.time },
    );
    for (const { time, metrics } of retests) await store.addMetrics(meta, metrics, time);
  }
  return { taken: missing.length, known: runs.length - missing.length };
}
