import type { Comparison, Context, Findings } from "../tool/benchmark.ts";
import { type Load, type LoadOptions, load } from "../tool/load.ts";
import { processorTimeOf } from "../tool/proc.ts";
import { type Contender, type Serving, serve } from "../tool/server.ts";
import { inTurns, pick } from "../tool/turns.ts";
import { contendersOn, floorRuntimes } from "./contenders.ts";

const connections = 16;
/** At a fixed rate: wrk waits whole milliseconds, so each connection must have some to wait. */
const pacedConnections = 64;

/** What a load is, and what it took of the server. */
export interface ServerLoad extends Load {
  /** Microseconds of processor time for a request. */
  readonly processor: number;
}

/** Starts contenders, lets something be measured while all of them serve, and stops them. */
export async function whileServing<T>(
  context: Context,
  contenders: Readonly<Record<string, Contender>>,
  measure: (serving: Readonly<Record<string, Serving>>) => Promise<T>,
): Promise<T> {
  const serving: Record<string, Serving> = {};
  try {
    for (const [name, contender] of Object.entries(contenders)) serving[name] = await serve(context, contender);
    return await measure(serving);
  } finally {
    await Promise.all(Object.values(serving).map(({ stop }) => stop()));
  }
}

/**
 * Puts load on servers in turns.
 *
 * @param context The run.
 * @param serving The servers.
 * @param contenders What each is asked.
 * @param options How long, over how many connections, how fast.
 * @param rounds How often.
 */
export function loadInTurns(
  context: Context,
  serving: Readonly<Record<string, Serving>>,
  contenders: Readonly<Record<string, Contender>>,
  options: LoadOptions,
  rounds: number,
): Promise<Record<string, ServerLoad[]>> {
  const measures = Object.entries(serving).map(([name, { origin, pid }]) => [
    name,
    async (): Promise<ServerLoad> => {
      const before = await processorTimeOf(pid);
      const found = await load(context, origin, contenders[name]?.request ?? { path: "/" }, options);
      return { ...found, processor: ((await processorTimeOf(pid)) - before) / found.requests };
    },
  ]);
  return inTurns(Object.fromEntries(measures), rounds, 2);
}

/** Requests per second and latency, of as many requests as are answered. */
export async function requests(context: Context): Promise<Findings> {
  const comparisons: Comparison[] = [];
  for (const subject of floorRuntimes) {
    context.say(subject);
    const contenders = await contendersOn(context, subject);
    const found = await whileServing(context, contenders, (serving) => {
      sameAnswers(subject, serving);
      return loadInTurns(
        context,
        serving,
        contenders,
        { connections, seconds: context.quick ? 1 : 3 },
        context.quick ? 1 : 7,
      );
    });
    const row = (measure: string, unit: string, of: (load: ServerLoad) => number) =>
      comparisons.push({ subject, measure, unit, baseline: "bare Hono", rounds: pick(found, of) });
    row("requests per second", "1/s", ({ perSecond }) => perSecond);
    row("latency, median", "ms", ({ p50 }) => p50);
    row("latency, p99", "ms", ({ p99 }) => p99);
    row("processor time a request", "µs", ({ processor }) => processor);
  }
  return {
    comparisons,
    notes: [
      `${connections} connections that are kept alive, all of them busy; one process each. All servers of a runtime run at the same time, and are asked in turns.`,
    ],
  };
}

/** Latency at the same fixed rate for all: half of what the slowest can do. */
export async function latency(context: Context): Promise<Findings> {
  const comparisons: Comparison[] = [];
  for (const subject of floorRuntimes) {
    context.say(subject);
    const contenders = await contendersOn(context, subject);
    const found = await whileServing(context, contenders, async (serving) => {
      const seconds = context.quick ? 1 : 3;
      const full = await loadInTurns(context, serving, contenders, { connections, seconds }, 1);
      const rate =
        Math.min(
          ...Object.values(full)
            .flat()
            .map(({ perSecond }) => perSecond),
        ) / 2;
      const paced = { connections: pacedConnections, seconds, rate };
      return loadInTurns(context, serving, contenders, paced, context.quick ? 1 : 5);
    });
    const row = (measure: string, unit: string, of: (load: ServerLoad) => number) =>
      comparisons.push({ subject, measure, unit, baseline: "bare Hono", rounds: pick(found, of) });
    row("latency at half load, median", "ms", ({ p50 }) => p50);
    row("latency at half load, p99", "ms", ({ p99 }) => p99);
    row("requests per second that came", "1/s", ({ perSecond }) => perSecond);
  }
  return {
    comparisons,
    notes: [
      `All are asked at the same rate: half of what the slowest of them answered at full load. ${pacedConnections} connections, each of which waits between requests.`,
    ],
  };
}

function sameAnswers(subject: string, serving: Readonly<Record<string, Serving>>): void {
  const answers = new Set(Object.values(serving).map(({ answer }) => answer));
  if (answers.size !== 1) throw new Error(`${subject}: the answers differ: ${[...answers].join(" and ")}`);
}
