import type { Benchmark } from "./benchmark.ts";
import { type Goal, judgeGoals, type Verdict } from "./goals.ts";
import type { Machine } from "./machine.ts";
import type { Part, Results } from "./results.ts";
import { comparisonTables, figure, growthTables, markdownTable, type Table } from "./tables.ts";

/** All tables of what a benchmark found. */
export const tablesOf = ({ comparisons = [], growth = [] }: Part): readonly Table[] => [
  ...comparisonTables(comparisons),
  ...growthTables(growth),
];

/** How the goals stand. */
export const goalTable = (verdicts: readonly Verdict[]): Table => ({
  rows: [
    ["goal", "of", "wanted", "found", ""],
    ...verdicts.map(({ goal, subject, aim, found, words }) => [
      ...[goal, subject, aim, found === undefined ? "–" : figure(found), words],
    ]),
  ],
});

const list = (texts: readonly string[]) => texts.map((text) => `- ${text.replace(/\s*\n\s*/g, " ")}`).join("\n");

function describeMachine({ system, processor, processors, memory, versions }: Machine): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${processors} × ${processor}, ${memory}, ${system}. ${software.join(", ")}.`;
}

function section(name: string, what: string, part: Part, machine: string): string {
  const own = describeMachine(part.machine);
  const how = part.quick ? " **A quick run: to see that it works, not to quote.**" : "";
  const missing = (part.missing ?? []).map((gap) => `${gap.what}: not measured. ${gap.reason}`);
  const pieces = [
    `## ${name}`,
    `${what}. ${part.date.slice(0, 10)}, commit ${part.commit}.${how}${own === machine ? "" : ` On another machine: ${own}`}`,
    ...tablesOf(part).map(markdownTable),
    list([...(part.notes ?? []), ...missing]),
  ];
  return pieces.filter((piece) => piece !== "").join("\n\n");
}

/**
 * Writes RESULTS.md.
 *
 * @param results What was found.
 * @param benchmarks What was measured, by name.
 * @param goals What was to be reached.
 *
 * @returns The text.
 */
export function createReport(
  results: Results,
  benchmarks: Readonly<Record<string, Benchmark>>,
  goals: readonly Goal[],
): string {
  const [first] = Object.values(results);
  const machine = first ? describeMachine(first.machine) : "";
  const absent = Object.keys(benchmarks).filter((name) => results[name] === undefined);
  const pieces = [
    "# How fast Launchpad is",
    "Written by `npm run bench`, which measures the same on your machine. Medians of all rounds, ± half the distance between the quartiles; contenders take turns within every round, and × is the median of the ratios within the rounds.",
    machine,
    "## Goals",
    markdownTable(goalTable(judgeGoals(goals, results))),
    ...Object.entries(results).map(([name, part]) => section(name, benchmarks[name]?.what ?? "", part, machine)),
    ...(absent.length === 0
      ? []
      : ["## Not measured yet", list(absent.map((name) => `\`npm run bench -- --only ${name}\``))]),
  ];
  return `${pieces.filter((piece) => piece !== "").join("\n\n")}\n`;
}
