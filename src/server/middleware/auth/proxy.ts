import type { AuthConfig, ProxyConfig } from "../../../config/doors/door-types.ts";
import type { Host } from "../../../host.ts";
import type { Caller, RequestContext } from "../../request-context.ts";
import type { IsListed } from "../address.ts";
import { accessTo, everything } from "./access.ts";

/** Finds who calls by what others say of it; undefined if nobody says anything. */
export type FindBySaying = (context: RequestContext) => Caller | undefined;

/** No name is longer in a log. */
const maxNameLength = 256;

/** Whoever is not known may ask nothing. */
const nothing = () => false;

/**
 * Finder of the caller whom a trusted proxy names (`auth.proxy`).
 *
 * @param config The header.
 * @param isTrusted The addresses that may say who calls.
 * @param host The platform, which may know the address.
 *
 * @returns A function from the context of a request.
 */
export function createProxyCallers(
  config: NonNullable<AuthConfig["proxy"]>,
  isTrusted: IsListed,
  host: Pick<Host, "callerAddress">,
): FindBySaying {
  const callerOf = callersOf(config);
  return (context) => {
    if (!isTrusted(context.peer ?? host.callerAddress?.(context.request))) return undefined;
    return callerOf(context.request.headers.get(config.header));
  };
}

/**
 * Finder of the caller by their certificate (`auth.mtls`): the platform has checked it, or a trusted proxy.
 *
 * @param config The headers in which a proxy says so.
 * @param isTrusted The addresses that may say who calls.
 * @param host The platform.
 *
 * @returns A function from the context of a request.
 */
export function createCertificateCallers(
  config: NonNullable<AuthConfig["mtls"]>,
  isTrusted: IsListed,
  host: Pick<Host, "callerAddress" | "callerCertificate">,
): FindBySaying {
  const callerOf = callersOf(config);
  return (context) => {
    const { request, peer } = context;
    const shown = host.callerCertificate?.(request);
    if (shown !== undefined) return shown.verified ? callerOf(shown.subject) : undefined;
    if (!isTrusted(peer ?? host.callerAddress?.(request))) return undefined;
    const { headers } = request;
    return headers.get(config.verified)?.toUpperCase() === "SUCCESS"
      ? callerOf(headers.get(config.subject))
      : undefined;
  };
}

function callersOf({ callers }: ProxyConfig): (name: string | null) => Caller | undefined {
  const known = callers && new Map(Object.entries(callers).map(([name, access]) => [name, accessTo(access)]));
  return (given) => {
    const name = given?.trim().replace(/[^\x20-\x7e]/g, "?");
    if (name === undefined || name === "" || name.length > maxNameLength) return undefined;
    return { name, may: known === undefined || known === null ? everything : (known.get(name) ?? nothing) };
  };
}
