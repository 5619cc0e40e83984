import { Decompress } from "fzstd";
import type { Codec } from "./codec.ts";

/** Zstandard. It is read by one library everywhere: what runtimes have of their own differs in what they take for an end. */
export const codec: Codec = {
  magic: [0x28, 0xb5, 0x2f, 0xfd],
  decompress(bytes) {
    let into: TransformStreamDefaultController<Uint8Array> | undefined;
    const stream = new Decompress((chunk) => {
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
