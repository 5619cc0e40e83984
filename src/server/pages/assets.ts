import { bytesToHex } from "@noble/hashes/utils.js";
import { isKnown } from "../middleware/etag.ts";

/** Something to serve, and the name of its state. */
export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** A page loads nothing from anywhere else, runs nothing that is written into it, and tells nobody anything. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Headers of pages and their files. */
export const pageHeaders = {
  "content-security-policy": policy,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Files change with a new version of this package, under the same names: a browser asks each time whether they have. */
const caching = { "cache-control": "no-cache" };

/**
 * Asset of bytes.
 *
 * @param bytes What is served.
 *
 * @returns The bytes, and the name of their state.
 */
export async function assetOf(bytes: Uint8Array<ArrayBuffer>): Promise<Asset> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { bytes, etag: `"${bytesToHex(digest.subarray(0, 16))}"` };
}

/**
 * Response with an asset, or without it for whoever has it.
 *
 * @param request The request.
 * @param asset The asset.
 * @param headers The headers of the response.
 *
 * @returns 200, or 304.
 */
export function respondWith(request: Request, { bytes, etag }: Asset, headers: Record<string, string>): Response {
  // What is for some callers only is kept by nobody.
  const all: Record<string, string> = { ...caching, ...headers, etag };
  if (!isKnown(request.headers.get("if-none-match") ?? "", etag)) return new Response(bytes, { headers: all });
  const { "content-type": _, ...known } = all;
  return new Response(null, { status: 304, headers: known });
}
