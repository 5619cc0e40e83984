import type * as OpenTelemetry from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { messageOf } from "../../errors.ts";
import { version } from "../../version.ts";
import { errorCode } from "../log-error.ts";
import type { Awaitable, PredictOptions, RequestContext } from "../request-context.ts";
import type { Middleware } from "./fold.ts";
import { type Trace, traceHeaders } from "./trace.ts";

/** Spans of requests and predictions. */
export interface Telemetry {
  /** Answers a request within a span. */
  request: Middleware;
  /** Makes a prediction within a span, below that of its request. */
  predict<T>(options: PredictOptions, predict: (options: PredictOptions) => Awaitable<T>): Awaitable<T>;
}

/**
 * Creates spans through OpenTelemetry, by its conventions for HTTP servers; for as long as the user has set up no SDK,
 * there are none.
 *
 * @param module The module `@opentelemetry/api`, as the user installed it.
 * @param model The name of the model.
 *
 * @returns Functions that call others within a span.
 */
export function createTelemetry(module: object, model: string): Telemetry {
  const { trace, context, propagation, ProxyTracerProvider, SpanKind, SpanStatusCode, ROOT_CONTEXT } =
    // It is no ES module: to some runtimes, its exports are those of its default.
    ("trace" in module ? module : (module as { default?: object }).default) as typeof OpenTelemetry;
  const tracer = trace.getTracer("launchpad", version);
  const nothing = new ProxyTracerProvider().getDelegate();

  const isSetUp = () => {
    const provider = trace.getTracerProvider();
    return !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== nothing;
  };

  /** By the user's propagator, which may read other headers; else by our own reading of `traceparent`. */
  const parentOf = ({ request, trace: given }: RequestContext) => {
    const extracted = propagation.extract(context.active(), request.headers, {
      get: (headers, key) => headers.get(key) ?? undefined,
      keys: (headers) => [...headers.keys()],
    });
    if (given === undefined || trace.getSpanContext(extracted) !== undefined) return extracted;
    const { traceId, parentId: spanId } = given;
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flagsOf(given), isRemote: true });
  };
  /** The request's span, also where the user has set up nothing that carries a context through promises. */
  const contextOf = ({ trace: given }: PredictOptions) => {
    const active = context.active();
    if (given === undefined || trace.getSpan(active) !== undefined) return active;
    const { traceId, spanId } = given;
    return trace.setSpanContext(active, { traceId, spanId, traceFlags: flagsOf(given) });
  };
  /** What goes on from a span; what came in, if the span is none. */
  const traceOf = (span: Span, before: RequestContext["trace"]): RequestContext["trace"] => {
    const own = span.spanContext();
    if (!trace.isSpanContextValid(own)) return before;
    return {
      traceId: own.traceId,
      parentId: before?.parentId ?? own.spanId,
      spanId: own.spanId,
      flags: own.traceFlags.toString(16).padStart(2, "0"),
      state: own.traceState?.serialize() ?? before?.state,
    };
  };
  const fail = (span: Span, error: unknown) => {
    span.setAttribute("error.type", errorCode(error));
    span.recordException(error instanceof Error ? error : messageOf(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
  };

  return {
    request(incoming, answer) {
      if (!isSetUp()) return answer(incoming);
      const { request, requestId } = incoming;
      const { pathname, protocol, hostname, port } = new URL(request.url);
      const parent = parentOf(incoming);
      const attributes = {
        "http.request.method": request.method,
        "url.path": pathname,
        "url.scheme": protocol.slice(0, -1),
        "server.address": hostname,
        ...(port !== "" && { "server.port": Number(port) }),
        "launchpad.request_id": requestId,
      };
      const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, parent);
      incoming.trace = traceOf(span, incoming.trace);
      const finish = (response: Response) => {
        span.updateName(`${request.method} ${incoming.route}`);
        span.setAttribute("http.route", incoming.route);
        span.setAttribute("http.response.status_code", response.status);
        span.setAttributes(attributesOf(incoming));
        if (response.status >= 500) fail(span, incoming.error);
        span.end();
        return response;
      };
      const response = context.with(trace.setSpan(parent, span), answer, undefined, incoming);
      return response instanceof Promise ? response.then(finish) : finish(response);
    },
    predict(options, predict) {
      if (!isSetUp()) return predict(options);
      const parent = contextOf(options);
      const span = tracer.startSpan(`predict ${model}`, { attributes: { "launchpad.model.name": model } }, parent);
      const within = traceOf(span, options.trace);
      const inner: PredictOptions = {
        signal: () => options.signal(),
        waitUntil: (task) => options.waitUntil(task),
        accept: options.accept,
        caller: options.caller,
        header: (name) => options.header?.(name),
        facts: () => ({ ...options.facts?.(), ...(within && { trace_id: within.traceId, span_id: within.spanId }) }),
        get variant() {
          return options.variant;
        },
        set variant(variant: string | undefined) {
          if (variant !== undefined) span.setAttribute("launchpad.model.variant", variant);
          options.variant = variant;
        },
        get predictionId() {
          return options.predictionId;
        },
        identifiedBy(id) {
          span.setAttribute("launchpad.prediction.id", id);
          options.identifiedBy?.(id);
        },
        trace: within,
        traceHeaders: traceHeaders(within),
        answeredBy(of) {
          span.setAttribute("launchpad.model.version", of.version);
          span.setAttribute("launchpad.model.run", of.run);
          options.answeredBy(of);
        },
      };
      const finish = <T>(value: T) => {
        span.end();
        return value;
      };
      const refuse = (error: unknown): never => {
        fail(span, error);
        span.end();
        throw error;
      };
      let result: Awaitable<unknown>;
      try {
        result = context.with(trace.setSpan(parent, span), predict, undefined, inner);
      } catch (error) {
        return refuse(error);
      }
      return (result instanceof Promise ? result.then(finish, refuse) : finish(result)) as never;
    },
  };
}

/** What is known of who answered, when it has been answered. */
function attributesOf({ model, variant, predictionId, caller }: RequestContext) {
  return {
    ...(model && {
      "launchpad.model.name": model.name,
      "launchpad.model.version": model.version,
      "launchpad.model.run": model.run,
    }),
    ...(variant !== undefined && { "launchpad.model.variant": variant }),
    ...(predictionId !== undefined && { "launchpad.prediction.id": predictionId }),
    ...(caller !== undefined && { "launchpad.caller": caller }),
  };
}

const flagsOf = ({ flags }: Trace) => Number.parseInt(flags, 16);
