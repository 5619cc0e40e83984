import createBitReader, { type BitReader } from "unbzip2-stream/lib/bit_iterator.js";
import bzip2 from "unbzip2-stream/lib/bzip2.js";
import type { Codec } from "./codec.ts";

/** Compressed, a block takes no more than it holds and some tables. */
const tables = 25_000;
const ofLevel = 100_000;

/**
 * bzip2. The library's stream is one of Node's; its blocks are read here as they come. There is no well-kept library that
 * writes it.
 */
export const codec: Codec = {
  magic: [0x42, 0x5a, 0x68],
  decompress(bytes) {
    const waiting: Uint8Array[] = [];
    let come = 0;
    // The library asks for more only where there is more, or where the file ends too soon.
    let bits: BitReader | undefined;
    const reader = () => {
      bits ??= createBitReader(() => waiting.shift() ?? ended());
      return bits;
    };
    const left = () => come - (bits?.bytesRead ?? 0);
    let level = 0;
    let checksum: number | null = null;
    let buffer = new Int32Array(0);

    /** Reads the head of a stream, or a block. */
    function step(controller: TransformStreamDefaultController<Uint8Array>): void {
      if (level === 0) {
        level = bzip2.header(reader());
        checksum = 0;
        if (buffer.length < level * ofLevel) buffer = new Int32Array(level * ofLevel);
        return;
      }
      const made = createBytes();
      checksum = bzip2.decompress(reader(), made.push, buffer, level * ofLevel, checksum);
      if (checksum === null) level = 0;
      else controller.enqueue(made.all());
    }

    return bytes.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          if (chunk.length === 0) return;
          waiting.push(chunk);
          come += chunk.length;
          while (left() >= (level === 0 ? 4 : tables + level * ofLevel)) step(controller);
        },
        flush(controller) {
          while (left() > 0) step(controller);
          if (checksum !== null) ended();
        },
      }),
    );
  },
};

function ended(): never {
  throw new Error("the file ends too soon");
}

/** Bytes of which nobody knows how many come. */
function createBytes() {
  let bytes = new Uint8Array(2 ** 20);
  let length = 0;
  return {
    push(byte: number) {
      if (length === bytes.length) {
        const larger = new Uint8Array(length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      bytes[length++] = byte;
    },
    all: () => bytes.slice(0, length),
  };
}
