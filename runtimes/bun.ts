import type { Host, Launchpad } from "../src/index.ts";
import { createFileHost, type HostOptions } from "./hosts/server-host.ts";
import {
  defaultGrace,
  defaultHost,
  defaultPort,
  listenError,
  type Serve,
  serverUrl,
  socketPath,
  unixOrigin,
} from "./process/server-contract.ts";
import { removeStaleSocket } from "./process/stale-socket.ts";
import { type OpenOptions, openProject } from "./project/open-project.ts";

export type { HostOptions } from "./hosts/server-host.ts";
export type { Serve, ServeOptions, Server } from "./process/server-contract.ts";
export type { OpenOptions } from "./project/open-project.ts";

/** The part of Bun's namespace that is used here: its own types would clash with those of the other runtimes. */
declare const Bun: {
  readonly version: string;
  serve(
    options: ({ hostname: string; port: number; reusePort: boolean } | { unix: string }) & {
      development: boolean;
      error(): Response;
      fetch(request: Request, server: BunServer): Response | Promise<Response>;
    },
  ): {
    readonly port?: number;
    stop(closeActiveConnections?: boolean): Promise<void>;
  };
};

interface BunServer {
  requestIP(request: Request): { readonly address: string } | null;
}

/** Creates the host of Bun. */
export function createHost(options: HostOptions = {}): Host {
  return createFileHost({ name: "bun", version: Bun.version }, options);
}

/** Opens the model package that a configuration file describes. */
export function openLaunchpad(options: OpenOptions & HostOptions = {}): Promise<Launchpad> {
  return openProject(createHost(options), options);
}

/** Serves a Fetch handler over HTTP. LISTEN_FAILED when the port is taken. */
export const serve: Serve = async (fetch, { host = defaultHost, port = defaultPort, reusePort = false } = {}) => {
  const path = socketPath(host);
  if (path !== undefined) await removeStaleSocket(path);
  const place = path === undefined ? { hostname: host, port, reusePort } : { unix: path };
  try {
    const server = Bun.serve({
      ...place,
      // In development Bun answers with a page of stack and sources.
      development: false,
      error: () => new Response(null, { status: 500 }),
      fetch: (request, server) =>
        fetch(request, path === undefined ? { address: () => server.requestIP(request)?.address } : unixOrigin),
    });
    return {
      url: serverUrl(host, server.port ?? 0),
      async close(grace = defaultGrace) {
        const late = setTimeout(() => server.stop(true), grace);
        await server.stop();
        clearTimeout(late);
        if (path !== undefined) await removeStaleSocket(path);
      },
    };
  } catch (error) {
    throw listenError(error, host, port);
  }
};
