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

/** The part of Deno's namespace that is used here: its own types would clash with those of the other runtimes. */
declare const Deno: {
  readonly version: { readonly deno: string };
  serve(
    options: ({ hostname: string; port: number; reusePort: boolean } | { path: string }) & { onListen(): void },
    handler: (
      request: Request,
      info: { readonly remoteAddr: { readonly hostname?: string } },
    ) => Response | Promise<Response>,
  ): { readonly addr: { readonly port?: number }; shutdown(): Promise<void> };
};

/** Creates the host of Deno. */
export function createHost(options: HostOptions = {}): Host {
  return createFileHost({ name: "deno", version: Deno.version.deno }, options);
}

/** Opens the model package that a configuration file describes. */
export function openLaunchpad(options: OpenOptions & HostOptions = {}): Promise<Launchpad> {
  return openProject(createHost(options), options);
}

/** Serves a Fetch handler over HTTP. LISTEN_FAILED when the port is taken. */
export const serve: Serve = async (fetch, { host = defaultHost, port = defaultPort, reusePort = false } = {}) => {
  // Once Deno has begun to shut down, it cuts nothing off: whoever still waits is answered from here.
  const waiting = new Set<(response: Response) => void>();
  const path = socketPath(host);
  if (path !== undefined) await removeStaleSocket(path);
  const handle = (request: Request, info: { readonly remoteAddr: { readonly hostname?: string } }) => {
    const response = fetch(request, path === undefined ? { address: () => info.remoteAddr.hostname } : unixOrigin);
    if (!(response instanceof Promise)) return response;
    return new Promise<Response>((resolve, reject) => {
      waiting.add(resolve);
      response.then(resolve, reject).finally(() => waiting.delete(resolve));
    });
  };
  try {
    const server = Deno.serve(
      { ...(path === undefined ? { hostname: host, port, reusePort } : { path }), onListen() {} },
      handle,
    );
    return {
      url: serverUrl(host, server.addr.port ?? 0),
      async close(grace = defaultGrace) {
        const late = setTimeout(() => {
          for (const answer of waiting) answer(new Response(null, { status: 503 }));
        }, grace);
        await server.shutdown();
        clearTimeout(late);
        if (path !== undefined) await removeStaleSocket(path);
      },
    };
  } catch (error) {
    throw listenError(error, host, port);
  }
};
