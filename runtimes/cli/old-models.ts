import { isLaunchpadError, LaunchpadError, type Store } from "../../src/internal.ts";

/** More names are more than anybody reads. */
const maxShown = 5;

/**
 * Creates what whoever comes from ML Launchpad should know of a store.
 *
 * @param store The store.
 *
 * @returns A sentence; undefined if none of its models are there.
 */
export async function oldModelsIn(store: Store): Promise<string | undefined> {
  const files = await store.oldModels();
  if (files.length === 0) return undefined;
  const shown =
    files.slice(0, maxShown).join(", ") + (files.length > maxShown ? ` and ${files.length - maxShown} more` : "");
  return (
    `Models of ML Launchpad 1.x lie there (${shown}), pickles that only its own classes can read: train again; launchpad migrate takes over ` +
    "their history"
  );
}

/**
 * Adds to the error of a model that was never trained what lies in its store instead.
 *
 * @param error What a command threw.
 * @param open Opens the store.
 *
 * @returns The error, or one that says more.
 */
export async function withOldModels(error: unknown, open: () => Promise<Store>): Promise<unknown> {
  if (!isLaunchpadError(error) || error.code !== "MODEL_NOT_TRAINED") return error;
  try {
    const found = await oldModelsIn(await open());
    return found === undefined ? error : new LaunchpadError(error.code, `${error.message}. ${found}`, { cause: error });
  } catch {
    // The first error is the one that matters.
    return error;
  }
}
