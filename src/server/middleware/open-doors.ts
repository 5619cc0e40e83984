import type { Host } from "../../host.ts";
import { createDoors, type Doors, type WithDoors } from "./doors.ts";

/**
 * Doors of an API, if its configuration asks for any: most packages for Workers have none, and none of the code.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param about Name of the server.
 *
 * @returns The doors; nothing where everybody may come in and nobody asks who did.
 *
 * @throws VARIABLE_NOT_SET, BINDING_NOT_SET, CONFIG_INVALID.
 */
export function openDoors(config: WithDoors, host: Host, about: { readonly realm: string }): Partial<Doors> {
  const { api, auth, limits } = config;
  const isAsked = auth !== undefined || limits !== undefined;
  const readsAddress = (api?.trusted_proxies ?? []).length > 0 || Boolean(api?.access_log);
  return isAsked || readsAddress ? createDoors(config, host, about) : {};
}
