import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../../src/internal.ts";
import type { Examined } from "./finding.ts";

/** Training that ML Launchpad kept. */
interface OldModel {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly created?: unknown;
  readonly created_by?: unknown;
  readonly metrics?: unknown;
  readonly metrics_history?: unknown;
}

/** Name of the file in which the history is kept. */
const historyFile = "model_store_history.json";

/**
 * Examines a model store of ML Launchpad: its contents are pickles, which nothing here loads, and its history is data.
 *
 * @param config The configuration.
 *
 * @returns The history of metrics as a file, where there is one, and the names of the metrics.
 */
export async function examineStore(config: Config): Promise<Examined & { readonly metrics: readonly string[] }> {
  const { location } = config.model_store;
  if (location === undefined || !location.startsWith("file:")) return { findings: [], files: {}, metrics: [] };
  const store = fileURLToPath(location);
  const history: object[] = [];
  const measured = new Set<string>();
  let pickles = 0;
  for (const [folder, isBackup] of [
    [store, false],
    [join(store, "previous"), true],
  ] as const) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.endsWith(".pkl")) pickles += 1;
      if (!name.endsWith(".json")) continue;
      const meta = await readJson(join(folder, name));
      if (meta === undefined) continue;
      const { name: model, version, created, created_by, metrics, metrics_history } = meta;
      for (const metric of Object.keys(metrics ?? {})) measured.add(metric);
      history.push({ name: model, version, created, created_by, backup: isBackup, metrics, metrics_history });
    }
  }
  if (pickles + history.length === 0) return { findings: [], files: {}, metrics: [] };
  const where = `${basename(store)} (model_store)`;
  return {
    findings: [
      {
        where,
        verdict: "changes",
        text:
          `pickles of ML Launchpad (${pickles}) stay where they are: only its classes can read them, and they run code when they are read. ` +
          "Train again: launchpad train",
      },
      ...(history.length > 0
        ? [
            {
              where,
              verdict: "changes" as const,
              text: `metrics of trainings (${history.length}) are in ${historyFile}`,
            },
          ]
        : []),
    ],
    files: history.length > 0 ? { [historyFile]: `${JSON.stringify(history, null, 2)}\n` } : {},
    metrics: [...measured],
  };
}

async function readJson(path: string): Promise<OldModel | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return typeof value === "object" && value !== null && "version" in value ? value : undefined;
  } catch {
    return undefined;
  }
}
