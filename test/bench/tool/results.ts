import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Findings } from "./benchmark.ts";
import type { Machine } from "./machine.ts";

/** What one benchmark found, and when and where. */
export interface Part extends Findings {
  readonly date: string;
  readonly commit: string;
  readonly quick: boolean;
  readonly machine: Machine;
}

/** What all benchmarks found, by name: results.json. */
export type Results = Readonly<Record<string, Part>>;

/**
 * Puts new results into older ones.
 *
 * @param older What there is; a part that was not measured again stays.
 * @param newer What was measured.
 * @param names The benchmarks that there are, in their order: parts of others go.
 */
export function mergeResults(older: Results, newer: Results, names: readonly string[]): Results {
  const all = { ...older, ...newer };
  return Object.fromEntries(names.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
}

/** Reads results.json; nothing, if it is not there. */
export async function readResults(folder: string): Promise<Results> {
  const path = join(folder, "results.json");
  return existsSync(path) ? JSON.parse(await readFile(path, "utf8")) : {};
}

/**
 * Writes results.json and RESULTS.md.
 *
 * @param folder Where to.
 * @param results What was found.
 * @param report The text of RESULTS.md.
 */
export async function writeResults(folder: string, results: Results, report: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "results.json"), `${JSON.stringify(results, rounded, 2)}\n`);
  await writeFile(join(folder, "RESULTS.md"), report);
}

/** Five digits: more would be noise. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
