import { bytesToHex } from "@noble/hashes/utils.js";

/** A new key of a caller. */
export interface ApiKey {
  /** What the caller sends. It is stored nowhere. */
  readonly key: string;
  /** What a configuration has of it. */
  readonly sha256: string;
}

/**
 * Creates a key of 256 random bits.
 *
 * @returns The key, which begins with `lp_` so that whoever finds one knows what it is, and its digest.
 */
export async function createApiKey(): Promise<ApiKey> {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const base64 = btoa(String.fromCharCode(...random));
  const key = `lp_${base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return { key, sha256: `sha256:${bytesToHex(new Uint8Array(digest))}` };
}
