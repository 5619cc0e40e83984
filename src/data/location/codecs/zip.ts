import { Inflate, Zip, ZipDeflate } from "fflate";
import { bytesOf } from "../../../util/streams.ts";
import type { Codec } from "./codec.ts";
import { crc32 } from "./crc32.ts";

/** Zip archives with one file in them, as pandas reads and writes them. What they hold stands at their end: they are read whole. */
export const codec: Codec = {
  magic: [0x50, 0x4b],
  decompress(bytes) {
    let pieces: Iterator<Uint8Array> | undefined;
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          pieces ??= contentsOf(await bytesOf(bytes));
          const { done, value } = pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => (bytes.locked ? undefined : bytes.cancel(reason)),
      },
      { highWaterMark: 0 },
    );
  },
  compress(bytes, name) {
    let into: TransformStreamDefaultController<Uint8Array> | undefined;
    const archive = new Zip((error, chunk) => {
      if (error) into?.error(error);
      else if (chunk.length > 0) into?.enqueue(chunk);
    });
    const file = new ZipDeflate(name);
    // The same data makes the same file at any time.
    file.mtime = new Date(1980, 0, 1);
    archive.add(file);
    return bytes.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        start(controller) {
          into = controller;
        },
        transform: (chunk) => file.push(chunk),
        flush() {
          file.push(new Uint8Array(0), true);
          archive.end();
        },
      }),
    );
  },
};

/** So much is inflated at once: no more than 1032 times as much comes of it. */
const stepBytes = 2 ** 14;

/** The pieces of the only file of an archive. Throws where it is damaged. */
function* contentsOf(archive: Uint8Array): Generator<Uint8Array> {
  const { method, checksum, size, packed } = onlyFile(archive);
  let sum = 0;
  let length = 0;
  const counted = (piece: Uint8Array) => {
    sum = crc32(piece, sum);
    length += piece.length;
    return piece;
  };
  if (method === 0) yield counted(packed);
  else {
    const made: Uint8Array[] = [];
    const inflate = new Inflate((piece) => made.push(piece.slice()));
    for (let at = 0; at < packed.length; at += stepBytes) {
      inflate.push(packed.slice(at, at + stepBytes), at + stepBytes >= packed.length);
      for (const piece of made.splice(0)) if (piece.length > 0) yield counted(piece);
    }
  }
  if (length !== size || sum !== checksum) throw new Error("its checksum is another");
}

/**
 * Finds the file that an archive holds.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
function onlyFile(archive: Uint8Array) {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  const names: string[] = [];
  let found: number | undefined;
  for (let index = 0, at = view.getUint32(end + 16, true); index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) throw new Error("its directory is damaged");
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    // Folders, and what macOS adds.
    if (!name.endsWith("/") && !name.startsWith("__MACOSX/")) {
      names.push(name);
      found = at;
    }
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  if (found === undefined || names.length > 1) {
    const these = names.length === 0 ? "none" : `${names.length}: ${names.slice(0, 5).join(", ")}`;
    throw new Error(`an archive of one file is read, and it holds ${these}`);
  }
  const method = view.getUint16(found + 10, true);
  const [packedSize, size] = [view.getUint32(found + 20, true), view.getUint32(found + 24, true)];
  const offset = view.getUint32(found + 42, true);
  if (view.getUint16(found + 8, true) & 1) throw new Error("the file in it is encrypted");
  if (method !== 0 && method !== 8) throw new Error("the file in it is not compressed by deflate");
  if ([packedSize, size, offset].includes(0xffffffff)) throw new Error("the format zip64 is not read");
  if (offset + 30 > archive.length || view.getUint32(offset, true) !== 0x04034b50) {
    throw new Error("its directory is damaged");
  }
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + packedSize > end) throw new Error("its directory is damaged");
  const packed = archive.subarray(start, start + packedSize);
  return { method, checksum: view.getUint32(found + 16, true), size, packed };
}

function endOf(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
    if (view.getUint32(at, true) === 0x06054b50 && at + 22 + view.getUint16(at + 20, true) === view.byteLength)
      return at;
  }
  throw new Error("it has no directory");
}
