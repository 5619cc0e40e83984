import { bytesToHex } from "@noble/hashes/utils.js";
import type { TraceHeaders } from "../../model/define.ts";

/** A request's place in the trace of its caller. */
export interface Trace {
  /** 32 hexadecimal digits, the same through all services. */
  readonly traceId: string;
  /** Of what called us, 16 hexadecimal digits. */
  readonly parentId: string;
  /** Of this request. */
  readonly spanId: string;
  /** Two hexadecimal digits; the last bit says that the trace is recorded. */
  readonly flags: string;
  /** What other systems say of the trace, handed on as it is. */
  readonly state: string | undefined;
}

/** Version, trace, parent, flags; a later version may have more behind them. */
const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const zeros = /^0+$/;

/**
 * Reads the trace that a request belongs to (W3C Trace Context, section 3.2).
 *
 * @param headers The headers of the request.
 *
 * @returns The trace, with a new span in it; undefined when there is no `traceparent`, or an invalid one, which the
 * standard wants ignored.
 */
export function startTrace(headers: Headers): Trace | undefined {
  const given = headers.get("traceparent");
  if (given === null) return undefined;
  const [, version = "ff", traceId = "", parentId = "", flags = "", more] = form.exec(given) ?? [];
  if (version === "ff" || zeros.test(traceId) || zeros.test(parentId)) return undefined;
  if (version === "00" && more !== undefined) return undefined;
  // Of a later version only the bit is understood that this one has.
  const known = (Number.parseInt(flags, 16) & 1).toString().padStart(2, "0");
  const state = headers.get("tracestate") ?? undefined;
  return { traceId, parentId, spanId: newSpanId(), flags: version === "00" ? flags : known, state };
}

/**
 * Creates the headers with which a trace goes on.
 *
 * @param trace The trace, if there is one.
 *
 * @returns `traceparent`, and `tracestate` if the caller sent one; nothing without a trace.
 */
export function traceHeaders(trace: Trace | undefined): TraceHeaders {
  if (trace === undefined) return nothing;
  return { traceparent: traceparent(trace), ...(trace.state !== undefined && { tracestate: trace.state }) };
}

const nothing: TraceHeaders = Object.freeze({});

/**
 * Creates the value of `traceparent` for what this request calls, and of `traceresponse` for what called it.
 *
 * @param trace The trace.
 *
 * @returns `00-<trace>-<span>-<flags>`.
 */
export function traceparent({ traceId, spanId, flags }: Pick<Trace, "traceId" | "spanId" | "flags">): string {
  return `00-${traceId}-${spanId}-${flags}`;
}

function newSpanId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  // All zeros would be invalid.
  bytes[0] = (bytes[0] ?? 0) | 1;
  return bytesToHex(bytes);
}
