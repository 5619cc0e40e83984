import process from "node:process";
import { createFrame } from "../../../src/data/frame/frame.ts";
import { openSink } from "../../support/entries.ts";

/** Writes many rows to a file, and prints how much memory that took at its height. */
const [type = "", path = ""] = process.argv.slice(2);
const rows = 20_000;
const frames = Number(process.argv[4]);
let written = 0;
const start = process.memoryUsage.rss();
let height = start;

async function* data() {
  for (let frame = 0; frame < frames; frame++) {
    const a = Float64Array.from({ length: rows }, (_, row) => Math.sin(frame * rows + row));
    yield createFrame({ a, b: Array.from(a, (_, row) => `row ${row % 100}`) });
    written += rows;
    height = Math.max(height, process.memoryUsage.rss());
  }
}

await (await openSink({ type, path })).write(data());
console.log(JSON.stringify({ written, above: height - start }));
