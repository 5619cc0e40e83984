import { rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFile } from "../../support/entries.ts";
import { run, runtimes } from "../runtime.ts";

const script = fileURLToPath(new URL("write-much.ts", import.meta.url));

describe("a sink", () => {
  it.each([
    ["csv", 200, 100e6],
    ["jsonl", 200, 150e6],
    ["parquet", 400, 60e6],
    ["csv.gz", 40, 5e6],
  ])("writes more %s than it has memory", async (ending, frames, least) => {
    const path = temporaryFile(`.${ending}`);
    const [program = ""] = runtimes.Node ?? [];
    const type = ending.replace(".gz", "");
    const finished = await run([program, "--max-old-space-size=64", script, type, path, String(frames)]);
    expect(finished, finished.stderr).toMatchObject({ code: 0 });
    const { written, above } = JSON.parse(finished.stdout);
    console.log(`${ending}: ${statSync(path).size} bytes written with ${above} bytes of memory`);
    expect(written).toBe(frames * 20_000);
    expect(statSync(path).size).toBeGreaterThan(least);
    // Buffers that nobody needs any more are not freed at once.
    expect(above).toBeLessThan(200e6);
    rmSync(path);
  });
});
