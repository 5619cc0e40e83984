/** The base64 of what every public key of Ed25519 begins with as SPKI (RFC 8410, section 10.1). */
const start = "MCowBQYDK2VwAyEA";

/**
 * Tells whether a text is a public key that signatures are verified with.
 *
 * @param text Any text.
 *
 * @returns Whether it is the SPKI of an Ed25519 key in base64: 44 bytes, 60 characters.
 */
export function isVerifyKey(text: string): boolean {
  return text.startsWith(start) && /^[A-Za-z0-9+/]{59}=$/.test(text);
}
