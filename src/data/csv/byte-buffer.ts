import { validUntil } from "./utf8.ts";

/** Bytes that have come and are not used up. */
export interface ByteBuffer {
  /** The memory; it is another one after `push` if there was no room. What has been read of it stays until `release`. */
  bytes(): Uint8Array;
  /** Where the next row begins. */
  from(): number;
  /** Where the bytes end that have come, and are UTF-8. */
  to(): number;
  /** Says that the bytes up to a position have been read. */
  take(end: number): void;
  push(chunk: Uint8Array): void;
  /** Says that what has been read is needed no more, so that its memory can be used again. */
  release(): void;
  /** Says that no more bytes come. */
  end(): void;
  /** Whether what follows `to` is no UTF-8. */
  broken(): boolean;
}

/** Chunks are gathered to so many bytes. */
const blockSize = 2 ** 20;

/** So much free memory is kept, in blocks: what a frame of some 10,000 rows takes. */
const maxFreeBuffers = 4;

/**
 * Creates a place for bytes that come in chunks, cut anywhere, so that every row is in one piece. They are checked to
 * be UTF-8.
 *
 * @returns An empty block.
 */
export function createByteBuffer(): ByteBuffer {
  let bytes = new Uint8Array(0);
  let [from, valid, filled] = [0, 0, 0];
  let broken = false;
  /** Memory that was filled before, and memory that is free. */
  let filledBefore: Uint8Array<ArrayBuffer>[] = [];
  let free: Uint8Array<ArrayBuffer>[] = [];

  /** Memory for so many bytes. */
  function room(needed: number): Uint8Array<ArrayBuffer> {
    // The first one is no larger than what comes: most files are small.
    if (bytes.length === 0) return new Uint8Array(needed + 1);
    filledBefore.push(bytes);
    const length = Math.max(blockSize, needed * 2);
    const again = free.pop();
    return again !== undefined && again.length >= length ? again : new Uint8Array(length);
  }

  function check(final: boolean): void {
    if (broken) return;
    const end = final ? filled : wholeCharacters(bytes, valid, filled);
    valid = validUntil(bytes, valid, end);
    broken = valid < end;
  }

  return {
    bytes: () => bytes,
    from: () => from,
    to: () => valid,
    broken: () => broken,
    take(end) {
      from = end;
    },
    push(chunk) {
      if (filled + chunk.length > bytes.length) {
        const rest = bytes.subarray(from, filled);
        bytes = room(rest.length + chunk.length);
        bytes.set(rest);
        [valid, filled, from] = [valid - from, rest.length, 0];
      }
      bytes.set(chunk, filled);
      filled += chunk.length;
      check(false);
    },
    release() {
      free = [...filledBefore, ...free].slice(0, maxFreeBuffers);
      filledBefore = [];
    },
    end: () => check(true),
  };
}

/** Where the last character ends that is there as a whole. */
function wholeCharacters(bytes: Uint8Array, from: number, to: number): number {
  for (let back = 1; back <= 3 && to - back >= from; back++) {
    const byte = bytes[to - back] as number;
    if (byte < 0x80) return to;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? to - back : to;
  }
  return to;
}
