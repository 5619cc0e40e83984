import memoryDriver from "unstorage/drivers/memory";
import type { Stores } from "./backend.ts";

/** `memory:`, for tests and for models that are trained where they serve. */
export const stores: Stores = {
  "memory:": { form: "memory:", volatile: true, open: () => memoryDriver() },
};
