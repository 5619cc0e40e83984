import { LaunchpadError, type Logger } from "../../src/internal.ts";

/** Options of a server. */
export interface ServeOptions {
  /** The address to listen at, or `unix:` and the path of a socket. Default: 127.0.0.1, which other machines cannot reach. */
  readonly host?: string;
  /** Default: 5000; 0 takes a free one. */
  readonly port?: number;
}

/** What a server needs to know besides. */
export interface ListenOptions extends ServeOptions {
  /** Whether other processes listen at the same port (SO_REUSEPORT). On Node they share one socket through `node:cluster`. */
  readonly reusePort?: boolean;
  /** Limits of what is read before a handler sees a request. */
  readonly limits?: ReadingLimits | undefined;
  /** Where requests go that could not be read. Node alone tells of them. */
  readonly log?: Logger;
}

/** What a server reads of a request before a handler sees it. */
export interface ReadingLimits {
  /** The largest headers, in bytes: on Node, where they are 16 KiB unless told. */
  readonly max_header_bytes?: number | undefined;
  /** Seconds in which headers must have come: on Node. */
  readonly header_timeout?: number | undefined;
  /** Seconds in which a body must have come: on Node. Handlers of Launchpad see to that themselves as well. */
  readonly body_timeout?: number | undefined;
  /** Seconds after which a process of several is replaced that computes without a pause. */
  readonly stall_timeout?: number | undefined;
}

/** A server that listens. */
export interface Server {
  /** Where it listens, with the port it got. */
  readonly url: URL;
  /**
   * Takes no more requests, and resolves when those in flight are answered, or were cut off.
   *
   * @param grace The time that requests in flight are given, in milliseconds. Default: 10,000.
   */
  close(grace?: number): Promise<void>;
}

/** Where a request comes from. */
export interface RequestOrigin {
  /** The address of what is connected; `unix` for a Unix socket. */
  readonly address: string | (() => string | undefined) | undefined;
}

/** Where requests come from that arrive through a Unix socket. */
export const unixOrigin: RequestOrigin = { address: "unix" };

/**
 * Finds the path of a Unix socket.
 *
 * @param host What a server is told to listen at.
 *
 * @returns The path; undefined for an address.
 *
 * @throws LISTEN_FAILED for a path that no socket can have.
 */
export function socketPath(host: string): string | undefined {
  if (!host.startsWith("unix:")) return undefined;
  const path = host.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
  // The kernel cuts off what is longer (sockaddr_un), and another socket would be there.
  if (path !== "" && new TextEncoder().encode(path).length <= maxSocketPath) return path;
  throw new LaunchpadError(
    "LISTEN_FAILED",
    `cannot listen at ${host}: expected unix: and a path of 1 to ${maxSocketPath} bytes, such as unix:/run/iris.sock.`,
  );
}

/** On macOS; Linux has four more. */
const maxSocketPath = 103;

/** What serves a Fetch handler on one runtime. */
export type Serve = (
  fetch: (request: Request, from?: RequestOrigin) => Response | Promise<Response>,
  options?: ListenOptions,
) => Promise<Server>;

export const defaultHost = "127.0.0.1";
export const defaultPort = 5000;
export const defaultGrace = 10_000;

/**
 * Creates the URL of a server.
 *
 * @param host The address it listens at.
 * @param port The port it got.
 *
 * @returns The URL that a browser on this machine opens.
 */
export function serverUrl(host: string, port: number): URL {
  if (host.startsWith("unix:")) return new URL(`unix:${encodeURI(socketPath(host) ?? "")}`);
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  return new URL(`http://${name}:${port}`);
}

/** What runtimes say when a server cannot listen, and what that means. */
const listenFailures: readonly (readonly [RegExp, string])[] = [
  [/EADDRINUSE|AddrInUse|in use/i, "the port is in use. Stop what listens there, or choose another with --port"],
  [/NotCapable/, "Deno was not allowed to. Run it with --allow-net"],
  [/EACCES|PermissionDenied/i, "permission denied. Choose a port above 1023 with --port"],
  [
    /EADDRNOTAVAIL|AddrNotAvailable|ENOTFOUND|EAI_AGAIN|Failed to listen|lookup/i,
    "this machine has no such address. Choose another with --host",
  ],
];

/**
 * Creates the error of a server that cannot listen.
 *
 * @param cause What the runtime threw.
 * @param host The address.
 * @param port The port.
 *
 * @returns LISTEN_FAILED with what to do.
 */
export function listenError(cause: unknown, host: string, port: number): LaunchpadError {
  const text = cause instanceof Error ? `${"code" in cause ? cause.code : cause.name} ${cause.message}` : String(cause);
  const [, reason = text] = listenFailures.find(([pattern]) => pattern.test(text)) ?? [];
  const place = host.startsWith("unix:") ? host : `${host}:${port}`;
  return new LaunchpadError("LISTEN_FAILED", `cannot listen at ${place}: ${reason}.`, { cause });
}
