import { showLocation } from "../config/locations.ts";
import { whereIs } from "../config/positions.ts";
import type { Config } from "../config/types.ts";
import { filledSection } from "../config/variables.ts";
import { LaunchpadError } from "../errors.ts";
import type { Host } from "../host.ts";
import { createSigning } from "./signing.ts";
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
  const { sign, verify } = createSigning(config, host.env);
  // What only serves does not have the key that signs: it is read when something is signed.
  const { sign_key_var } = config.model_store;
  const env = (name: string) => (name === sign_key_var ? "" : host.env(name));
  const section = filledSection(config, ["model_store"], env);
  const { location, refresh: _, sign_key: __, verify_key: ___, ...options } = section;
  if (typeof location !== "string") {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${whereIs(config, ["model_store"])}: model_store: found no location, expected a folder or a URL.`,
    );
  }
  return createStore({
    driver: await host.openStorage(location, options),
    location: showLocation(location, host.files?.cwd),
    now: host.now,
    log: host.log.child("store"),
    sign,
    verify,
  });
}
