import { LaunchpadError } from "../../errors.ts";

/** What only operators may do. */
export interface Admin {
  /** The token that a request must bear. */
  readonly token: string;
  /** `POST /admin/refresh`: looks for a newer model. */
  refresh(): Promise<unknown>;
}

/**
 * Refuses a request that does not bear a token (RFC 6750).
 *
 * @param request The request.
 * @param token The token.
 * @param headers The headers of the response, which must say what is missing.
 *
 * @throws UNAUTHORIZED.
 */
export async function authorize(request: Request, token: string, headers: Record<string, string>): Promise<void> {
  // Whatever stands between must not keep what only the bearer of the token may see.
  headers["cache-control"] = "no-store";
  const [, given] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (given !== undefined && (await isSame(given, token))) return;
  headers["www-authenticate"] = "Bearer";
  throw new LaunchpadError("UNAUTHORIZED", "This path needs the token of the server: Authorization: Bearer <token>");
}

/** Digests are compared instead of the texts: how long that takes says nothing about the texts. */
async function isSame(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([digestOf(a), digestOf(b)]);
  return left.every((byte, index) => byte === right[index]);
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
