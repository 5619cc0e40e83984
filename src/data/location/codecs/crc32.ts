let table: Uint32Array | undefined;

/**
 * Checksum of zip archives.
 *
 * @param bytes The bytes.
 * @param before The checksum of what came before them.
 *
 * @returns The checksum of all together.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let sum = before ^ -1;
  for (let at = 0; at < bytes.length; at++) sum = (sum >>> 8) ^ (table[(sum ^ (bytes[at] ?? 0)) & 255] ?? 0);
  return (sum ^ -1) >>> 0;
}
