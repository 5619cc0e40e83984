import type { Host } from "../../host.ts";
import type { ProtocolEndpoints } from "./endpoint.ts";
import { type ProtocolsConfig, protocolSet, type ServerAbout } from "./protocol-set.ts";

/**
 * Protocols that a configuration names.
 *
 * @param config The section `api`.
 * @param host What the runtime can do.
 * @param about The models, and what tells whether they are ready.
 *
 * @returns Their endpoints; undefined if there are none.
 */
export function protocolsOf(
  config: ProtocolsConfig,
  host: Pick<Host, "env" | "respond">,
  about: ServerAbout,
): ProtocolEndpoints | undefined {
  return config.protocols?.length ? protocolSet(config, host, about) : undefined;
}
