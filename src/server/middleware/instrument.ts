import type { Logger } from "../../log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Push } from "../metrics/push.ts";
import type { Awaitable, RequestContext } from "../request-context.ts";
import type { Telemetry } from "./telemetry.ts";
import { traceparent } from "./trace.ts";

/** What looks on while an API answers. */
export interface Observers {
  readonly metrics?: Metrics | undefined;
  /** Sends the metrics away now and then. */
  readonly push?: Push | undefined;
  /** Gets a line for each request. */
  readonly accessLog?: Logger | undefined;
  readonly telemetry?: Telemetry | undefined;
  /** Milliseconds since some moment. */
  elapsed?: (() => number) | undefined;
}

type Serve = (incoming: RequestContext) => Awaitable<Response>;

/**
 * Lets observers see what is answered.
 *
 * @param observers Metrics, the access log, OpenTelemetry, and a clock.
 * @param answer Answers a request; never throws or rejects.
 *
 * @returns A function that answers the same.
 */
export function instrument(observers: Observers, answer: Serve): Serve {
  const { metrics, push, accessLog, telemetry, elapsed = () => 0 } = observers;
  const traced: Serve = (incoming) => {
    if (incoming.trace) incoming.headers.traceresponse = traceparent(incoming.trace);
    return answer(incoming);
  };
  const serve: Serve = telemetry ? (incoming) => telemetry.request(incoming, traced) : traced;
  if (!metrics && !accessLog) return serve;

  const finish = (incoming: RequestContext, { status }: Response, milliseconds: number) => {
    metrics?.finished(incoming.route, incoming.request.method, status, milliseconds);
    push?.(incoming.waitUntil);
    if (accessLog) writeLine(accessLog, incoming, status, milliseconds);
  };
  return (incoming) => {
    const start = elapsed();
    metrics?.started();
    const response = serve(incoming);
    if (!(response instanceof Promise)) {
      finish(incoming, response, elapsed() - start);
      return response;
    }
    return response.then((it) => {
      finish(incoming, it, elapsed() - start);
      return it;
    });
  };
}

/** Nothing of the query, of the path's parameters or of the body: those may be secrets. */
function writeLine(
  log: Logger,
  { request, route, requestId, trace }: RequestContext,
  status: number,
  milliseconds: number,
) {
  const method = /^[A-Z]{1,20}$/.test(request.method) ? request.method : "other";
  log.info(`${method} ${route} ${status}`, {
    method,
    route,
    status,
    ms: Math.round(milliseconds * 1000) / 1000,
    request_id: requestId,
    ...(trace && { trace_id: trace.traceId }),
  });
}
