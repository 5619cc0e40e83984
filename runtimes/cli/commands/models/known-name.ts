import { LaunchpadError, type Store } from "../../../../src/internal.ts";

/**
 * Checks that there is a model of a name, before nothing is said of it: a mistyped name must not look like a model that is
 * in order.
 *
 * @param store The model store.
 * @param name The name; undefined for all models.
 *
 * @throws MODEL_NOT_TRAINED if there is none, with the names that there are.
 */
export async function checkKnown(store: Store, name: string | undefined): Promise<void> {
  if (name === undefined || (await store.overview(name)).length > 0) return;
  const names = [...new Set((await store.overview()).map((version) => version.name))];
  throw new LaunchpadError(
    "MODEL_NOT_TRAINED",
    `[store] ${store.location}: there is no model ${name}. Models there are: ${names.join(", ") || "none"}`,
  );
}
