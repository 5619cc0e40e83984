/** How many bytes become text at once: a multiple of three, and few enough to be arguments of one call. */
const chunk = 3 * 4096;

/**
 * Creates the base64 text of bytes.
 *
 * @param bytes Any bytes.
 *
 * @returns The text, with padding.
 */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += chunk) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + chunk)));
  }
  return text;
}

/**
 * Creates bytes from base64 text.
 *
 * @param text The text.
 *
 * @returns The bytes.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
