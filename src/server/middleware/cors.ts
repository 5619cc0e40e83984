import type { CorsConfig } from "../../config/types.ts";

/** What a page may read of a response, besides what it always may. */
const exposed = "x-request-id, x-model, retry-after, traceresponse, etag, content-encoding, www-authenticate";

/** Which pages of other origins may ask. */
export interface Cors {
  /** Adds the headers that a response to a page needs. */
  allow(request: Request, headers: Record<string, string>): void;
  /** Adds the headers that answer a preflight; the caller has called `allow` before. */
  preflight(request: Request, headers: Record<string, string>, methods: string): void;
}

/**
 * Answers for other origins (the CORS protocol of the Fetch standard).
 *
 * @param config Origins, headers, how long a browser remembers, and whether it may send credentials.
 *
 * @returns Functions that add headers: to errors as well, since a page sees nothing of a response without them.
 */
export function createCors({ origins, headers: allowed, max_age, credentials }: CorsConfig): Cors {
  const all = origins.includes("*");
  const named = new Set(origins);
  return {
    allow(request, headers) {
      const origin = request.headers.get("origin");
      // What is the same for everybody needs no `Vary`; what is not does, also for who sends no origin.
      if (!all) headers.vary = "Origin";
      if (origin === null || !(all || named.has(origin))) return;
      headers["access-control-allow-origin"] = all ? "*" : origin;
      headers["access-control-expose-headers"] = exposed;
      if (credentials) headers["access-control-allow-credentials"] = "true";
    },
    preflight(request, headers, methods) {
      if (headers["access-control-allow-origin"] === undefined) return;
      headers["access-control-allow-methods"] = methods;
      const asked = request.headers.get("access-control-request-headers");
      const list = allowed?.join(", ") ?? asked;
      if (list) headers["access-control-allow-headers"] = list;
      if (allowed === undefined) headers.vary = headers.vary ? `${headers.vary}, ${requested}` : requested;
      if (max_age !== undefined) headers["access-control-max-age"] = String(max_age);
    },
  };
}

const requested = "Access-Control-Request-Headers";

/**
 * Tells whether a request only asks what another may do.
 *
 * @param request The request.
 *
 * @returns Whether it is a preflight; any other OPTIONS is a request like any other.
 */
export function isPreflight({ method, headers }: Request): boolean {
  return method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method");
}
