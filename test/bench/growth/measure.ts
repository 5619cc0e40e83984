import type { Context, Findings, Growth } from "../tool/benchmark.ts";
import { inTurns } from "../tool/turns.ts";

/** What is measured over sizes. */
export interface GrowthPlan {
  /** What there is more and more of. */
  readonly by: string;
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** What takes the time: each gives milliseconds. */
  readonly works: Readonly<Record<string, (size: number) => Promise<number>>>;
  /** Works that are not Launchpad's. */
  readonly references?: readonly string[];
  readonly notes?: readonly string[];
}

/** Measures all works with all sizes in turns. */
export async function measureGrowth(context: Context, plan: GrowthPlan): Promise<Findings> {
  const { by, sizes, works, references = [], notes = [] } = plan;
  const growth: Growth[] = [];
  for (const [what, work] of Object.entries(works)) {
    context.say(what);
    const measures = sizes.map((size) => [`${by} ${size}`, () => work(size)]);
    const found: Record<string, number[]> = await inTurns(Object.fromEntries(measures), plan.rounds);
    const rounds = sizes.map((size) => found[`${by} ${size}`] ?? []);
    growth.push({ what, by, unit: "ms", sizes, rounds, reference: references.includes(what) });
  }
  return { growth, notes };
}

/** The time of one call, in milliseconds. */
export async function once(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
