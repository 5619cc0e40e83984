import type { ServerConfig } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { version } from "../../version.ts";
import { defaultMaxBytes } from "../body/bytes.ts";
import { listOf } from "../middleware/address.ts";
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
  config: Pick<ServerConfig, "protocols" | "cors" | "trusted_proxies"> & {
    readonly max_body_bytes?: number | undefined;
  },
  host: Pick<Host, "env" | "respond">,
  server: Pick<ProtocolServer, "models" | "ready" | "adminToken">,
): ProtocolEndpoints | undefined {
  const { protocols, cors, trusted_proxies = [], max_body_bytes = defaultMaxBytes } = config;
  if (protocols === undefined || protocols.length === 0) return undefined;
  return protocolSet(protocols, {
    ...server,
    version,
    maxBytes: max_body_bytes,
    origins: cors ? cors.origins : [],
    isProxy: listOf(trusted_proxies),
    env: (name) => host.env(name),
    respond: host.respond,
  });
}

/**
 * Paths of protocols that are resources of their own to those who give out tokens (RFC 9728).
 *
 * @param config The section `api`.
 *
 * @returns That of the Model Context Protocol, whose clients look for it, where that is on.
 */
export function resourcesOf({ protocols }: Pick<ServerConfig, "protocols"> = {}): readonly string[] {
  return protocols?.includes("mcp") ? ["/mcp"] : [];
}
