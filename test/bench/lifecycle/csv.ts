import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runtimes } from "../../runtimes/runtime.ts";
import { pythonEnvironment } from "../peers/environment.ts";
import type { Comparison, Context, Findings, Missing } from "../tool/benchmark.ts";
import { runProgram } from "../tool/programs.ts";
import { inTurns, pick } from "../tool/turns.ts";
import { writeCsv } from "./csv-file.ts";

const reader = fileURLToPath(new URL("csv-read.ts", import.meta.url));
const pandasReader = fileURLToPath(new URL("pandas-read.py", import.meta.url));

/** Where these are set, NumPy takes another way than users' NumPy would. */
const asUsersHaveIt = ["env", "-u", "OPENBLAS_CORETYPE", "-u", "OPENBLAS_L2_SIZE"];

/** The runtimes that read files, without the oldest Node. */
const readingRuntimes = Object.entries(runtimes).filter(([name]) => name !== "Node 20");

/** What a process that read a file prints; memory in MB. */
interface Reading {
  readonly seconds: number;
  readonly rows: number;
  readonly peak: number;
  /** The memory every 100,000 rows. */
  readonly series: readonly number[];
}

const megabytesOf = ({ quick }: Context) => (quick ? 5 : 100);

/** Reads a file in turns, each time in a process of its own. */
async function readInTurns(
  context: Context,
  subject: string,
  baseline: string,
  programs: Readonly<Record<string, (path: string) => readonly string[]>>,
): Promise<readonly Comparison[]> {
  const path = join(context.folder, "frame.csv");
  await writeCsv(path, megabytesOf(context) * 1e6);
  const { size } = await stat(path);
  const measures = Object.entries(programs).map(([name, commandOf]) => [
    name,
    async (): Promise<Reading> => JSON.parse(await runProgram(context, commandOf(path))),
  ]);
  const found: Record<string, Reading[]> = await inTurns(Object.fromEntries(measures), context.quick ? 1 : 5, 0);
  await rm(path);
  const rows = new Set(Object.values(found).flatMap((readings) => readings.map((reading) => reading.rows)));
  if (rows.size !== 1) throw new Error(`not the same number of rows: ${[...rows].join(", ")}`);
  const row = { subject, baseline };
  return [
    { ...row, measure: "speed", unit: "MB/s", rounds: pick(found, ({ seconds }) => size / 1e6 / seconds) },
    { ...row, measure: "peak memory", unit: "MB", rounds: pick(found, ({ peak }) => peak) },
  ];
}

const own = (how: string) =>
  Object.fromEntries(
    readingRuntimes.map(([name, program]) => [name, (path: string) => [...program, reader, path, how]]),
  );

const notes = [
  "Nine columns, five of them numbers. Each reading is a process of its own; the time is that of reading, without the start of the process.",
];

/** A CSV file to a frame on each runtime, beside papaparse, which makes objects. */
export async function csv(context: Context): Promise<Findings> {
  const papaparse = (path: string) => [...(runtimes.Node ?? []), reader, path, "papaparse"];
  const subject = `CSV of ${megabytesOf(context)} MB to a frame`;
  return {
    comparisons: await readInTurns(context, subject, "papaparse on Node", {
      "papaparse on Node": papaparse,
      ...own("frame"),
    }),
    notes,
  };
}

/** The same beside pandas: version 2 makes an object of each text, version 3 keeps them as Arrow does. */
export async function csvPandas(context: Context): Promise<Findings> {
  const comparisons: Comparison[] = [];
  const missing: Missing[] = [];
  for (const name of ["pandas-2", "pandas-3"]) {
    const { python, version, reason } = await pythonEnvironment(context, name, "pandas");
    if (python === undefined) {
      missing.push({ what: name, reason });
      continue;
    }
    const pandas = (path: string) => [...asUsersHaveIt, python, pandasReader, path];
    const subject = `CSV of ${megabytesOf(context)} MB, pandas ${version}`;
    comparisons.push(...(await readInTurns(context, subject, "pandas", { pandas, ...own("frame") })));
  }
  return { comparisons, missing, notes };
}

/** Batches of 10,000 rows of a large file: the memory must not depend on its size. */
export async function batches(context: Context): Promise<Findings> {
  const path = join(context.folder, "batches.csv");
  const megabytes = context.quick ? 50 : 1000;
  await writeCsv(path, megabytes * 1e6);
  const { size } = await stat(path);
  const comparisons: Comparison[] = [];
  for (const [runtime, program] of readingRuntimes) {
    context.say(runtime);
    const { seconds, series }: Reading = JSON.parse(await runProgram(context, [...program, reader, path, "batches"]));
    const half = series.length >> 1;
    const [early, late] = [series.slice(0, half), series.slice(half)].map((part) => Math.max(...part));
    const subject = `${runtime}, ${megabytes} MB at ${(size / 1e6 / seconds).toFixed(0)} MB/s`;
    const rounds = { "first half": [early ?? Number.NaN], "second half": [late ?? Number.NaN] };
    comparisons.push({ subject, measure: "peak memory", unit: "MB", baseline: "first half", rounds });
  }
  await rm(path);
  return { comparisons, notes: ["Batches of 10,000 rows; the memory of the process, looked at every 100,000 rows."] };
}
