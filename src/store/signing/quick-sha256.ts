import { sha256 } from "@noble/hashes/sha2.js";

/** How many bytes are few: below that, the way to Web Crypto and back takes longer than the digest. */
const minRunsForFastPath = 16_384;

/**
 * Creates the SHA-256 of a few bytes, without waiting. A list of a model store asks for thousands of them.
 *
 * @param bytes Any bytes.
 *
 * @returns The digest; undefined for bytes that are Web Crypto's business.
 */
export function quickSha256(bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length < minRunsForFastPath ? sha256(bytes) : undefined;
}
