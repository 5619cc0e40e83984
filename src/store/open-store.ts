import type { Config } from "../config/types.ts";
import type { Host } from "../host.ts";
import { openStorageOf } from "./open-storage.ts";
import { createSigning } from "./signing/signing.ts";
import { createStore } from "./store.ts";
import type { Store } from "./types.ts";

/**
 * Opens the model store of a configuration; no model is needed for that.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 *
 * @returns The store.
 *
 * @throws CONFIG_INVALID when there is no storage for its location, or a key is none; VARIABLE_NOT_SET.
 */
export async function openStore(config: Config, host: Host): Promise<Store> {
  const signing = createSigning(config, host.env);
  const { driver, location } = await openStorageOf(config, host);
  return createStore({ driver, location, now: host.now, log: host.log.child("store"), ...signing });
}
