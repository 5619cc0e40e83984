/**
 * Tells whether a text is the SHA-256 of a key.
 *
 * @param given Anything.
 *
 * @returns Whether it is 64 hexadecimal digits, with or without `sha256:` before them.
 */
export function isKeyDigest(given: unknown): boolean {
  return typeof given === "string" && /^(sha256:)?[\da-f]{64}$/i.test(given);
}

/**
 * Tells whether keys may be fetched from a place: nobody on the way may change them.
 *
 * @param given Anything.
 *
 * @returns Whether it is a URL of `https:`, or of `http:` on this machine.
 */
export function isKeySetUrl(given: unknown): boolean {
  if (typeof given !== "string" || !URL.canParse(given)) return false;
  const { protocol, hostname } = new URL(given);
  return protocol === "https:" || (protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}
