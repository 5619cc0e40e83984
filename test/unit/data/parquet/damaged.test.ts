import { mkdirSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { openSource } from "../../../support/entries.ts";
import type { Report, Work } from "./damaged-reader.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const fixtures = readdirSync(at("fixtures"))
  .filter((name) => name.endsWith(".parquet"))
  .map((name) => at(`fixtures/${name}`));
const reader = at("../../../../node_modules/.cache/launchpad-tests/damaged-reader.mjs");

/** Decoding is synchronous: only another thread can tell that it does not end. */
const patience = 30_000;

beforeAll(async () => {
  mkdirSync(at("../../../../node_modules/.cache/launchpad-tests"), { recursive: true });
  await build({
    entryPoints: [at("damaged-reader.ts")],
    outfile: reader,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
});

/** What goes wrong while a worker reads damaged files: what it threw, or what it was at when it did not go on. */
function faultsOf(work: Work): Promise<string[]> {
  return new Promise((resolve) => {
    const faults: string[] = [];
    let reading = "";
    const worker = new Worker(reader, { workerData: work });
    const late = () => {
      faults.push(`${reading}: did not end`);
      void worker.terminate();
    };
    let watchdog = setTimeout(late, patience);
    worker.on("message", (report: Report) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(late, patience);
      if ("thrown" in report) faults.push(report.thrown);
      else reading = report.reading;
    });
    worker.on("error", (error: Error) => faults.push(`${reading}: ${error.message}`));
    worker.on("exit", () => {
      clearTimeout(watchdog);
      resolve(faults);
    });
  });
}

describe("a damaged Parquet file", () => {
  it("whose numbers would be believed for ever is an error", async () => {
    const files = fixtures.filter((file) => file.includes("endless"));
    expect(files).toHaveLength(2);
    for (const file of files) {
      expect(await faultsOf({ files: [file], seed: 1, count: 1, changes: 0 })).toEqual([]);
      await expect((await openSource({ type: "parquet", path: file })).frame()).rejects.toMatchObject({
        code: "DATA_INVALID",
        message: expect.stringContaining("a whole Parquet file expected"),
      });
    }
  });

  it("is read or refused, and always ends: bytes changed at random", async () => {
    for (const seed of [1, 20_261_128]) {
      expect(await faultsOf({ files: fixtures, seed, count: 400, changes: 3 })).toEqual([]);
    }
  });
});
