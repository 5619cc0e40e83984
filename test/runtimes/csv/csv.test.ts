import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, runtimes } from "../runtime.ts";

let folder: string;
const printed: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-csv-"));
  // In one file, for Node 20 knows no types.
  await build({
    entryPoints: [fileURLToPath(new URL("check.ts", import.meta.url))],
    outfile: join(folder, "check.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    logLevel: "error",
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("CSV", () => {
  for (const [name, command] of Object.entries(runtimes)) {
    it(`is read to the last bit, and as papaparse would, on ${name}`, async () => {
      const result = await run([...command, join(folder, "check.mjs")]);
      expect(result, result.stderr).toMatchObject({ code: 0 });
      const { wrong, differences, left, tables } = JSON.parse(result.stdout);
      expect({ wrong, differences }).toEqual({ wrong: [], differences: [] });
      expect(left).toBeLessThan(10_000);
      expect(tables.length).toBeGreaterThan(10);
      printed[name] = result.stdout;
    });
  }

  it("is the same on all of them", () => {
    expect(Object.keys(printed)).toEqual(Object.keys(runtimes));
    expect(new Set(Object.values(printed)).size).toBe(1);
  });
});
