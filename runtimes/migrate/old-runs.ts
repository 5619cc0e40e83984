import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Json } from "../../src/internal.ts";

type JsonObject = { readonly [key: string]: Json };

/** Training that ML Launchpad kept. */
export interface OldRun {
  readonly name: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly createdBy: string | null;
  readonly system: JsonObject;
  readonly report: JsonObject;
  /** What was measured, oldest first. */
  readonly measured: readonly { readonly time: number; readonly metrics: JsonObject }[];
  /** Its file of metadata, in the folder of the store. */
  readonly file: string;
}

/**
 * Reads what a store of ML Launchpad knows of its trainings: that of each version that would serve, and those before it.
 *
 * @param store The folder.
 *
 * @returns The trainings; how many pickles there are; files that could not be read.
 */
export async function oldRuns(
  store: string,
): Promise<{ readonly runs: readonly OldRun[]; readonly pickles: number; readonly unread: readonly string[] }> {
  const runs: OldRun[] = [];
  const unread: string[] = [];
  let pickles = 0;
  for (const folder of ["", "previous/"]) {
    for (const name of (await readdir(join(store, folder)).catch(() => [])).sort()) {
      if (name.endsWith(".pkl")) pickles += 1;
      if (!name.endsWith(".json")) continue;
      const run = runOf(`${folder}${name}`, await readFile(join(store, folder, name), "utf8").catch(() => ""));
      if (run) runs.push(run);
      else unread.push(`${folder}${name}`);
    }
  }
  return { runs, pickles, unread };
}

function runOf(file: string, text: string): OldRun | undefined {
  const meta = objectOf(parse(text));
  const { name, version, created, created_by: createdBy } = meta;
  if (typeof name !== "string" || typeof version !== "string") return undefined;
  const time = timeOf(created) ?? 0;
  const history = Object.entries(objectOf(meta.metrics_history)).flatMap(([at, metrics]) => {
    const when = timeOf(at);
    return when === undefined ? [] : [{ time: when, metrics: objectOf(metrics) }];
  });
  history.sort((a, b) => a.time - b.time);
  const now = objectOf(meta.metrics);
  const measured = history.length > 0 ? history : Object.keys(now).length > 0 ? [{ time, metrics: now }] : [];
  return {
    name,
    version,
    time: time || (measured[0]?.time ?? 0),
    createdBy: typeof createdBy === "string" ? createdBy : null,
    system: objectOf(meta.system),
    report: objectOf(meta.train_report),
    measured,
    file,
  };
}

/** Python writes numbers that JSON has no words for. */
function parse(text: string): unknown {
  for (const attempt of [text, text.replace(/([:[,]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g, "$1null")]) {
    try {
      return JSON.parse(attempt);
    } catch {}
  }
  return undefined;
}

function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** `2020-01-02 03:04:05`, in the time of the machine that wrote it: as if that was this one. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value.replace(" ", "T")) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
