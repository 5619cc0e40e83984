/** How far the machine behind a name of a host is from everybody. */
export type Zone = "public" | "private" | "link-local" | "loopback";

const privateNames = /(^|\.)(local|internal|intranet|lan|home\.arpa)$/;

/**
 * Zone of a host, by its name or address alone. A name of the public DNS can still lead to a private address; who answers
 * for names decides that.
 *
 * @param hostname The host as `URL.hostname` has it, which writes every form of an IPv4 address as four numbers.
 *
 * @returns The zone. A name without a dot is one of the own network.
 */
export function zoneOf(hostname: string): Zone {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  if (host.startsWith("[")) return zoneOfIpv6(host.slice(1, -1));
  const numbers = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
  if (numbers !== undefined) return zoneOfIpv4(numbers);
  if (host === "localhost" || host.endsWith(".localhost")) return "loopback";
  return !host.includes(".") || privateNames.test(host) ? "private" : "public";
}

/**
 * Tells whether a redirect stays where the one who named the first server wanted to be: it may lead out to the public, and
 * not from there into the own network, to the services of a cloud's machine (169.254.169.254) or to this machine.
 *
 * @param from The server that redirects.
 * @param to Where it redirects to.
 *
 * @returns Whether it may be followed.
 */
export function staysOutside(from: URL, to: URL): boolean {
  const [source, target] = [zoneOf(from.hostname), zoneOf(to.hostname)];
  return target === "public" || target === source || (target === "private" && source === "loopback");
}

function zoneOfIpv4([a = 0, b = 0]: readonly number[]): Zone {
  if (a === 127 || a === 0) return "loopback";
  if (a === 169 && b === 254) return "link-local";
  const isPrivate =
    a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128);
  return isPrivate ? "private" : "public";
}

function zoneOfIpv6(address: string): Zone {
  if (address === "::1" || address === "::") return "loopback";
  // An IPv4 address in IPv6: mapped, compatible, or translated (RFC 6052).
  const [, high, low] = /^(?:::ffff:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high !== undefined && low !== undefined) {
    const first = Number.parseInt(high, 16);
    const last = Number.parseInt(low, 16);
    return zoneOfIpv4([first >> 8, first & 255, last >> 8, last & 255]);
  }
  const start = Number.parseInt(address.split(":")[0] || "0", 16);
  if ((start & 0xffc0) === 0xfe80) return "link-local";
  return (start & 0xfe00) === 0xfc00 ? "private" : "public";
}
