import type { Config } from "../config/types.ts";
import type { Host } from "../host.ts";
import { openStorageOf } from "./open-storage.ts";
import { createStoreReader } from "./reader.ts";
import { verifierOf } from "./signing/signing.ts";
import { createStorageOver } from "./storage.ts";
import type { StoreReader } from "./types.ts";

/**
 * Opens the model store of a configuration to serve from it.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 *
 * @returns The part of the store that only reads.
 *
 * @throws CONFIG_INVALID when there is no storage for its location, or a key is none; VARIABLE_NOT_SET.
 */
export async function openStoreReader(config: Config, host: Host): Promise<StoreReader> {
  const verify = verifierOf(config, host.env);
  const { driver, location } = await openStorageOf(config, host);
  const storage = createStorageOver(driver, location);
  return createStoreReader({ storage, now: host.now, log: host.log.child("store"), verify, newest: new Map() });
}
