import { routeTo } from "../../api/routes.ts";
import type { ServerConfig } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { version } from "../../version.ts";
import { defaultMaxBytes } from "../body/bytes.ts";
import { type Described, describedWith, describePaths } from "./describe/paths.ts";
import type { Shapes } from "./describe/shape.ts";
import type { Endpoint, ProtocolEndpoints } from "./endpoint.ts";
import type { ProtocolServer } from "./protocol.ts";
import { protocols } from "./table.ts";

/** What of a section `api` is about protocols. */
export type ProtocolsConfig = Pick<ServerConfig, "protocols" | "cors"> & {
  readonly max_body_bytes?: number | undefined;
};

/** What is known of a server besides. */
export type ServerAbout = Pick<ProtocolServer, "models" | "ready" | "adminToken" | "isProxy">;

/**
 * Set of the protocols that a configuration names. Where two of them have a path, the one that was named first answers.
 *
 * @param config The section `api`.
 * @param host What the runtime can do.
 * @param about The models, and what the server is.
 *
 * @returns Their endpoints.
 */
export function protocolSet(
  config: ProtocolsConfig,
  host: Pick<Host, "env" | "respond">,
  about: ServerAbout,
): ProtocolEndpoints {
  const { protocols: names = [], cors, max_body_bytes = defaultMaxBytes } = config;
  const server: ProtocolServer = {
    ...about,
    version,
    maxBytes: max_body_bytes,
    origins: cors ? cors.origins : [],
    env: (name) => host.env(name),
    respond: host.respond,
  };
  const on = names.flatMap((name) => protocols.find((protocol) => protocol.name === name) ?? []);
  const taken = new Set<string>();
  const described = on.flatMap((protocol) =>
    protocol.paths(server).flatMap((path): Described[] => {
      if (taken.has(path.path)) return [];
      taken.add(path.path);
      return [{ protocol, path }];
    }),
  );
  const endpoints = described.map(({ protocol, path: { path, about: _, ...rest } }): Endpoint => {
    const modelIn = path.includes("{model}") ? { modelIn: "model" } : {};
    return { route: routeTo(path), template: path, ...rest, ...modelIn, errors: protocol.errors };
  });
  const describe = (shapes: Shapes) =>
    describePaths(
      described,
      server.models.list().map(({ name }) => name),
      shapes,
    );
  return {
    names,
    endpoints,
    errorsBelow: (path) => on.find(({ below }) => below !== undefined && path.startsWith(below))?.errors,
    describe: (api) => (paths, schemas) => describedWith(paths, schemas, api, (shapes) => describe(shapes)),
    describeAll: () => describe({ row: {}, prediction: {} }),
  };
}
