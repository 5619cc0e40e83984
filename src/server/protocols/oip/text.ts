const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Text of bytes in UTF-8.
 *
 * @param bytes The bytes.
 *
 * @returns The text; undefined if they are other bytes.
 */
export function textIn(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
