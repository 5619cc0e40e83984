import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, runtimes } from "../runtimes/runtime.ts";

const program = fileURLToPath(new URL("bench.ts", import.meta.url));
const bench = (...args: string[]) => run([...(runtimes.Node ?? []), program, ...args]);

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-results-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("npm run bench", () => {
  it("measures what it is told, and writes both results", async () => {
    const { code, stdout, stderr } = await bench("--quick", "--only", "size", "--out", folder);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^Node +size, gzip, kB +[\d.]+ \(×[\d.]+\) /m);
    const { size, ...others } = JSON.parse(await readFile(join(folder, "results.json"), "utf8"));
    expect(others).toEqual({});
    expect(size.quick).toBe(true);
    for (const { subject, rounds } of size.comparisons) {
      expect(Object.keys(rounds), subject).toEqual(["Launchpad, built", "bare Hono", "bare server"]);
      for (const [kilobytes] of Object.values<number[]>(rounds)) expect(kilobytes).toBeGreaterThan(1);
    }
    const report = await readFile(join(folder, "RESULTS.md"), "utf8");
    expect(report).toContain("| workerd | size, gzip, kB |");
    expect(report).not.toMatch(/(^|[\s"'(])\/(home|root|tmp|work|Users)\//m);
  });

  it("lists what there is, and refuses what is not there", async () => {
    const help = await bench("--help");
    expect(help.code).toBe(0);
    for (const name of ["requests", "growth-store", "peers"])
      expect(help.stdout).toMatch(new RegExp(`^  ${name} +\\w`, "m"));
    const wrong = await bench("--only", "speed");
    expect([wrong.code, wrong.stdout]).toEqual([1, ""]);
    expect(wrong.stderr).toContain("'speed' is invalid. Expected one of requests, latency");
  });
});
