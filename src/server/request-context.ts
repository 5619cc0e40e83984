import type { RequestOptions } from "../lifecycle/call-context.ts";
import type { TraceHeaders } from "../model/define.ts";
import { type Awaitable, andThen } from "../util/and-then.ts";
import type { Caller, Target } from "./middleware/auth/caller.ts";
import { type AnsweringModel, HeaderPolicy, jsonType as json, modelReference } from "./middleware/header-policy.ts";
import { startTrace, type Trace, traceHeaders, traceparent } from "./middleware/trace.ts";

export type { Caller, Target };
export { type AnsweringModel, type Awaitable, andThen, HeaderPolicy };

/** Answers a request; never throws or rejects. */
export type Answer = (context: RequestContext) => Awaitable<Response>;

/** Layer around what answers requests: it may look at a request, change its response, or answer in its place. */
export type Middleware = (context: RequestContext, next: Answer) => Awaitable<Response>;

/** What a runtime may hand over with a request; other things are ignored. */
export interface Execution {
  /** Keeps the isolate alive until a task has ended. */
  waitUntil?(task: Promise<unknown>): void;
  /** Address of what the request came from: a caller, or a proxy. `unix` for a Unix socket. */
  readonly address?: string | (() => string | undefined) | undefined;
  /** What lets callers in, where several models share it: asked by each of them, when it knows what a request asks. */
  readonly guard?: Middleware | undefined;
}

/**
 * Finds the address of what a request came from.
 *
 * @param execution What the runtime handed over with the request.
 *
 * @returns The address; undefined where the runtime does not tell.
 */
export function peerOf(execution: Execution | undefined): string | undefined {
  const address = execution?.address;
  return typeof address === "function" ? address() : typeof address === "string" ? address : undefined;
}

/** Handlers of one path, by method. */
export type Handlers = Readonly<
  Record<string, (request: Request, path: Record<string, string>, context: RequestContext) => unknown>
>;

/** Route of a request that fits none. */
export const unknownRoute = "unknown";

const nothing: Target = { route: unknownRoute, predicts: false, asksItself: false };

/**
 * Context of one request: what is known of it, and the headers of its response. Ids, traces and headers are made when
 * something reads them: the first look at the headers of a request costs some runtimes a tenth of all requests.
 *
 * A class, so that a request makes one object and no function: V8 keeps functions that are made for properties among old
 * objects, with all that their request led to.
 */
export class RequestContext implements RequestOptions {
  readonly request: Request;
  /** Template of the path, `/iris/v0/varieties/{id}`, once it is known: the only name under which numbers are kept. */
  route: string = unknownRoute;
  /** What went wrong. */
  error: unknown = undefined;
  /** What the request asks, once its path is found. */
  target: Target = nothing;
  /** What has let the caller in. */
  passed: Middleware | undefined = undefined;
  /** Address of who calls, where the API asks: behind proxies that are trusted, the one that they tell. */
  address: string | undefined = undefined;
  /** Model that answers, once it is known. */
  model: AnsweringModel | undefined = undefined;
  /** Id of the prediction, if it is logged: feedback names it. */
  predictionId: string | undefined = undefined;
  /** Which of the models that share the requests answers: `canary` or `current`; undefined where one serves alone. */
  get variant(): string | undefined {
    return this.chosen;
  }
  set variant(variant: string | undefined) {
    this.chosen = variant;
    if (this.written !== undefined && variant !== undefined) this.written["x-model-variant"] = variant;
  }
  /** Name of who calls, where the API asks. */
  caller: string | undefined = undefined;
  /** Tells whether who calls may ask something, where the API asks who it is. */
  may: Caller["may"] | undefined = undefined;
  /** How the caller is known: names of one kind say nothing of those of another. */
  callerKind: "key" | "token" | "proxy" | undefined = undefined;
  /** Checks a prediction before anything is written: see `RequestOptions`. */
  accept: RequestOptions["accept"] = undefined;
  private readonly execution: Execution | undefined;
  private readonly policy: HeaderPolicy;
  private chosen: string | undefined = undefined;
  private id: string | undefined = undefined;
  private hasLooked = false;
  private hasGivenId = false;
  private ownTrace: Trace | undefined = undefined;
  private written: Record<string, string> | undefined = undefined;
  private limit: AbortSignal | undefined = undefined;

  constructor(request: Request, execution?: Execution, policy: HeaderPolicy = new HeaderPolicy()) {
    this.request = request;
    this.execution = execution;
    this.policy = policy;
  }

  /** Address of what the request came from, where the runtime tells. */
  get peer(): string | undefined {
    return peerOf(this.execution);
  }

  /** What lets callers in to several models. */
  get guard(): Middleware | undefined {
    return this.execution?.guard;
  }

