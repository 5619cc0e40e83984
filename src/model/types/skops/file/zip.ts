import { crc32 } from "../../../../data/location/codecs/crc32.ts";
import { damaged, unsupported } from "./failures.ts";

/** Files of an archive by name. */
export interface Archive {
  /** Bytes of a file; throws MODEL_FILE_INVALID if there is none of this name, or its checksum differs. */
  file(name: string): Uint8Array;
  /** Archive in this archive. */
  archive(name: string): Archive;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const maxEntries = 65_534;
/** Beyond this, bytes of all files together are no model that a server would hold. */
const maxBytes = 2 ** 30;
const endSize = 22;
const headerSize = 30;
const entrySize = 46;

/**
 * Opens a zip archive, whose files are stored or deflated.
 *
 * @param bytes The archive.
 * @param where Its name, for messages.
 *
 * @returns Its files.
 *
 * @throws MODEL_FILE_INVALID if it is damaged; MODEL_FILE_UNSUPPORTED if it is encrypted, of the zip64 format, or
 *   compressed otherwise.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function openArchive(bytes: Uint8Array, where: string): Promise<Archive> {
  const entries = directory(bytes, where);
  const contents = new Map<string, Uint8Array>();
  const inner = new Map<string, Archive>();
  for (const entry of entries) {
    const packed = dataOf(bytes, entry, where);
    const file = entry.method === 0 ? packed : await inflated(packed, entry, where);
    contents.set(entry.name, file);
    if (entry.name.endsWith(".npz")) inner.set(entry.name, await openArchive(file, `${where}: ${entry.name}`));
  }
  const checksums = new Map(entries.map((entry) => [entry.name, entry.checksum]));
  const archive: Archive = {
    file(name) {
      const file = contents.get(name);
      if (!file) throw damaged(where, `expected a file ${JSON.stringify(name)} in the archive, found none`);
      const checksum = checksums.get(name);
      if (checksum !== undefined && crc32(file) !== checksum)
        throw damaged(`${where}: ${name}`, "expected the checksum of the archive's directory, found another");
      checksums.delete(name);
      return file;
    },
    archive(name) {
      archive.file(name);
      const found = inner.get(name);
      if (!found) throw damaged(where, `expected an archive ${JSON.stringify(name)}, found another file`);
      return found;
    },
  };
  return archive;
}

function directory(bytes: Uint8Array, where: string): readonly Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(view);
  if (end < 0) throw damaged(where, "expected a zip archive, found no end of its directory: it may be truncated");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw unsupported(where, "zip64 archives are not supported");
  if (count > maxEntries) throw damaged(where, `expected at most ${maxEntries} files, found ${count}`);
  const entries: Entry[] = [];
  const names = new Set<string>();
  let total = 0;
  for (let index = 0; index < count; index++) {
    if (at + entrySize > end || view.getUint32(at, true) !== 0x02014b50)
      throw damaged(where, `expected entry ${index + 1} of ${count} of the archive's directory at byte ${at}`);
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    const next = at + entrySize + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw damaged(where, `expected entry ${index + 1} of the archive's directory to end before it`);
    const name = new TextDecoder().decode(bytes.subarray(at + entrySize, at + entrySize + nameLength));
    const entry = {
      name,
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    if (flags & 1) throw unsupported(`${where}: ${name}`, "encrypted files are not supported");
    if (entry.method !== 0 && entry.method !== 8)
      throw unsupported(`${where}: ${name}`, `compression method ${entry.method} is not supported: use ZIP_DEFLATED`);
    if (entry.size === 0xffffffff || entry.packed === 0xffffffff || entry.offset === 0xffffffff)
      throw unsupported(`${where}: ${name}`, "zip64 archives are not supported");
    if (names.has(name)) throw damaged(where, `expected one file ${JSON.stringify(name)}, found two`);
    names.add(name);
    total += entry.size;
    if (total > maxBytes) throw damaged(where, `expected at most ${maxBytes} bytes in all, found more`);
    entries.push(entry);
    at = next;
  }
  return apart(entries, where);
}

/** Files that overlap would let a small archive hold a large one many times. */
function apart(entries: readonly Entry[], where: string): readonly Entry[] {
  const byOffset = [...entries].sort((a, b) => a.offset - b.offset);
  let end = 0;
  for (const entry of byOffset) {
    if (entry.offset < end) throw damaged(`${where}: ${entry.name}`, "expected files apart, found two that overlap");
    end = entry.offset + headerSize + entry.packed;
  }
  return entries;
}

function endOf(view: DataView): number {
  const last = view.byteLength - endSize;
  for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
    if (view.getUint32(at, true) === 0x06054b50 && at + endSize + view.getUint16(at + 20, true) === view.byteLength)
      return at;
  }
  return -1;
}

function dataOf(bytes: Uint8Array, entry: Entry, where: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = `${where}: ${entry.name}`;
  if (entry.offset + headerSize > bytes.length || view.getUint32(entry.offset, true) !== 0x04034b50)
    throw damaged(place, `expected its header at byte ${entry.offset}, found none`);
  const start =
    entry.offset + headerSize + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  if (start + entry.packed > bytes.length)
    throw damaged(place, `expected ${entry.packed} bytes, found the end of the file`);
  if (entry.method === 0 && entry.packed !== entry.size)
    throw damaged(place, `expected ${entry.size} bytes, found ${entry.packed}`);
  return bytes.subarray(start, start + entry.packed);
}

async function inflated(packed: Uint8Array, entry: Entry, where: string): Promise<Uint8Array> {
  const place = `${where}: ${entry.name}`;
  // Deflate makes at most 1032 bytes of one: a size beyond that is a lie, for which no memory must be taken.
  if (entry.size > packed.length * 1032 + 64) throw damaged(place, `expected ${entry.size} bytes, found fewer`);
  const out = new Uint8Array(entry.size);
  let length = 0;
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  // Failures of the writer are those of the reader, which reports them.
  const written = writer.write(packed.slice()).then(() => writer.close());
  written.catch(() => {});
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (length + value.length > out.length) {
        await reader.cancel();
        throw new RangeError("too long");
      }
      out.set(value, length);
      length += value.length;
    }
    await written;
  } catch {
    throw damaged(place, `expected ${entry.size} deflated bytes, found others`);
  }
  if (length !== out.length) throw damaged(place, `expected ${out.length} bytes, found ${length}`);
  return out;
}
