import { LaunchpadError } from "../../errors.ts";
import { andThen, type Handlers, type Middleware, type RequestContext } from "../request-context.ts";

/**
 * Refuses what a form or a script of a page elsewhere sends without asking first: browsers say where it comes from. A page that
 * may ask has been answered by `cors` before.
 */
export function refuseOtherSites(context: RequestContext): void {
  if (context.request.headers.get("sec-fetch-site") !== "cross-site") return;
  if (context.headers["access-control-allow-origin"] !== undefined) return;
  throw new LaunchpadError(
    "CROSS_SITE_REFUSED",
    "A page of another site sent this request: expected one of this site, or of an origin in api.cors",
  );
}

/** Sends no body in answer to HEAD. */
export const withoutBody: Middleware = (context, next) => {
  const response = next(context);
  if (context.request.method !== "HEAD") return response;
  return andThen(response, (sent) => (sent.body === null ? sent : new Response(null, sent)));
};

/** The methods that there are, as in the header `allow`. */
export function methodsOf(handlers: Handlers): string {
  return [...Object.keys(handlers), ...("GET" in handlers ? ["HEAD"] : []), "OPTIONS"].join(", ");
}
