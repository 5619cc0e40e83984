import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "../../src/internal.ts";
import type { ReadingLimits, RequestOrigin, Serve } from "./server-contract.ts";
import { malformed, type Unreadable, unreadableAnswer, unreadableBy } from "./unreadable-request.ts";

/**
 * Creates Node's server of a Fetch handler. What Node cannot read is answered with a problem document, as everything else is;
 * HTTP/1.0 needs no Host header, which is what health checks of load balancers send.
 *
 * @param fetch The handler.
 * @param log Where requests go that could not be read.
 * @param limits What is read before the handler sees a request.
 *
 * @returns A server that does not listen yet.
 */
export function createNodeServer(
  fetch: Parameters<Serve>[0],
  log: Logger | undefined,
  { max_header_bytes, header_timeout, body_timeout }: ReadingLimits = {},
): Server {
  const refuse = (outgoing: ServerResponse, unreadable: Unreadable) => {
    const { headers, body } = unreadableAnswer(unreadable);
    log?.info(`a request could not be read: ${unreadable.status}`, { request_id: headers["x-request-id"] });
    outgoing.writeHead(unreadable.status, headers).end(body);
  };
  // Without the second argument, Node's own request and response: what holds on to them for a request makes the collection
  // of garbage six times as long.
  const listener = getRequestListener((request, { incoming }) => fetch(request, originOf(incoming)), {
    overrideGlobalObjects: false,
    hostname: "localhost",
    errorHandler: () => {
      const { headers, body } = unreadableAnswer(malformed);
      log?.info("a request could not be read: 400", { request_id: headers["x-request-id"] });
      return new Response(body, { status: malformed.status, headers });
    },
  });
  const options = {
    requireHostHeader: false,
    ...(max_header_bytes !== undefined && { maxHeaderSize: max_header_bytes }),
    ...timeouts(header_timeout, body_timeout),
  };
  const server = createServer(options, (incoming, outgoing) => {
    if (hasRightHosts(incoming)) void listener(incoming, outgoing);
    else refuse(outgoing, malformed);
  });
  server.on("checkExpectation", (_incoming, outgoing) =>
    refuse(outgoing, { status: 417, detail: "The expectation of the request is none that this server meets" }),
  );
  server.on("clientError", (error: Error & { code?: string }, socket: Duplex) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const unreadable = unreadableBy(error.code);
    const { headers, body } = unreadableAnswer(unreadable);
    log?.info(`a request could not be read: ${unreadable.status}`, { request_id: headers["x-request-id"] });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const { status } = unreadable;
    socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", body].join("\r\n"));
  });
  return server;
}

/** Node looks now and then: often enough that it is not much later than told. */
function timeouts(headerSeconds: number | undefined, bodySeconds: number | undefined) {
  if (headerSeconds === undefined && bodySeconds === undefined) return {};
  const headersTimeout = Math.ceil((headerSeconds ?? 60) * 1000);
  // A request is its headers and its body.
  const requestTimeout = headersTimeout + Math.ceil((bodySeconds ?? 300) * 1000);
  return {
    headersTimeout,
    requestTimeout,
    connectionsCheckingInterval: Math.max(50, Math.min(30_000, headersTimeout / 4)),
  };
}

/** One object a connection, which is asked for its address once. */
const origins = new WeakMap<Socket, RequestOrigin>();

function originOf({ socket }: { readonly socket: Socket }): RequestOrigin {
  let origin = origins.get(socket);
  if (origin === undefined) {
    origin = { address: socket.remoteAddress ?? (socket.remoteFamily === undefined ? "unix" : undefined) };
    origins.set(socket, origin);
  }
  return origin;
}

/** RFC 9112, section 3.2: one, and none only where HTTP/1.1 has not come. */
function hasRightHosts({ rawHeaders, httpVersionMajor, httpVersionMinor }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts === 1 || (hosts === 0 && httpVersionMajor === 1 && httpVersionMinor === 0);
}
