import { Decompress } from "fzstd";
import type { Codec } from "./codec.ts";
import { type Checksum, createXxh64 } from "./xxh64.ts";

/** What the library knows of a frame; once its blocks are read, or where it is skipped, the number of bytes that are left of it. */
type Frame = { readonly c: number } | number | undefined;

/** The library's reader, which goes over the checksums of frames, with them compared. */
class Checked extends Decompress {
  private sum: Checksum | undefined = undefined;
  private expected = 0;
  /** Bytes of a checksum that have not come. */
  private left = 0;

  constructor(ondata: (chunk: Uint8Array) => void) {
    super((chunk) => {
      const frame = this.frame();
      if (typeof frame === "object" && frame.c) {
        this.sum ??= createXxh64();
        this.sum.update(chunk);
      }
      ondata(chunk);
    });
  }

  /** The library calls it itself with what follows the last block of a frame. */
  override push(chunk: Uint8Array, final?: boolean): void {
    if (this.sum !== undefined && typeof this.frame() === "number") {
      this.expected = this.sum.low();
      this.sum = undefined;
      this.left = 4;
    }
    for (let at = 0; at < chunk.length && this.left > 0; at++, this.left--) {
      if (chunk[at] !== (this.expected & 255)) throw new Error("the checksum differs");
      this.expected >>>= 8;
    }
    super.push(chunk, final);
  }

  private frame(): Frame {
    return (this as unknown as { readonly s: Frame }).s;
  }
}

/** Zstandard. It is read by one library everywhere: what runtimes have of their own differs in what they take for an end. */
export const codec: Codec = {
  magic: [0x28, 0xb5, 0x2f, 0xfd],
  decompress(bytes) {
    let into: TransformStreamDefaultController<Uint8Array> | undefined;
    const stream = new Checked((chunk) => {
      if (chunk.length > 0) into?.enqueue(chunk.slice());
    });
    return bytes.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        start(controller) {
          into = controller;
        },
        transform: (chunk) => stream.push(chunk),
        flush: () => stream.push(new Uint8Array(0), true),
      }),
    );
  },
};
