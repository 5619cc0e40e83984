/*
 * Reads one CSV file and prints what that took, as JSON: a process of its own for each reading, see csv.ts.
 *
 *   node csv-read.ts FILE frame|batches|papaparse
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { pathToFileURL } from "node:url";
import Papa from "papaparse";
import { files } from "../../../runtimes/io/files.ts";
import { readCsvOptions } from "../../../src/data/csv/options.ts";
import { readCsv } from "../../../src/data/csv/read.ts";

const [path = "", how = ""] = process.argv.slice(2);
/** Every so many rows, how much memory there is. */
const step = 100_000;

/** A line of what Linux knows about this process, in MB. */
function memory(name: "VmHWM" | "VmRSS"): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync("/proc/self/status", "utf8"));
  return (Number(found?.[1]) * 1024) / 1e6;
}

const series: number[] = [];

async function readFrames(size: number): Promise<number> {
  let rows = 0;
  for await (const frame of readCsv(
    await files.stream(pathToFileURL(path)),
    readCsvOptions("", "csv", {}),
    path,
    size,
  )) {
    rows += frame.length;
    if (rows >= (series.length + 1) * step) series.push(memory("VmRSS"));
  }
  return rows;
}

const readers: Readonly<Record<string, () => Promise<number>>> = {
  frame: () => readFrames(Number.POSITIVE_INFINITY),
  batches: () => readFrames(10_000),
  async papaparse() {
    const text = await readFile(path, "utf8");
    return Papa.parse(text, { header: true, dynamicTyping: true, skipEmptyLines: true }).data.length;
  },
};

const start = performance.now();
const rows = await readers[how]?.();
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, rows, peak: memory("VmHWM"), series }));
