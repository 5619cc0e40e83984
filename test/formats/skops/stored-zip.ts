import { crc32 } from "node:zlib";

/** Archive of files that are stored as they are. */
export function storedZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let offset = 0;
  for (const [name, bytes] of files) {
    const label = new TextEncoder().encode(name);
    const common = new Uint8Array(26);
    const view = new DataView(common.buffer);
    view.setUint16(0, 20, true);
    view.setUint32(10, crc32(bytes), true);
    view.setUint32(14, bytes.length, true);
    view.setUint32(18, bytes.length, true);
    view.setUint16(22, label.length, true);
    parts.push(Uint8Array.of(0x50, 0x4b, 3, 4), common, label, bytes);
    const end = new Uint8Array(14);
    new DataView(end.buffer).setUint32(10, offset, true);
    entries.push(Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0), common, end, label);
    offset += 30 + label.length + bytes.length;
  }
  const directory = Buffer.concat(entries);
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, files.size, true);
  view.setUint16(10, files.size, true);
  view.setUint32(12, directory.length, true);
  view.setUint32(16, offset, true);
  return new Uint8Array(Buffer.concat([...parts, directory, end]));
}
