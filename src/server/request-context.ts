import { startTrace, type Trace } from "./middleware/trace.ts";

/** What a runtime may hand over with a request; other things are ignored. */
export interface Execution {
  waitUntil?(task: Promise<unknown>): void;
}

/** What is there already, or will be. */
export type Awaitable<T> = T | Promise<T>;

/** One request, and what is known so far of its response. */
export interface RequestContext {
  readonly request: Request;
  readonly requestId: string;
  /** The trace that the request belongs to, if there is one. */
  trace: Trace | undefined;
  /** The headers of the response. */
  readonly headers: Record<string, string>;
  /** Keeps a task alive that the response does not wait for, where the runtime would end it. */
  waitUntil(task: Promise<unknown>): void;
  /** Aborted when nobody waits for the response any more. Most runtimes make one when it is asked for: it has a price. */
  signal(): AbortSignal;
  /** To be told which model it is that predicts, as soon as that is known: the response says so. */
  answeredBy(model: { readonly version: string; readonly run: string }): void;
  /** The template of the path, `/iris/v0/varieties/{id}`, as soon as it is known: the only name that numbers are kept under. */
  route: string;
  /** What went wrong. */
  error: unknown;
}

/** What answers requests to one path, by method. */
export type Handlers = Readonly<
  Record<string, (request: Request, path: Record<string, string>, incoming: RequestContext) => unknown>
>;

/** The route of a request that fits none. */
export const unknownRoute = "unknown";

/**
 * Creates what is known of a request when it arrives.
 *
 * @param request The request.
 * @param execution What the runtime handed over with it.
 *
 * @returns The request with its id: the caller's if it is harmless in a log and in a header, so that it can be followed
 * through several services.
 */
export function createRequestContext(request: Request, execution: Execution | undefined): RequestContext {
  const given = request.headers.get("x-request-id");
  const requestId = given !== null && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : crypto.randomUUID();
  const headers: Record<string, string> = { "content-type": "application/json", "x-request-id": requestId };
  return {
    request,
    requestId,
    trace: startTrace(request.headers),
    headers,
    waitUntil(task) {
      if (typeof execution?.waitUntil === "function") execution.waitUntil(task);
    },
    signal: () => request.signal,
    answeredBy({ version, run }) {
      headers["x-model-version"] = version;
      headers["x-model-run"] = run;
    },
    route: unknownRoute,
    error: undefined,
  };
}

/** What a prediction may need to know of its request. */
export type PredictOptions = Pick<RequestContext, "signal" | "answeredBy" | "waitUntil" | "trace">;
