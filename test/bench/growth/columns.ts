import { Hono } from "hono";
import { readCsvOptions } from "../../../src/data/csv/options.ts";
import { readCsv } from "../../../src/data/csv/read.ts";
import type { Context, Findings } from "../tool/benchmark.ts";
import { perCall } from "../tool/per-call.ts";
import { measureGrowth } from "./measure.ts";
import { answered, openCounts } from "./project.ts";

const rows = 1000;

function csvText(columns: number): Uint8Array {
  const line = (cell: (column: number) => string) =>
    Array.from({ length: columns }, (_, column) => cell(column)).join(",");
  const lines = [line((column) => `c${column}`)];
  for (let row = 0; row < rows; row++) lines.push(line((column) => `${(row * 7919 + column * 104729) % 10_000}.25`));
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

async function readFrame(bytes: Uint8Array): Promise<void> {
  const stream = new Blob([bytes as BlobPart]).stream();
  for await (const frame of readCsv(stream, readCsvOptions("", "csv", {}), "bench", Number.POSITIVE_INFINITY)) {
    if (frame.length !== rows) throw new Error(`found ${frame.length} rows`);
  }
}

/** 1 to 200 columns: of a CSV file, and as parameters of a request. */
export async function columns(context: Context): Promise<Findings> {
  const sizes = context.quick ? [1, 10, 50] : [1, 10, 50, 100, 200];
  const time = context.quick ? 10 : 200;
  const names = (size: number) => Array.from({ length: size }, (_, column) => `c${column}`);
  const url = (size: number) =>
    `http://x/counts/v1/counts?${names(size)
      .map((name) => `${name}=1.5`)
      .join("&")}`;
  const apis = new Map<number, Awaited<ReturnType<typeof openCounts>>["launchpad"]>();
  const texts = new Map(sizes.map((size) => [size, csvText(size)]));
  for (const size of sizes) {
    const parameters = names(size).map((name) => ({ name, in: "query", required: true, schema: { type: "number" } }));
    const paths = { "/counts": { get: { parameters, responses: { 200: { description: "Their number" } } } } };
    apis.set(size, (await openCounts(context, `columns-${size}`, paths)).launchpad);
  }
  const hono = new Hono();
  hono.get("/counts/v1/counts", (http) => http.json({ count: Object.keys(http.req.query()).length }));
  return measureGrowth(context, {
    by: "columns",
    sizes,
    rounds: context.quick ? 1 : 7,
    works: {
      [`CSV of ${rows} rows to a frame`]: (size) => perCall(() => readFrame(texts.get(size) ?? new Uint8Array()), time),
      "a request with so many parameters": (size) =>
        perCall(
          () => answered((request) => apis.get(size)?.fetch(request) ?? hono.fetch(request), new Request(url(size))),
          time,
        ),
      "the same, bare Hono": (size) =>
        perCall(() => answered(async (request) => hono.fetch(request), new Request(url(size))), time),
    },
    references: ["the same, bare Hono"],
    notes: ["In one process, on Node, without a network. Launchpad reads numbers and checks them; bare Hono does not."],
  });
}
