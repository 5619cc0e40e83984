/**
 * Makes a plain view of bytes: a Buffer of Node is a Uint8Array, too, but its `slice` copies nothing.
 *
 * @param bytes Bytes of a file.
 *
 * @returns The same bytes.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
