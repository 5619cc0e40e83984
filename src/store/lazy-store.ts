import type { Store } from "./types.ts";

/** A store that is opened when one of its methods is first called. */
export type LazyStore = Omit<Store, "location" | "close">;

/**
 * Creates a store that need not be open yet.
 *
 * @param open Opens the store; called as often as a method is.
 *
 * @returns The same methods.
 */
export function lazyStore(open: () => Promise<Store>): LazyStore {
  return {
    save: async (...args) => (await open()).save(...args),
    load: async (...args) => (await open()).load(...args),
    loadRun: async (...args) => (await open()).loadRun(...args),
    meta: async (...args) => (await open()).meta(...args),
    current: async (...args) => (await open()).current(...args),
    addMetrics: async (...args) => (await open()).addMetrics(...args),
    models: async (...args) => (await open()).models(...args),
    overview: async (...args) => (await open()).overview(...args),
    oldModels: async () => (await open()).oldModels(),
    runs: async (...args) => (await open()).runs(...args),
    resolve: async (...args) => (await open()).resolve(...args),
    promote: async (...args) => (await open()).promote(...args),
    abort: async (...args) => (await open()).abort(...args),
    rollback: async (...args) => (await open()).rollback(...args),
    promotions: async (...args) => (await open()).promotions(...args),
    alias: async (...args) => (await open()).alias(...args),
    aliases: async (...args) => (await open()).aliases(...args),
    verify: async (...args) => (await open()).verify(...args),
    prune: async (...args) => (await open()).prune(...args),
    export: async (...args) => (await open()).export(...args),
    index: async (...args) => (await open()).index(...args),
    import: async (...args) => (await open()).import(...args),
  };
}
