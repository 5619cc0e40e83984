import type { ServerConfig } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { version } from "../../version.ts";
import type { ProtocolEndpoints } from "./endpoint.ts";
import type { ProtocolServer } from "./protocol.ts";
import { protocolSet } from "./protocol-set.ts";

/**
 * Protocols that a configuration names.
 *
 * @param config The section `api`.
 * @param host What the runtime can do.
 * @param server The models, and what tells whether they are ready.
 *
 * @returns Their endpoints; undefined if there are none.
 */
export function protocolsOf(
  { protocols }: Pick<ServerConfig, "protocols">,
  host: Pick<Host, "env" | "respond">,
  server: Pick<ProtocolServer, "models" | "ready" | "adminToken">,
): ProtocolEndpoints | undefined {
  if (protocols === undefined || protocols.length === 0) return undefined;
  return protocolSet(protocols, { ...server, version, env: (name) => host.env(name), respond: host.respond });
}
