/** Names for addresses that are written often. */
export const namedNetworks: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"],
};

/** Whatever comes through a Unix socket. */
export const unixPeer = "unix";

/** What a list of addresses may hold, for messages. */
export const networkForm =
  'a list of addresses and networks: "10.1.2.3", "10.0.0.0/8", "fd00::/8", or the names loopback, private and unix';

/** A network: the bits of its addresses, and how many of them are fixed. */
export interface Network {
  readonly bits: bigint;
  readonly fixed: number;
}

/** All addresses as those of IPv6; IPv4 as RFC 4291 (section 2.5.5.2) maps it. */
const mapped = 0xffff_0000_0000n;

/**
 * Reads an address.
 *
 * @param text An address of IPv4 or IPv6, also in brackets or with a zone.
 *
 * @returns Its 128 bits, those of IPv4 mapped to IPv6; undefined if it is none.
 */
export function parseAddress(text: string): bigint | undefined {
  const bare = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (bare.length > 45) return undefined;
  if (!bare.includes(":")) {
    const four = parseIPv4(bare);
    return four === undefined ? undefined : mapped | four;
  }
  const [, start = "", four] = /^(.*:)([\d.]*\.[\d.]*)$/.exec(bare) ?? [];
  if (four === undefined) return parseIPv6(bare);
  const last = parseIPv4(four);
  return last === undefined
    ? undefined
    : parseIPv6(`${start}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`);
}

function parseIPv4(text: string): bigint | undefined {
  const parts = text.split(".");
  const isOctet = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255;
  if (parts.length !== 4 || !parts.every(isOctet)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function parseIPv6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (!groups.flat().every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  const [start = [], end] = groups;
  const missing = 8 - start.length - (end?.length ?? 0);
  if (end === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...start, ...Array.from({ length: missing }, () => "0"), ...(end ?? [])];
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/**
 * Reads a network.
 *
 * @param text An address, or one with the number of its fixed bits: `10.0.0.0/8`.
 *
 * @returns The network; undefined if it is none.
 */
export function parseNetwork(text: string): Network | undefined {
  const [, address = "", , fixed] = /^([^/]*)(\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = parseAddress(address);
  if (bits === undefined) return undefined;
  const width = address.includes(":") ? 128 : 32;
  const length = fixed === undefined ? width : Number(fixed);
  return length > width ? undefined : { bits, fixed: 128 - width + length };
}

/**
 * Tells whether a text is what a list of addresses may hold.
 *
 * @param given Anything.
 *
 * @returns Whether it is an address, a network, or a name of some.
 */
export function isNetwork(given: unknown): boolean {
  if (typeof given !== "string") return false;
  return given === unixPeer || Object.hasOwn(namedNetworks, given) || parseNetwork(given) !== undefined;
}
