import type { Comparison, Context, Findings } from "../tool/benchmark.ts";
import { type Contender, serve } from "../tool/server.ts";
import { inTurns } from "../tool/turns.ts";
import { contendersOn, floorRuntimes } from "./contenders.ts";

/**
 * Measures how long servers take from the start of the process to their first prediction.
 *
 * @param context The run.
 * @param contenders The servers.
 * @param rounds How often each is started.
 *
 * @returns Milliseconds, by contender.
 */
export function startInTurns(
  context: Context,
  contenders: Readonly<Record<string, Contender>>,
  rounds: number,
): Promise<Record<string, number[]>> {
  const measures = Object.entries(contenders).map(([name, contender]) => [
    name,
    async () => {
      const { milliseconds, stop } = await serve(context, contender);
      await stop();
      return milliseconds;
    },
  ]);
  return inTurns(Object.fromEntries(measures), rounds);
}

/** Start-up to first prediction. */
export async function start(context: Context): Promise<Findings> {
  const comparisons: Comparison[] = [];
  for (const subject of floorRuntimes) {
    context.say(subject);
    const rounds = await startInTurns(context, await contendersOn(context, subject), context.quick ? 2 : 15);
    comparisons.push({ subject, measure: "start to first prediction", unit: "ms", baseline: "bare Hono", rounds });
  }
  return {
    comparisons,
    notes: ["From the start of the process to the end of its first answer, which is asked for every 2 ms."],
  };
}
