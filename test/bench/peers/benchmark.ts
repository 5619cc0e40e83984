import { contendersOn } from "../floor/contenders.ts";
import { loadInTurns, type ServerLoad, whileServing } from "../floor/requests.ts";
import { startInTurns } from "../floor/start.ts";
import type { Comparison, Context, Findings } from "../tool/benchmark.ts";
import { memoryOf } from "../tool/proc.ts";
import { pick } from "../tool/turns.ts";
import { competition, processes } from "./contenders.ts";

const subject = `iris, ${processes} ${processes === 1 ? "process" : "processes"}`;
const baseline = "Launchpad on Node";

/** Requests per second, latency and memory beside what else serves models in Python. */
export async function peersLoad(context: Context): Promise<Findings> {
  const { contenders, missing, notes } = await competition(context);
  const comparisons = await whileServing(context, contenders, async (serving) => {
    const memory = async () =>
      Object.fromEntries(
        await Promise.all(Object.entries(serving).map(async ([name, { pid }]) => [name, [await memoryOf(pid)]])),
      );
    const started = await memory();
    const options = { connections: 16, seconds: context.quick ? 1 : 3 };
    const found = await loadInTurns(context, serving, contenders, options, context.quick ? 1 : 7);
    const row = (measure: string, unit: string, of: (load: ServerLoad) => number): Comparison => ({
      ...{ subject, measure, unit, baseline },
      rounds: pick(found, of),
    });
    return [
      row("requests per second", "1/s", ({ perSecond }) => perSecond),
      row("latency, median", "ms", ({ p50 }) => p50),
      row("latency, p99", "ms", ({ p99 }) => p99),
      row("processor time a request", "µs", ({ processor }) => processor),
      { subject, measure: "memory after the start", unit: "MB", baseline, rounds: started },
      { subject, measure: "memory after load", unit: "MB", baseline, rounds: await memory() },
    ];
  });
  return {
    comparisons,
    missing,
    notes: [
      "The same tree of the same data, asked about the same flower in each one's own protocol; 16 connections. Memory is that of all its processes, after the start and after all rounds of load.",
      ...notes,
    ],
  };
}

/** Start-up to first prediction beside what else serves models in Python. */
export async function peersStart(context: Context): Promise<Findings> {
  const { contenders, missing } = await competition(context);
  const built = (await contendersOn(context, "Node"))["Launchpad, built"];
  const all = { ...(built && { "Launchpad on Node, built": built }), ...contenders };
  const rounds = await startInTurns(context, all, context.quick ? 1 : 7);
  return { comparisons: [{ subject, measure: "start to first prediction", unit: "ms", baseline, rounds }], missing };
}
