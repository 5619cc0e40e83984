/*
 * Measures the reader of a format, and prints that as JSON: a process of its own for each measuring, see benchmark.ts.
 *
 *   node --expose-gc measure.ts FORMAT FILE ROWS
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { catboost, lightgbm, xgboost } from "../../../src/formats.ts";

const formats = { xgboost, lightgbm, catboost };
const [name = "", path = "", rowsPath = ""] = process.argv.slice(2);
const format = formats[name as keyof typeof formats];
const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});

const numbers = readFileSync(rowsPath);
const rows = new Float64Array(numbers.buffer, numbers.byteOffset, numbers.length / 8);
const bytes = new Uint8Array(readFileSync(path));
collect();
const before = process.memoryUsage.rss();
const start = performance.now();
const model = await format.read(bytes, path);
const load = performance.now() - start;
collect();
const memory = process.memoryUsage.rss() - before;

const width = model.features.length;
const length = rows.length / width;
const columns = Array.from({ length: width }, (_, at) =>
  Float64Array.from({ length }, (_, row) => rows[row * width + at] ?? Number.NaN),
);
const first = Array.from(rows.subarray(0, width));
const predicted = model.predictColumns(columns, length).probabilities ?? new Float64Array();
let sum = 0;
for (let row = 0; row < length; row++) sum += predicted[2 * row + 1] ?? Number.NaN;

const times = Array.from({ length: 5000 }, () => {
  const begin = performance.now();
  model.predictRow(first);
  return (performance.now() - begin) * 1000;
}).sort((a, b) => a - b);
const begin = performance.now();
model.predictColumns(columns, length);
const batch = (length / (performance.now() - begin)) * 1000;
console.log(JSON.stringify({ one: times[2500], batch, load, memory: memory / bytes.length, sum }));
