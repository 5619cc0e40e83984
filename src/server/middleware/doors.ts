import type { LimitsConfig } from "../../config/doors/door-types.ts";
import { whereIs } from "../../config/source-map.ts";
import type { ServerConfig } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import type { Handlers } from "../request-context.ts";
import { type AddressOf, addressReader, type IsListed, listOf } from "./address.ts";
import { type Auth, createAuth } from "./auth/from-config.ts";
import { compose, type Middleware } from "./fold.ts";
import { createForwarded, type Forwarded } from "./forwarded.ts";
import { createLimits } from "./limits/from-config.ts";

/** Configuration of a server: one project, or what several share. */
export interface WithDoors {
  readonly api?: ServerConfig;
  readonly auth?: object;
  readonly limits?: LimitsConfig;
}

/** What stands before an API: who may come in, and how much they may ask. */
export interface Doors {
  /** Asked when the path of a request has been found; undefined where nothing is asked. */
  readonly guard: Middleware | undefined;
  /** What says who gives out tokens, by path. */
  readonly endpoints: Readonly<Record<string, Handlers>>;
  /** Ways in which a caller can say who they are. */
  readonly schemes: Auth["schemes"];
  /** Finds the address of the caller. */
  readonly addressOf: AddressOf;
  /** Tells whether an address is that of a proxy that is trusted. */
  readonly isProxy: IsListed;
  /** Reads what proxies say, where any is trusted. */
  readonly forwarded: Forwarded | undefined;
}

/**
 * Doors before an API, all of it once at the start.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 * @param about Name of the server.
 *
 * @returns The doors.
 *
 * @throws VARIABLE_NOT_SET, BINDING_NOT_SET, CONFIG_INVALID.
 */
export function createDoors(config: WithDoors, host: Host, about: { readonly realm: string }): Doors {
  const proxies = config.api?.trusted_proxies ?? [];
  const isProxy = listOf(proxies);
  // Clients of the Model Context Protocol look for who gives out tokens by its path.
  const resources = config.api?.protocols?.includes("mcp") ? ["/mcp"] : [];
  const addressOf = addressReader(isProxy, host);
  const { outside, withoutPrefix } = createForwarded(isProxy);
  const auth = config.auth && createAuth(config, { ...about, resources, host, isProxy, outside });
  const where = `${whereIs(config, ["limits"])}: limits`;
  const limits = config.limits && createLimits(config.limits, { host, addressOf, where });
  return {
    guard: compose([...(limits?.before ?? []), auth?.guard, ...(limits?.after ?? [])]),
    endpoints: auth?.endpoints ?? {},
    schemes: auth?.schemes ?? [],
    addressOf,
    isProxy,
    forwarded: proxies.length > 0 ? { outside, withoutPrefix } : undefined,
  };
}
