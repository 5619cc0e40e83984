import process from "node:process";
import { InvalidArgumentError } from "commander";
import { LaunchpadError, type Source } from "../../../../src/internal.ts";
import type { Plan } from "../../scoring/plan.ts";
import type { TableOptions } from "../../scoring/score-table.ts";

/** Variables in which engines tell a task its number. */
export const indexVariables = ["JOB_COMPLETION_INDEX", "SLURM_ARRAY_TASK_ID", "AWS_BATCH_JOB_ARRAY_INDEX"] as const;

/**
 * Creates the reader of a whole number.
 *
 * @param least The least that is allowed.
 *
 * @returns The reader.
 */
export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least}.`);
  };
}

/** Ranges of whole keys: each has `step` of them, the last perhaps fewer. */
export interface KeyRanges {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/**
 * Reads `0:1000000:100000`.
 *
 * @param text The least key, the one after the greatest, and how many a part has.
 *
 * @returns The ranges.
 */
export function keyRanges(text: string): KeyRanges {
  const [from = Number.NaN, to = Number.NaN, step = Number.NaN, ...more] = text
    .split(":")
    .map((part) => (/^-?\d+$/.test(part) ? Number(part) : Number.NaN));
  if (more.length === 0 && [from, to, step].every(Number.isSafeInteger) && from < to && step > 0)
    return { from, to, step };
  throw new InvalidArgumentError("Expected whole numbers FROM:TO:STEP with FROM below TO, such as 0:1000000:100000.");
}

/**
 * Finds what a plan says of its table.
 *
 * @param plan The plan.
 *
 * @returns The options of the table.
 */
export function tableOf({
  from,
  from_format: format,
  columns,
  params,
}: Pick<Plan, "from" | "from_format" | "columns" | "params">): TableOptions {
  return { from, fromFormat: format ?? undefined, columns, params, errors: "fail", stamp: false };
}

/**
 * Checks that rows can be told apart by their number: what a query finds has no order that lasts.
 *
 * @param source The source.
 * @param from What the command line calls it.
 * @param parts How many parts of rows there are.
 *
 * @throws USAGE for several parts of a database.
 */
export function assertOrdered({ type }: Source, from: string, parts: number): void {
  if (parts < 2 || !type.startsWith("dbms.")) return;
  throw new LaunchpadError(
    "USAGE",
    `--keys: expected ranges of keys for the database source ${from}, found none: rows of a query have no order that all tasks see. Write --keys FROM:TO:STEP, or --part-rows above the number of rows`,
  );
}

/**
 * Finds the number of the part that an engine asks a task for.
 *
 * @returns The number.
 *
 * @throws USAGE where no engine tells one.
 */
export function indexOfTask(): number {
  for (const name of indexVariables) {
    const value = process.env[name];
    if (value !== undefined && /^\d+$/.test(value)) return Number(value);
  }
  throw new LaunchpadError(
    "USAGE",
    `--index: expected the number of a part, or one of ${indexVariables.join(", ")} in the environment; found neither`,
  );
}
