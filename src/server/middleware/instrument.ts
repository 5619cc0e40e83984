import type { Logger } from "../../log.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Push } from "../metrics/push.ts";
import type { RequestContext } from "../request-context.ts";
import type { AddressOf } from "./address.ts";
import type { Middleware } from "./fold.ts";

/** Recipients of what is known of each request when it is answered. */
export interface Observers {
  readonly metrics?: Metrics | undefined;
  /** Sends the metrics away now and then. */
  readonly push?: Push | undefined;
  /** Gets a line for each request. */
  readonly accessLog?: Logger | undefined;
  /** Finds the address of the caller, for the access log. */
  readonly addressOf?: AddressOf | undefined;
  /** Milliseconds since some moment. */
  elapsed?: (() => number) | undefined;
}

/**
 * Middleware that counts and logs requests.
 *
 * @param observers Metrics, the access log, and a clock.
 *
 * @returns The layer; undefined where nobody looks on.
 */
export function instrument({
  metrics,
  push,
  accessLog,
  addressOf,
  elapsed = () => 0,
}: Observers): Middleware | undefined {
  if (!metrics && !accessLog) return undefined;
  const finish = (context: RequestContext, response: Response, milliseconds: number) => {
    metrics?.finished(context.route, context.request.method, response.status, milliseconds);
    push?.(context);
    if (accessLog) writeLine(accessLog, context, response.status, milliseconds, addressOf?.(context));
    return response;
  };
  return (context, next) => {
    const start = elapsed();
    metrics?.started();
    const response = next(context);
    return response instanceof Promise
      ? response.then((it) => finish(context, it, elapsed() - start))
      : finish(context, response, elapsed() - start);
  };
}

/** Nothing of the query, of the path's parameters or of the body: those may be secrets. */
function writeLine(
  log: Logger,
  context: RequestContext,
  status: number,
  milliseconds: number,
  address: string | undefined,
): void {
  const { request, route, caller } = context;
  const method = /^[A-Z]{1,20}$/.test(request.method) ? request.method : "other";
  log.info(`${method} ${route} ${status}`, {
    method,
    route,
    status,
    ms: Math.round(milliseconds * 1000) / 1000,
    ...context.facts(),
    ...(address !== undefined && { address }),
    ...(caller !== undefined && { caller }),
  });
}
