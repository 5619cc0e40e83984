import type { RequestContext } from "../request-context.ts";
import type { IsListed } from "./address.ts";

/** Paths that a proxy may put in front of those of the API. */
const prefixForm = /^(?:\/[\w.~%!$&'()*+,;=:@-]+)+$/;
const hostForm = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/** What a proxy says of the URL that the caller asked for. */
export interface Forwarded {
  /** Request whose path begins where those of the API do. */
  withoutPrefix(request: Request, peer: string | undefined): Request;
  /** The URL of the API, as the caller knows it; no slash at the end. */
  outside(context: RequestContext): string;
}

/**
 * Reader of `X-Forwarded-Prefix`, `X-Forwarded-Host` and `X-Forwarded-Proto`, from proxies that are trusted.
 *
 * @param trusted The addresses of proxies.
 *
 * @returns Functions that take a request.
 */
export function createForwarded(trusted: IsListed): Forwarded {
  const told = (request: Request, peer: string | undefined, name: string, form: RegExp): string | undefined => {
    if (!trusted(peer)) return undefined;
    // The last proxy is the one that is trusted.
    const last = request.headers.get(name)?.split(",").at(-1)?.trim().replace(/\/+$/, "");
    return last !== undefined && form.test(last) ? last : undefined;
  };
  return {
    withoutPrefix(request, peer) {
      const prefix = told(request, peer, "x-forwarded-prefix", prefixForm);
      if (prefix === undefined) return request;
      const url = new URL(request.url);
      // Most proxies have taken it away already.
      if (!url.pathname.startsWith(`${prefix}/`)) return request;
      url.pathname = url.pathname.slice(prefix.length);
      return new Request(url, request);
    },
    outside({ request, peer }) {
      const { protocol, host } = new URL(request.url);
      const said = (name: string, form: RegExp) => told(request, peer, name, form);
      const scheme = said("x-forwarded-proto", /^https?$/) ?? protocol.slice(0, -1);
      return `${scheme}://${said("x-forwarded-host", hostForm) ?? host}${said("x-forwarded-prefix", prefixForm) ?? ""}`;
    },
  };
}
