import type { Comparison } from "./benchmark.ts";
import type { Results } from "./results.ts";
import { median, ratio } from "./statistics.ts";
import { judgeGrowth, linear } from "./tables.ts";

/** As `to` of a goal: whichever contender that is not Launchpad has the most. */
export const bestPeer: unique symbol = Symbol("best peer");

/** How two contenders of a comparison must stand to each other. */
export interface Goal {
  readonly what: string;
  /** The benchmark that measures it, and what of it. */
  readonly benchmark: string;
  readonly measure: string;
  /** Of which rows; all, unless told. */
  readonly subject?: RegExp;
  readonly of: string;
  readonly to: string | typeof bestPeer;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** What stands in the way where it is not reached, from a profile; for all rows, or by subject. */
  readonly obstacle?: string | Readonly<Record<string, string>>;
}

/** How it stands. */
export interface Verdict {
  readonly goal: string;
  readonly subject: string;
  /** What was to be reached, as "≥ 0.9". */
  readonly aim: string;
  /** Undefined when it was not measured. */
  readonly found: number | undefined;
  readonly words: string;
}

const aimOf = ({ atLeast, atMost }: Goal) => (atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`);

function judge(goal: Goal, { subject, rounds }: Comparison): Verdict | undefined {
  const ours = rounds[goal.of];
  if (ours === undefined) return undefined;
  const others = Object.entries(rounds).filter(([name]) => !name.startsWith("Launchpad"));
  const [best] = others.sort(([, a], [, b]) => median(b) - median(a));
  const [name, theirs] = (goal.to === bestPeer ? best : [goal.to, rounds[goal.to]]) ?? [];
  if (theirs === undefined) return undefined;
  const found = ratio(ours, theirs);
  const { atLeast, atMost } = goal;
  const reached = (atLeast === undefined || found >= atLeast) && (atMost === undefined || found <= atMost);
  const missed = Math.abs(found / (atLeast ?? atMost ?? Number.NaN) - 1) * 100;
  const obstacle = typeof goal.obstacle === "object" ? goal.obstacle[subject] : goal.obstacle;
  const words = reached ? "reached" : `**missed by ${missed < 1 ? "less than 1" : Math.round(missed)} %**`;
  const beside = goal.to === bestPeer ? `, beside ${name}` : "";
  return {
    goal: goal.what,
    subject: `${subject}: ${goal.of}${beside}`,
    aim: aimOf(goal),
    found,
    words: !reached && obstacle ? `${words}: ${obstacle}` : words,
  };
}

/** How everything grows that is Launchpad's. */
function growthVerdicts(results: Results): readonly Verdict[] {
  const goal = "growth, linear or better";
  const aim = `≤ ${linear}`;
  const growths = Object.values(results).flatMap(({ growth = [] }) => growth.filter(({ reference }) => !reference));
  if (growths.length === 0) return [{ goal, subject: "", aim, found: undefined, words: "not measured" }];
  return growths.map((growth) => {
    const { exponent, words } = judgeGrowth(growth);
    const missed = `**missed by ${(exponent - linear).toFixed(2)}**`;
    const subject = `exponent of ${growth.what} over ${growth.by}`;
    return { goal, subject, aim, found: exponent, words: exponent > linear ? missed : `reached: ${words}` };
  });
}

/**
 * Holds results against goals.
 *
 * @param goals The goals.
 * @param results What was found.
 *
 * @returns How each goal stands, one line for each row that it is about; then how everything grows.
 */
export function judgeGoals(goals: readonly Goal[], results: Results): readonly Verdict[] {
  const verdicts = goals.flatMap((goal): readonly Verdict[] => {
    const comparisons = results[goal.benchmark]?.comparisons ?? [];
    const found = comparisons
      .filter(({ measure, subject }) => measure === goal.measure && (goal.subject?.test(subject) ?? true))
      .flatMap((comparison) => judge(goal, comparison) ?? []);
    if (found.length > 0) return found;
    return [{ goal: goal.what, subject: goal.of, aim: aimOf(goal), found: undefined, words: "not measured" }];
  });
  return [...verdicts, ...growthVerdicts(results)];
}
