/*
 * How fast, how small, compared with what: npm run bench -- --help
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { benchmarks } from "./benchmarks.ts";
import { goals } from "./goals.ts";
import type { Context } from "./tool/benchmark.ts";
import { judgeGoals } from "./tool/goals.ts";
import { commit, describeMachine } from "./tool/machine.ts";
import { readOptions } from "./tool/options.ts";
import { createReport, goalTable, tablesOf } from "./tool/report.ts";
import { mergeResults, type Part, readResults, writeResults } from "./tool/results.ts";
import { createScope } from "./tool/scope.ts";
import { terminalTable } from "./tool/tables.ts";

const { only, quick, peers, out } = readOptions(process.argv.slice(2), benchmarks);
const folder = out ?? fileURLToPath(new URL(quick ? "quick" : ".", import.meta.url));
const say = (text: string) => process.stderr.write(`${text}\n`);
const chosen = Object.entries(benchmarks).filter(([name, { peers: needsPython = false }]) =>
  only.length > 0 ? only.includes(name) : peers || !needsPython,
);

const scope = await createScope();
const context: Context = { quick, say: (text) => say(`  ${text}`), folder: scope.folder, atEnd: scope.atEnd };
const machine = describeMachine();
try {
  for (const [name, { what, run }] of chosen) {
    say(`${name}: ${what}`);
    try {
      const part: Part = { date: new Date().toISOString(), commit: commit(), quick, machine, ...(await run(context)) };
      if (scope.isEnding()) break;
      console.log(`\n${name}: ${what}\n`);
      for (const table of tablesOf(part)) console.log(`${terminalTable(table)}\n`);
      for (const { what, reason } of part.missing ?? []) console.log(`Not measured: ${what}. ${reason}`);
      // After each, so that a run that is stopped keeps what it has.
      const results = mergeResults(await readResults(folder), { [name]: part }, Object.keys(benchmarks));
      await writeResults(folder, results, createReport(results, benchmarks, goals));
    } catch (error) {
      if (scope.isEnding()) break;
      say(`${name} failed, and its older results stay: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
  if (!scope.isEnding()) {
    const measured = mergeResults(
      await readResults(folder),
      {},
      chosen.map(([name]) => name),
    );
    const verdicts = judgeGoals(goals, measured).filter(({ found }) => found !== undefined);
    console.log(`\n${terminalTable(goalTable(verdicts))}`);
    console.log(`\nresults.json and RESULTS.md are in ${folder}`);
  }
} finally {
  await scope.end();
}