  private look(): void {
    if (this.hasLooked) return;
    this.hasLooked = true;
    const { headers } = this.request;
    const given = headers.get("x-request-id");
    if (given !== null && /^[A-Za-z0-9._-]{1,128}$/.test(given)) {
      this.id = given;
      this.hasGivenId = true;
    }
    this.ownTrace = startTrace(headers);
  }

  /** Id of the request: the caller's, which several services share, if it is harmless in a log and in a header. */
  get requestId(): string {
    this.look();
    this.id ??= crypto.randomUUID();
    return this.id;
  }

  /** Trace that the request belongs to, if there is one. */
  get trace(): Trace | undefined {
    this.look();
    return this.ownTrace;
  }

  /** Goes on with another span of the trace. */
  set trace(trace: Trace | undefined) {
    this.look();
    this.ownTrace = trace;
  }

  /** Headers with which the trace goes on. */
  get traceHeaders(): TraceHeaders {
    return traceHeaders(this.trace);
  }

  /** Headers of the response, to be added to. */
  get headers(): Record<string, string> {
    if (this.written !== undefined) return this.written;
    const headers: Record<string, string> = { "content-type": json };
    this.written = headers;
    const { requestId } = this.policy;
    if (requestId !== "errors") {
      const { trace } = this;
      if (requestId === "always" || this.hasGivenId) headers["x-request-id"] = this.requestId;
      if (trace !== undefined) headers.traceresponse = traceparent(trace);
    }
    if (this.model !== undefined && this.policy.model) headers["x-model"] = modelReference(this.model);
    if (this.predictionId !== undefined) headers["x-prediction-id"] = this.predictionId;
    if (this.variant !== undefined) headers["x-model-variant"] = this.variant;
    return headers;
  }

  /** Headers of a response in JSON, not to be written to. Where there is nothing special, they are made once a model. */
  get jsonHeaders(): Readonly<Record<string, string>> {
    if (this.written !== undefined) return this.written;
    const { requestId } = this.policy;
    if (requestId === "always") return this.headers;
    if (requestId === "given") {
      this.look();
      if (this.hasGivenId || this.ownTrace !== undefined) return this.headers;
    }
    const headers = this.policy.jsonHeaders(this.model);
    const { predictionId, variant } = this;
    if (predictionId === undefined && variant === undefined) return headers;
    return {
      ...headers,
      ...(predictionId !== undefined && { "x-prediction-id": predictionId }),
      ...(variant !== undefined && { "x-model-variant": variant }),
    };
  }

  /** Headers of an error: they always name the request, and no browser guesses at what it is, which may quote the request. */
  get errorHeaders(): Record<string, string> {
    const { headers } = this;
    headers["x-content-type-options"] = "nosniff";
    headers["x-request-id"] = this.requestId;
    return headers;
  }

  /** What logs say of the request: ids, and which model answers. */
  facts(): Record<string, unknown> {
    const { model, variant, predictionId, trace, requestId } = this;
    return {
      request_id: requestId,
      ...(trace && { trace_id: trace.traceId }),
      ...(model && { model: model.name, version: model.version, run: model.run }),
      ...(variant !== undefined && { variant }),
      ...(predictionId !== undefined && { prediction_id: predictionId }),
    };
  }

  /** Keeps a task alive that the response does not wait for, where the runtime would end it. */
  waitUntil(task: Promise<unknown>): void {
    if (typeof this.execution?.waitUntil === "function") this.execution.waitUntil(task);
  }

  /** Signal that is aborted when nobody waits for the response any more. Made when it is asked for: it has a price. */
  signal(): AbortSignal {
    const { signal } = this.request;
    return this.limit === undefined ? signal : AbortSignal.any([this.limit, signal]);
  }

  /** Ends the wait earlier than the caller would. */
  limitBy(signal: AbortSignal): void {
    this.limit = signal;
  }

  /** Value of a header of the request. */
  header(name: string): string | undefined {
    return this.request.headers.get(name) ?? undefined;
  }

  /** Records the id of the prediction, which the response names. */
  identifiedBy(id: string): void {
    this.predictionId = id;
    if (this.written !== undefined) this.written["x-prediction-id"] = id;
  }

  /** Records which model answers, as soon as that is known: the response says so. */
  answeredBy(model: AnsweringModel): void {
    this.model = model;
    if (this.written !== undefined && this.policy.model) this.written["x-model"] = modelReference(model);
  }
}

/** What a prediction may need to know of its request. */
export type PredictOptions = Pick<RequestContext, "signal" | "answeredBy" | "waitUntil" | "trace" | "traceHeaders"> &
  Partial<Pick<RequestContext, "predictionId" | "caller" | "identifiedBy" | "variant" | "header" | "facts" | "accept">>;
