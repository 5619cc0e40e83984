import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Benchmark, Comparison, Growth } from "../../bench/tool/benchmark.ts";
import { bestPeer, type Goal, judgeGoals } from "../../bench/tool/goals.ts";
import { reasonOf } from "../../bench/tool/reason.ts";
import { createReport } from "../../bench/tool/report.ts";
import { mergeResults, type Part, readResults, writeResults } from "../../bench/tool/results.ts";
import { terminalTable } from "../../bench/tool/tables.ts";

const machine = {
  system: "linux 6.1, x64",
  processor: "A Processor",
  processors: 2,
  memory: "25 GB",
  versions: { Node: "26.0.0" },
};
const part = (more: Partial<Part>): Part => ({
  date: "2026-11-24T12:00:00Z",
  commit: "abc",
  quick: false,
  machine,
  ...more,
});
const speeds: Comparison = {
  subject: "Node",
  measure: "requests per second",
  unit: "1/s",
  baseline: "bare",
  rounds: { Launchpad: [90, 180, 80], bare: [100, 200, 100], peer: [10, 20, 10] },
};
const growing = (times: readonly number[], more: Partial<Growth> = {}): Growth => ({
  ...{ what: "list", by: "runs", unit: "ms", sizes: [1, 10, 100] },
  rounds: times.map((time) => [time]),
  ...more,
});
const goal = {
  what: "speed",
  benchmark: "speed",
  measure: "requests per second",
  of: "Launchpad",
  to: "bare",
} as const;
const run: Benchmark["run"] = async () => ({});
const benchmarks = {
  speed: { what: "How fast", run },
  growth: { what: "How it grows", run },
  other: { what: "Another", run },
};

describe("results", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "launchpad-results-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("of a partial run replace only their own part, in the order of the benchmarks; what is no more goes", () => {
    const old = { gone: part({}), growth: part({ commit: "old" }), speed: part({ commit: "old" }) };
    const merged = mergeResults(old, { speed: part({ commit: "new" }) }, Object.keys(benchmarks));
    expect(Object.entries(merged).map(([name, { commit }]) => [name, commit])).toEqual([
      ["speed", "new"],
      ["growth", "old"],
    ]);
  });

  it("are written and read again, with five digits", async () => {
    expect(await readResults(folder)).toEqual({});
    const comparison = { ...speeds, rounds: { bare: [1234.5678, 1] } };
    await writeResults(join(folder, "new"), { speed: part({ comparisons: [comparison] }) }, "# Report\n");
    const [found] = (await readResults(join(folder, "new"))).speed?.comparisons ?? [];
    expect(found?.rounds).toEqual({ bare: [1234.6, 1] });
    expect(await readFile(join(folder, "new", "RESULTS.md"), "utf8")).toBe("# Report\n");
  });
});

describe("goals", () => {
  const results = { speed: part({ comparisons: [speeds] }) };
  const judged = (more: Partial<Goal>) => judgeGoals([{ ...goal, ...more }], results)[0];

  it("are reached, or missed by so much", () => {
    expect(judged({ atLeast: 0.9 })).toMatchObject({ found: 0.9, aim: "≥ 0.9", words: "reached" });
    expect(judged({ atLeast: 1.2 })?.words).toBe("**missed by 25 %**");
    expect(judged({ atMost: 0.75, obstacle: "hashing" })?.words).toBe("**missed by 20 %**: hashing");
    expect(judged({ atLeast: 0.9001 })?.words).toBe("**missed by less than 1 %**");
    expect(judged({ to: bestPeer, atLeast: 5 })).toMatchObject({ subject: "Node: Launchpad, beside bare" });
  });

  it("that nobody measured are said to be so", () => {
    expect(judged({ benchmark: "other", atLeast: 1 })).toMatchObject({ found: undefined, words: "not measured" });
    expect(judged({ of: "nobody", atLeast: 1 })?.words).toBe("not measured");
  });

  it("see growth that is worse than linear, of Launchpad only", () => {
    const growth = [growing([1, 10, 100]), growing([1, 100, 10_000]), growing([1, 1000, 1e6], { reference: true })];
    const verdicts = judgeGoals([], { growth: part({ growth }) });
    expect(verdicts.map(({ found, words }) => [found?.toFixed(1), words])).toEqual([
      ["1.0", "reached: linear"],
      ["2.0", "**missed by 0.90**"],
    ]);
  });
});

describe("a reason", () => {
  it("is what a program said of its error, without paths and addresses", () => {
    const said = `/home/jane/.venv/bin/python -m pip ended with 1: Looking in indexes: https://jane:secret@packages.example.com/simple
ERROR: Could not find x==9 at https://packages.example.com/simple (from versions: 1.0)

ERROR: No matching distribution found for x==9 in "/home/jane/requirements.txt"
[notice] Finished`;
    expect(reasonOf(new Error(said))).toBe(
      'ERROR: Could not find x==9 at URL (from versions: 1.0) ERROR: No matching distribution found for x==9 in "requirements.txt"',
    );
    expect(reasonOf("one\ntwo\n/opt/x/three\n")).toBe("two three");
  });
});

describe("the report", () => {
  it("has every figure with its ratio, what is missing, and what was not measured", () => {
    const report = createReport(
      {
        speed: part({
          comparisons: [speeds],
          missing: [{ what: "Peer", reason: "pip: no such version" }],
          notes: ["A note."],
        }),
        growth: part({ growth: [growing([1, 1, 1])], quick: true, machine: { ...machine, processors: 64 } }),
      },
      benchmarks,
      [{ ...goal, atLeast: 0.9 }],
    );
    expect(report).toContain("2 × A Processor, 25 GB, linux 6.1, x64. Node 26.0.0.");
    expect(report).toContain("| speed | Node: Launchpad | ≥ 0.9 | 0.9 | reached |");
    expect(report).toContain("| Node | requests per second, 1/s | 90 ±28 % (×0.9) | 100 ±25 % | 10 ±25 % (×0.1) |");
    expect(report).toContain("| list, ms | 1 | 1 (×1) | 1 (×1) | 0.00 | does not grow |");
    expect(report).toContain("- A note.\n- Peer: not measured. pip: no such version");
    expect(report).toMatch(/## growth\n\n.*A quick run.*On another machine: 64 × A Processor/);
    expect(report).toContain("- `npm run bench -- --only other`");
  });

  it("has no figure for what could not be told", () => {
    const unknown = { ...speeds, rounds: { Launchpad: [Number.NaN], bare: [1] } };
    expect(createReport({ speed: part({ comparisons: [unknown] }) }, benchmarks, [])).toContain("| – | 1 |");
  });

  it("is aligned on a terminal", () => {
    expect(
      terminalTable({
        rows: [
          ["a", "", "long"],
          ["bb", "x", "1"],
        ],
      }),
    ).toBe("a      long\nbb  x     1");
  });
});
