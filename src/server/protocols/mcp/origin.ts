import { LaunchpadError } from "../../../errors.ts";
import { truncateText } from "../../../util/truncate.ts";
import type { RequestContext } from "../../request-context.ts";

/** Names of this machine, which nobody else can make lead elsewhere. */
const local = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/** Addresses of this machine (RFC 6890), those of IPv4 in IPv6 as well. */
const loopback = /^(?:(?:::ffff:)?127\.|::1$)/i;

/** What decides whether a page may ask. */
export interface OriginOptions {
  /** Origins of `api.cors`. */
  readonly origins: readonly string[];
  /** Whether an address is that of a proxy that is trusted. */
  readonly isProxy?: ((address: string | undefined) => boolean) | undefined;
}

/**
 * Creates the check that keeps pages of others out, which may have a name that leads to this machine (DNS rebinding): browsers say
 * from which origin a page asks, and by which name.
 *
 * @param options Origins that may ask, and proxies that may say by which name they were asked.
 *
 * @returns A function that throws CROSS_SITE_REFUSED.
 */
export function originCheck({ origins, isProxy }: OriginOptions): (context: RequestContext) => void {
  return (context) => {
    const { headers, url } = context.request;
    const { hostname } = new URL(url);
    const isLocal = local.test(hostname);
    // Whoever asks this machine itself by a name of elsewhere was led here.
    if (!isLocal && loopback.test(context.peer ?? "") && !isProxy?.(context.peer)) {
      throw refused(
        `The host ${truncateText(hostname)} is no name of this machine: expected localhost. ` +
          "If a proxy asks under this name, name it in api.trusted_proxies",
      );
    }
    const origin = headers.get("origin");
    if (origin === null || origins.includes("*") || origins.includes(origin)) return;
    if (isLocal && URL.canParse(origin) && local.test(new URL(origin).hostname)) return;
    throw refused(`Pages of ${truncateText(origin)} may not ask: expected an origin in api.cors`);
  };
}

function refused(message: string): LaunchpadError {
  return new LaunchpadError("CROSS_SITE_REFUSED", message);
}
