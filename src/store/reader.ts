import type { StoreContext } from "./context.ts";
import { checkNames } from "./layout/layout.ts";
import { resolveReference } from "./layout/resolve.ts";
import { readCurrent } from "./promotions/current.ts";
import { readNamedRun, readRun, withRemedy } from "./runs/read-run.ts";
import { refuseTakenOver } from "./runs/taken-over.ts";
import type { StoreReader } from "./types.ts";

/**
 * Creates the part of a model store that serving needs: it writes nothing.
 *
 * @param context The storage, and what verifies.
 *
 * @returns The methods of a store that find and load runs.
 */
export function createStoreReader(context: StoreContext): StoreReader {
  const { storage } = context;
  return {
    location: storage.location,

    async load(name, version) {
      checkNames(name, version);
      return withRemedy(storage, { name, version }, async () => {
        const run = await readCurrent(context, name, version);
        return run === undefined ? undefined : await readRun(context, { name, version, run });
      });
    },

    async loadRun(of) {
      checkNames(of.name, of.version);
      const found = await withRemedy(storage, of, () => readNamedRun(context, of));
      refuseTakenOver(storage, of, found.meta);
      return found;
    },

    async current(name, version) {
      checkNames(name, version);
      return readCurrent(context, name, version);
    },

    resolve: (reference) => resolveReference(context, reference),
    close: () => storage.close(),
  };
}
