import { LaunchpadError } from "../../../errors.ts";
import { truncateText } from "../../../util/truncate.ts";
import { type IsListed, listOf } from "../../middleware/address.ts";
import type { RequestContext } from "../../request-context.ts";

/** Names of this machine, which nobody else can make lead elsewhere. */
const local = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/** What decides whether a page may ask. */
export interface OriginOptions {
  /** Origins of `api.cors`. */
  readonly origins: readonly string[];
  /** Whether an address is that of a proxy that is trusted. */
  isProxy(address: string | undefined): boolean;
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
  const isLoopback: IsListed = listOf(["loopback"]);
  return (context) => {
    const { headers, url } = context.request;
    const { hostname } = new URL(url);
    const isLocal = local.test(hostname);
    // Whoever asks this machine itself by a name of elsewhere was led here.
    if (!isLocal && isLoopback(context.peer) && !isProxy(context.peer)) {
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
