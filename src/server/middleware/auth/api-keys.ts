import { sha256 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import type { AuthConfig } from "../../../config/doors/door-types.ts";
import { isKeyDigest } from "../../../config/doors/key-digest.ts";
import { LaunchpadError } from "../../../errors.ts";
import type { Caller } from "../../request-context.ts";
import { accessTo } from "./access.ts";

/** Finds whose key a text is. */
export type FindCaller = (key: string) => Caller | undefined;

/** Longer than any key: a digest of a text of megabytes takes its time. */
const maxKeyLength = 512;

const encoder = new TextEncoder();

interface Known {
  readonly digest: Uint8Array;
  readonly caller: Caller;
}

/**
 * Finder of whose key a text is. Digests are compared, and whole ones always: how long that takes says nothing of the key.
 *
 * @param keys Digests by the names of callers; as a text, `NAME=DIGEST` separated by spaces, commas or lines.
 * @param where Where they stand, for messages.
 *
 * @returns A function from a text.
 *
 * @throws CONFIG_INVALID for what is no digest; the message does not repeat it.
 */
export function createApiKeys(keys: NonNullable<AuthConfig["api_keys"]>, where: string): FindCaller {
  /** By the first bytes of their digests, so that a thousand keys take no longer than one. */
  const byStart = new Map<number, Known[]>();
  for (const [name, given] of Object.entries(typeof keys === "string" ? keysIn(keys, where) : keys)) {
    const { sha256: text, ...access } = typeof given === "string" ? { sha256: given } : given;
    if (!isKeyDigest(text)) throw noDigest(`${where}.${name}`);
    const digest = hexToBytes(
      String(text)
        .replace(/^sha256:/i, "")
        .toLowerCase(),
    );
    const start = startOf(digest);
    byStart.set(start, [...(byStart.get(start) ?? []), { digest, caller: { name, may: accessTo(access) } }]);
  }
  return (key) => {
    if (key.length > maxKeyLength) return undefined;
    const digest = sha256(encoder.encode(key));
    return byStart.get(startOf(digest))?.find((known) => isSame(known.digest, digest))?.caller;
  };
}

function startOf(digest: Uint8Array): number {
  return ((digest[0] ?? 0) << 16) | ((digest[1] ?? 0) << 8) | (digest[2] ?? 0);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

function keysIn(text: string, where: string): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const entry of text.split(/[\s,]+/).filter((part) => part !== "")) {
    const [, name, digest] = /^([\w.@-]{1,64})[=:](.+)$/.exec(entry) ?? [];
    if (name === undefined || digest === undefined) throw noDigest(where);
    found[name] = digest;
  }
  return found;
}

function noDigest(where: string): LaunchpadError {
  return new LaunchpadError(
    "CONFIG_INVALID",
    `${where}: found something else, expected the SHA-256 of a key: NAME=sha256:DIGEST where a variable holds several. ` +
      "launchpad keys create NAME prints a key and its digest",
  );
}
