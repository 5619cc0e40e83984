/**
 * Reads one step of a JSON Pointer that stands in a URI fragment (RFC 6901, section 6).
 *
 * @param token What stands between two slashes.
 *
 * @returns The key that it means.
 */
export function pointerKey(token: string): string {
  let decoded = token;
  try {
    decoded = decodeURIComponent(token);
  } catch {
    // A percent sign that is no escape stands for itself.
  }
  return decoded.replaceAll("~1", "/").replaceAll("~0", "~");
}
