import type { Driver } from "unstorage";
import { whereIs } from "../config/source-map.ts";
import type { Config } from "../config/types.ts";
import { filledSection } from "../config/variables.ts";
import { LaunchpadError } from "../errors.ts";
import type { Host } from "../host.ts";
import { formatLocation } from "../util/paths.ts";

/**
 * Opens the storage that `model_store` of a configuration names.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 *
 * @returns The driver, and where it keeps things, for messages.
 *
 * @throws CONFIG_INVALID when there is no storage for its location; VARIABLE_NOT_SET.
 */
export async function openStorageOf(
  config: Config,
  host: Host,
): Promise<{ readonly driver: Driver; readonly location: string }> {
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
  return { driver: await host.openStorage(location, options), location: formatLocation(location, host.files?.cwd) };
}
