import { LaunchpadError } from "../../errors.ts";
import type { StoreContext } from "../context.ts";
import { checkNames } from "../layout/layout.ts";
import { scanKeys } from "../layout/scan.ts";
import type { Promotion, RunName } from "../types.ts";
import { readCurrent } from "./current.ts";
import { promote, promotionsOf } from "./promotions.ts";

/**
 * Makes the run that served before the current one serve again. A second rollback goes back one further, not forward
 * to what was just left. Runs that have been removed since are passed over.
 *
 * @param context The store.
 * @param name The model's name.
 * @param version The model's version.
 *
 * @returns The run that serves now.
 *
 * @throws MODEL_NOT_TRAINED when nothing serves, or nothing served before it; STORE_CORRUPT when the run to go back to
 * is not whole; STORE_UNAVAILABLE.
 */
export async function rollback(context: StoreContext, name: string, version: string): Promise<RunName> {
  const { storage } = context;
  checkNames(name, version);
  const where = `[store] ${storage.location}: ${name} ${version}`;
  const current = await readCurrent(context, name, version);
  if (current === undefined) throw new LaunchpadError("MODEL_NOT_TRAINED", `${where} has no run that serves.`);
  const { versions } = await scanKeys(storage, name, version);
  const runs = versions.flatMap((found) => found.runs);
  const run = runsBefore(current, await promotionsOf(context, name, version), runs).find((run) => runs.includes(run));
  if (run === undefined) {
    throw new LaunchpadError(
      "MODEL_NOT_TRAINED",
      `${where}: no run that is still there served before the current one, ${current}: there is nothing to go back to. ` +
        `Promote a run by its name: launchpad models promote ${name}@${version}/RUN`,
    );
  }
  const of = { name, version, run };
  await promote(context, of, "rollback");
  return of;
}

/**
 * Finds the runs to go back to.
 *
 * @param current The run that serves.
 * @param promotions Every switch, oldest first; one that was written down and never took effect may be among them.
 * @param runs All runs.
 *
 * @returns The best first.
 */
export function runsBefore(
  current: string,
  promotions: readonly Promotion[],
  runs: readonly string[],
): readonly string[] {
  // What served, one above the other; what was left by a rollback is no longer on it.
  const stack: string[] = [];
  const cutTo = (run: string) => {
    const at = stack.lastIndexOf(run);
    if (at < 0) stack.push(run);
    else stack.splice(at + 1);
  };
  for (const { run, previous, reason } of promotions) {
    // What was tried has never served everybody.
    if (reason === "abort") continue;
    // What really served then: whatever is above it never took effect.
    if (previous !== null) cutTo(previous);
    if (reason === "rollback") cutTo(run);
    else stack.push(run);
  }
  const at = stack.lastIndexOf(current);
  if (at >= 0)
    return stack
      .slice(0, at)
      .reverse()
      .filter((run) => run !== current);
  // Two switches at once, of which the first to be written down won.
  const last = promotions.findLast(({ run }) => run === current);
  if (last) return [last.previous ?? []].flat();
  // A run from before promotions were written down.
  return runs
    .filter((run) => run < current)
    .sort()
    .reverse();
}
