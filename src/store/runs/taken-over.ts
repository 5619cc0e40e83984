import { LaunchpadError } from "../../errors.ts";
import type { Storage } from "../storage.ts";
import type { Meta, RunName } from "../types.ts";

/**
 * Tells whether a run is the history of a training elsewhere: metadata and metrics without a model.
 *
 * @param meta The metadata of the run.
 *
 * @returns Whether nothing can serve it.
 */
export function isTakenOver({ contents, taken_over: from }: Meta): boolean {
  return contents.size === 0 && typeof from === "object" && from !== null;
}

/**
 * Refuses a run that is history where one is wanted that can serve.
 *
 * @param storage Where it is.
 * @param of Which run.
 * @param meta Its metadata.
 *
 * @throws MODEL_NOT_TRAINED.
 */
export function refuseTakenOver(storage: Storage, of: RunName, meta: Meta): void {
  if (!isTakenOver(meta)) return;
  throw new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `[store] ${storage.location}: ${of.name} ${of.version}, run ${of.run}: expected a run with a model, found the history of a ` +
      "training that was taken over, which cannot serve. Train it: launchpad train",
  );
}
