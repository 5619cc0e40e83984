import { jsonOf, textOf } from "../../body/bytes.ts";
import { readEncodedBody } from "../../body/encoded-body.ts";
import { startTrace } from "../../middleware/trace.ts";
import type { Handlers } from "../../request-context.ts";
import { type About, shape, text } from "../describe/shape.ts";
import { mediaTypeOf } from "../json-request.ts";
import type { Protocol, ProtocolServer } from "../protocol.ts";
import { answered, errorForm, pending } from "./error-form.ts";
import { idOf, type Message, readMessage } from "./message.ts";
import { methodOf, serverMeta } from "./methods.ts";
import { originCheck } from "./origin.ts";
import { current, revisionOf } from "./revisions.ts";
import { RpcError } from "./rpc-error.ts";

/** Path of the endpoint. */
export const mcpPath = "/mcp";

/**
 * Model Context Protocol over streamable HTTP (https://modelcontextprotocol.io/specification/2026-07-28): each model is a tool. No
 * request needs another: what earlier revisions begin with a handshake is answered without remembering it.
 */
export const mcp: Protocol = {
  name: "mcp",
  title: "Model Context Protocol",
  errors: errorForm,
  paths: (server) => [{ path: mcpPath, predicts: true, modelInBody: true, about, handlers: { POST: post(server) } }],
};

const about = (): Readonly<Record<"POST", About>> => ({
  POST: ["Message of JSON-RPC", shape({ jsonrpc: text, method: text }), shape({ jsonrpc: text })],
});

function post(server: ProtocolServer): Handlers[string] {
  const { respond = (body, init) => new Response(body, init), maxBytes } = server;
  const check = originCheck(server);
  return async (request, _path, context) => {
    check(context);
    mediaTypeOf(request, ["application/json"]);
    const bytes = await readEncodedBody(request, maxBytes);
    const body = jsonOf(textOf(bytes));
    const id = idOf(body);
    const state = pending(request, id);
    try {
      const message = readMessage(body);
      const revision = revisionOf(message, request.headers);
      if (id === undefined) {
        const { "content-type": _, ...headers } = context.headers;
        return respond(null, { status: 202, headers });
      }
      if (revision === current) state.result = serverMeta(server);
      context.trace ??= traceOf(message);
      const calling = () => {
        state.isCall = true;
      };
      const method = methodOf(message.method, revision);
      const result = await method(server, { message, revision, context, size: bytes.length, calling });
      return answered(state, result);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const { code, message, data } = error;
      const text = JSON.stringify(answered(state, undefined, { code, message, ...(data !== undefined && { data }) }));
      return respond(text, { status: error.status, headers: context.headers });
    }
  };
}

/** The trace may come with the message instead of the request. */
function traceOf({ meta }: Message) {
  const entries = ["traceparent", "tracestate"].flatMap((name): [string, string][] => {
    const value = meta[name];
    return typeof value === "string" && /^[\x20-\x7e]*$/.test(value) ? [[name, value]] : [];
  });
  return entries.length === 0 ? undefined : startTrace(new Headers(entries));
}
