import { setTimeout as pause } from "node:timers/promises";
import type { Comparison, Context, Findings } from "../tool/benchmark.ts";
import { load } from "../tool/load.ts";
import { memoryOf } from "../tool/proc.ts";
import { type Contender, serve } from "../tool/server.ts";
import { inTurns, pick } from "../tool/turns.ts";
import { contendersOn, floorRuntimes } from "./contenders.ts";

/** Memory in MB. */
export interface Memory {
  readonly start: number;
  /** After a tenth of the requests: by then everything has been compiled, and garbage collectors have found their sizes. */
  readonly warm: number;
  readonly end: number;
}

/** How many requests, after the first tenth. */
export const manyRequests = ({ quick }: Context) => (quick ? 2000 : 100_000);

/** No server is waited for longer, in seconds. */
const longest = 300;

async function ask(context: Context, origin: string, { request }: Contender, count: number): Promise<void> {
  const before = performance.now();
  for (let done = 0; done < count; ) {
    if (performance.now() - before > longest * 1000) throw new Error(`${done} requests of ${count} in ${longest} s`);
    const seconds = context.quick ? 1 : 2;
    done += (await load(context, origin, request, { connections: 16, seconds })).requests;
  }
  // What is to be collected, or given back, is by then.
  await pause(context.quick ? 100 : 2000);
}

/** Starts a server and measures its memory: after its first prediction, after a tenth of many requests, and after many more. */
export async function memoryUnderLoad(context: Context, contender: Contender): Promise<Memory> {
  const { origin, pid, stop } = await serve(context, contender);
  try {
    await pause(context.quick ? 100 : 1000);
    const start = await memoryOf(pid);
    await ask(context, origin, contender, manyRequests(context) / 10);
    const warm = await memoryOf(pid);
    await ask(context, origin, contender, manyRequests(context));
    return { start, warm, end: await memoryOf(pid) };
  } finally {
    await stop();
  }
}

/** Memory after the start, and whether load makes it grow. */
export async function memory(context: Context): Promise<Findings> {
  const comparisons: Comparison[] = [];
  const count = manyRequests(context);
  for (const runtime of floorRuntimes) {
    context.say(runtime);
    const contenders = Object.entries(await contendersOn(context, runtime));
    const measures = contenders.map(([name, contender]) => [name, () => memoryUnderLoad(context, contender)]);
    const found: Record<string, Memory[]> = await inTurns(Object.fromEntries(measures), context.quick ? 1 : 3, 0);
    for (const [measure, of] of [
      ["memory after the start", "start"],
      ["memory after load", "end"],
    ] as const) {
      const rounds = pick(found, (memory) => memory[of]);
      comparisons.push({ subject: runtime, measure, unit: "MB", baseline: "bare Hono", rounds });
    }
    for (const [name, values] of Object.entries(found)) {
      const rounds = {
        "after the start": values.map(({ start }) => start),
        "when warm": values.map(({ warm }) => warm),
        "after load": values.map(({ end }) => end),
      };
      comparisons.push({
        subject: `${runtime}, ${name}`,
        measure: "memory",
        unit: "MB",
        baseline: "when warm",
        rounds,
      });
    }
  }
  return {
    comparisons,
    notes: [
      `Proportional set size of the process. "When warm" is after at least ${count / 10} requests, "after load" after at least ${count} more.`,
    ],
  };
}
