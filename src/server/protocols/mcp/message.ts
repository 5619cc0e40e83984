import { isRecord } from "../../../schema/types.ts";
import { RpcError, rpcCodes } from "./rpc-error.ts";

/** Id of a request; null is none here, other than in JSON-RPC. */
export type RequestId = string | number;

/** Message of JSON-RPC: a request, or a notification, which has no id. */
export interface Message {
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What the client says of itself. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Id of what came, also where the rest of it is none of ours. */
export function idOf(body: unknown): RequestId | undefined {
  if (!isRecord(body)) return undefined;
  const { id } = body;
  return typeof id === "string" || Number.isInteger(id) ? (id as RequestId) : undefined;
}

/**
 * Reads a message.
 *
 * @param body JSON.
 *
 * @returns The message.
 *
 * @throws RpcError for what is no single request or notification.
 */
export function readMessage(body: unknown): Message {
  if (Array.isArray(body)) throw invalidRequest("expected one message, found a batch");
  if (!isRecord(body) || body.jsonrpc !== "2.0") throw invalidRequest('expected an object with jsonrpc: "2.0"');
  const { method, params = {} } = body;
  const id = idOf(body);
  if (typeof method !== "string") {
    throw invalidRequest("expected a method");
  }
  if ("id" in body && id === undefined) throw invalidRequest("id: expected text or a whole number");
  if (!isRecord(params)) throw invalidRequest("params: expected an object");
  const { _meta: meta = {} } = params;
  if (!isRecord(meta)) throw new RpcError(rpcCodes.invalidParams, "Invalid params: _meta: expected an object", 400);
  return { id, method, params, meta };
}

function invalidRequest(message: string): RpcError {
  return new RpcError(rpcCodes.invalidRequest, `Invalid request: ${message}`, 400);
}
