import type { Fault } from "../../../errors.ts";
import type { ErrorForm, Problem } from "../../problem.ts";
import type { RequestId } from "./message.ts";
import { rpcCodes } from "./rpc-error.ts";

/** What is known of a request before it is answered. */
export interface Pending {
  readonly id: RequestId | undefined;
  /** What every result has. */
  result: object;
  /** Whether a tool is called: its errors are results. */
  isCall: boolean;
}

/** What has been read of requests that are not answered yet. */
const all = new WeakMap<Request, Pending>();

/** Keeps what is known of a request, so that its errors can name it. */
export function pending(request: Request, id: RequestId | undefined): Pending {
  const state: Pending = { id, result: {}, isCall: false };
  all.set(request, state);
  return state;
}

/**
 * Message that answers a request.
 *
 * @param state What is known of the request.
 * @param result Its result.
 * @param error Its error instead.
 *
 * @returns The message; without an id where the request has none that could be read.
 */
export function answered({ id, result: common }: Pending, result?: object, error?: object): object {
  return {
    jsonrpc: "2.0",
    ...(id !== undefined && { id }),
    ...(error ? { error } : { result: { ...common, ...result } }),
  };
}

/**
 * Form of errors. What is wrong with the arguments of a tool, and what kept its model from answering, is a result that an agent
 * reads and can do something about; everything else is an error of JSON-RPC.
 */
export const errorForm: ErrorForm = (problem, request) => {
  const state = all.get(request);
  const { status, detail, code, errors, request_id } = problem;
  if (state?.isCall && (code === "ARGUMENTS_INVALID" || status >= 500)) {
    const result = { content: [{ type: "text", text: textOf(problem) }], isError: true };
    return { body: answered(state, result), status: 200 };
  }
  // Nothing but the text of the body can be wrong before a message is read.
  const isText = state === undefined && code === "ARGUMENTS_INVALID";
  const rpcCode = isText ? rpcCodes.parse : status < 500 ? rpcCodes.invalidRequest : rpcCodes.internal;
  const data = { code, status, ...(errors && { errors }), request_id };
  const none: Pending = { id: undefined, result: {}, isCall: false };
  return { body: answered(state ?? none, undefined, { code: rpcCode, message: detail, data }) };
};

function textOf({ detail, errors = [], status, request_id }: Problem): string {
  if (status >= 500) return `${detail} (request ${request_id})`;
  if (errors.length === 0) return detail;
  const lines = errors.map((fault) => `- ${lineOf(fault)}`);
  return `The arguments are not valid. Mend them and call the tool again:\n${lines.join("\n")}`;
}

function lineOf({ name, message, received }: Fault): string {
  const found = received === undefined ? "" : `, found ${JSON.stringify(received)}`;
  return `${name || "arguments"}: ${message}${found}`;
}
