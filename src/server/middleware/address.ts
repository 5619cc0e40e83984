import type { Host } from "../../host.ts";
import { type Network, namedNetworks, parseAddress, parseNetwork, unixPeer } from "../../util/addresses.ts";
import type { RequestContext } from "../request-context.ts";

/** Tells whether an address is in a list. */
export type IsListed = (address: string | undefined) => boolean;

/** Proxies that hand on requests; more than anybody has in a row. */
const maxHops = 32;
/** Callers come again and again. */
const maxRemembered = 1000;

/**
 * Matcher of addresses against a list.
 *
 * @param list Addresses, networks, and names of some.
 *
 * @returns A function that remembers the last addresses.
 */
export function listOf(list: readonly string[]): IsListed {
  const isUnixListed = list.includes(unixPeer);
  const networks = list
    .flatMap((one) => (Object.hasOwn(namedNetworks, one) ? (namedNetworks[one] ?? []) : [one]))
    .map(parseNetwork)
    .filter((network): network is Network => network !== undefined);
  const known = new Map<string, boolean>();
  const find = (address: string) => {
    if (address === unixPeer) return isUnixListed;
    const bits = parseAddress(address);
    if (bits === undefined) return false;
    return networks.some(({ bits: own, fixed }) => (own ^ bits) >> BigInt(128 - fixed) === 0n);
  };
  return (address) => {
    if (address === undefined) return false;
    let listed = known.get(address);
    if (listed === undefined) {
      if (known.size >= maxRemembered) known.clear();
      listed = find(address);
      known.set(address, listed);
    }
    return listed;
  };
}

/** Finds the address of the caller of a request. */
export type AddressOf = (context: RequestContext) => string | undefined;

/**
 * Reader of the caller's address. `X-Forwarded-For` is a claim of whoever sent it: each proxy adds the address that it saw to its end,
 * so that it is read from there, for as long as who added an address is trusted.
 *
 * @param trusted The addresses of proxies.
 * @param host The platform, which may know.
 *
 * @returns A function that keeps in the context what it finds; undefined where nobody knows.
 */
export function addressReader(trusted: IsListed, host: Pick<Host, "callerAddress">): AddressOf {
  return (context) => {
    if (context.address !== undefined) return context.address;
    let address = context.peer ?? host.callerAddress?.(context.request);
    if (trusted(address)) {
      const told = context.request.headers.get("x-forwarded-for")?.split(",") ?? [];
      for (const hop of told.slice(-maxHops).reverse()) {
        const next = bare(hop.trim());
        if (parseAddress(next) === undefined) break;
        address = next;
        if (!trusted(address)) break;
      }
    }
    context.address = address === undefined ? undefined : plain(address);
    return context.address;
  };
}

/** Some proxies add the port. */
function bare(hop: string): string {
  const [, inBrackets, four] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(hop) ?? [];
  return inBrackets ?? four ?? hop;
}

/** A socket of IPv6 says so of addresses of IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/i, "");
}

/**
 * Creates the name under which the requests of an address are counted: whoever has one address of IPv6 has 2^64 of them.
 *
 * @param address The address; undefined where nobody knows it.
 *
 * @returns The address, or the network of IPv6.
 */
export function countedAs(address: string | undefined): string {
  if (address === undefined) return "unknown";
  if (!address.includes(":")) return address;
  const bits = parseAddress(address);
  return bits === undefined ? "unknown" : `${(bits >> 64n).toString(16)}::/64`;
}
