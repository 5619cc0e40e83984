import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import process from "node:process";
import type { Host, Launchpad } from "../src/index.ts";
import { createFileHost, type HostOptions } from "./hosts/server-host.ts";
import { respond } from "./process/node-response.ts";
import { createNodeServer } from "./process/node-server.ts";
import {
  defaultGrace,
  defaultHost,
  defaultPort,
  listenError,
  type Serve,
  serverUrl,
  socketPath,
} from "./process/server-contract.ts";
import { removeStaleSocket } from "./process/stale-socket.ts";
import { type OpenOptions, openProject } from "./project/open-project.ts";

export type { HostOptions } from "./hosts/server-host.ts";
export type { Serve, ServeOptions, Server } from "./process/server-contract.ts";
export type { OpenOptions } from "./project/open-project.ts";

/** Creates the host of Node. */
export function createHost(options: HostOptions = {}): Host {
  return { ...createFileHost({ name: "node", version: process.versions.node }, options), respond };
}

/** Opens the model package that a configuration file describes. */
export function openLaunchpad(options: OpenOptions & HostOptions = {}): Promise<Launchpad> {
  return openProject(createHost(options), options);
}

/** Serves a Fetch handler over HTTP. LISTEN_FAILED when the port is taken. */
export const serve: Serve = async (fetch, { host = defaultHost, port = defaultPort, log, limits } = {}) => {
  const server = createNodeServer(fetch, log, limits);
  const path = socketPath(host);
  if (path !== undefined) await removeStaleSocket(path);
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, host, port)));
    server.listen(path === undefined ? { port, host } : { path }, () => {
      const address = server.address();
      resolve({
        url: serverUrl(host, typeof address === "object" && address !== null ? address.port : port),
        close: (grace = defaultGrace) => closeServer(server, grace),
      });
    });
  });
};

async function closeServer(http: Server, grace: number): Promise<void> {
  // The listening socket alone: `http.close()` also ends connections on which a request has arrived that was not read yet.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(http, () => resolve()));
  // A connection that is kept alive becomes idle when its request in flight is answered, and must not hold us up. What has
  // arrived is read before anything is done immediately.
  const idle = setInterval(() => setImmediate(() => http.closeIdleConnections()), 50);
  const late = setTimeout(() => http.closeAllConnections(), grace);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
