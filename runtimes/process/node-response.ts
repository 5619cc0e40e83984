import { getRequestListener } from "@hono/node-server";

/**
 * The class of responses that the server sends without reading a stream: Node's own costs more than all the rest of a
 * request. The server does not export it, but puts it in the place of the global one, if it may; what users find there
 * stays as it is.
 */
const ServerResponse = ((): typeof Response => {
  const { Request, Response } = globalThis;
  getRequestListener(() => new Response());
  const found = globalThis.Response;
  Object.assign(globalThis, { Request, Response });
  return found;
})();

/** Makes a response in the way that the server of Node sends fastest. */
export const respond = (body: BodyInit | null, init: ResponseInit): Response => new ServerResponse(body, init);
