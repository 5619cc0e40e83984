import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type Config, type Host, messageOf, openStore } from "../../src/internal.ts";
import type { Examined, Finding } from "./finding.ts";
import { type OldRun, oldRuns } from "./old-runs.ts";
import { takeOver } from "./take-over.ts";

/** Name of the file in which the history is kept as well. */
const historyFile = "model_store_history.json";

/**
 * Examines a model store of ML Launchpad, whose contents are pickles, which nothing here loads, and takes its history over.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param writes Whether to write into the store.
 *
 * @returns What became of it; the history as a file, where there is one; the names of the metrics.
 */
export async function examineStore(
  config: Config,
  host: Host,
  writes: boolean,
): Promise<Examined & { readonly metrics: readonly string[] }> {
  const { location } = config.model_store;
  if (location === undefined || !location.startsWith("file:")) return { findings: [], files: {}, metrics: [] };
  const folder = fileURLToPath(location);
  const { runs, pickles, unread } = await oldRuns(folder);
  if (pickles + runs.length + unread.length === 0) return { findings: [], files: {}, metrics: [] };
  const where = `${basename(folder)} (model_store)`;
  const findings: Finding[] = [];
  if (pickles > 0) {
    const text =
      `pickles of ML Launchpad (${pickles}) stay where they are: only its classes can read them, and they run code when they are read. ` +
      "Train again: launchpad train";
    findings.push({ where, verdict: "changes", text });
  }
  for (const file of unread) {
    findings.push({ where: `${where}: ${file}`, verdict: "decide", text: "no metadata of a training: it is left out" });
  }
  if (runs.length > 0) findings.push({ where, ...(await historyOf(config, host, runs, writes)) });
  const history = runs.map(({ time, createdBy, measured, ...run }) => ({
    ...run,
    created: new Date(time).toISOString(),
    created_by: createdBy,
    backup: run.file.startsWith("previous/"),
    metrics: measured.at(-1)?.metrics ?? {},
    metrics_history: Object.fromEntries(measured.map(({ time: at, metrics }) => [new Date(at).toISOString(), metrics])),
  }));
  return {
    findings,
    files: history.length > 0 ? { [historyFile]: `${JSON.stringify(history, null, 2)}\n` } : {},
    metrics: [...new Set(runs.flatMap(({ measured }) => Object.keys(measured.at(-1)?.metrics ?? {})))],
  };
}

async function historyOf(
  config: Config,
  host: Host,
  runs: readonly OldRun[],
  writes: boolean,
): Promise<Omit<Finding, "where">> {
  try {
    const store = await openStore(config, host);
    try {
      const { taken, known } = await takeOver(store, runs, writes);
      const before = known > 0 ? `, ${known} of them before` : "";
      const text =
        `the history of trainings (${taken + known}${before}) is in the model store, with metrics, as runs that cannot serve: ` +
        `launchpad models runs; and in ${historyFile}`;
      return { verdict: "changes", text };
    } finally {
      await store.close();
    }
  } catch (error) {
    return { verdict: "decide", text: `the history of trainings cannot be taken over: ${messageOf(error)}` };
  }
}
