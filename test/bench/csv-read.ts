/*
 * Reads one CSV file and prints what that took, as JSON: a process of its own for each reading, see csv.ts.
 *
 *   node test/bench/csv-read.ts FILE frame|batches
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { files } from "../../runtimes/shared/files.ts";
import { readCsvOptions } from "../../src/data/csv/options.ts";
import { readCsv } from "../../src/data/csv/read.ts";

const [path = "", how] = process.argv.slice(2);

/** A line of what Linux knows about this process, in MB. */
function memory(name: "VmHWM" | "VmRSS"): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync("/proc/self/status", "utf8"));
  return Math.round(Number(found?.[1]) / 1024);
}

const before = memory("VmRSS");
const start = performance.now();
const size = how === "batches" ? 10_000 : Number.POSITIVE_INFINITY;
const stream = await files.stream(pathToFileURL(path));
const series: number[] = [];
let rows = 0;
for await (const frame of readCsv(stream, readCsvOptions("", "csv", {}), path, size)) {
  rows += frame.length;
  if (rows >= (series.length + 1) * 500_000) series.push(memory("VmRSS") - before);
}
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, rows, peak: memory("VmHWM"), above: memory("VmHWM") - before, series }));
