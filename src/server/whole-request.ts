import { LaunchpadError } from "../errors.ts";

/** A scheme and an authority without user (RFC 3986, section 3.2.2): a name, or an address of IPv6 in brackets. */
const wholeUrl = /^[a-z][a-z\d+.-]*:\/\/(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?(?:[/?#]|$)/i;

/** Methods that no Request can be made with. */
const unmakeable = /^(?:CONNECT|TRACE|TRACK)$/i;

/**
 * Tells whether a request has a whole URL. A runtime makes it of the Host header, which anybody can send: of a header that is
 * none, Bun makes the target alone (`/livez`), and Deno a text that is no URL, or a getter that throws.
 *
 * @param request The request.
 *
 * @returns Whether its URL can be parsed.
 */
export function hasWholeUrl(request: Request): boolean {
  return wholeUrl.test(urlOf(request));
}

/** Request with a URL that can be parsed, and what is wrong with the one that came. */
export interface MendedRequest {
  readonly request: Request;
  readonly fault?: LaunchpadError;
}

/**
 * Mends a request without a whole URL. Where there is no Host at all, as in HTTP/1.0 (the health checks of load balancers), the
 * target alone is enough.
 *
 * @param request The request.
 *
 * @returns The request; and REQUEST_INVALID if its host is none.
 */
export function mendRequest(request: Request): MendedRequest {
  const url = urlOf(request);
  const { method, headers } = request;
  if (url.startsWith("/") && !headers.get("host") && URL.canParse(`http://localhost${url}`)) {
    return { request: new Request(`http://localhost${url}`, request) };
  }
  return {
    request: new Request("http://localhost/", { method: unmakeable.test(method) ? "GET" : method, headers }),
    fault: new LaunchpadError(
      "REQUEST_INVALID",
      "The request has no URL: expected a Host header that names a host, such as example.com:5000",
    ),
  };
}

function urlOf(request: Request): string {
  try {
    return request.url;
  } catch {
    return "";
  }
}
