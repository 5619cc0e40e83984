/** Codes of JSON-RPC 2.0, and those that the Model Context Protocol reserves. */
export const rpcCodes = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  headerMismatch: -32020,
  unsupportedVersion: -32022,
} as const;

/** Error of a message: what JSON-RPC says of it, and the status of the response. */
export class RpcError extends Error {
  readonly code: number;
  readonly status: number;
  readonly data: unknown;

  constructor(code: number, message: string, status: number, data?: unknown) {
    super(message);
    this.name = "RpcError";
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

/** Error of headers that do not say what the body says. */
export function headerMismatch(message: string): RpcError {
  return new RpcError(rpcCodes.headerMismatch, `Header mismatch: ${message}`, 400);
}

/** Error of parameters that a method does not take. */
export function invalidParams(message: string, status = 200): RpcError {
  return new RpcError(rpcCodes.invalidParams, `Invalid params: ${message}`, status);
}
