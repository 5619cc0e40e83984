import type { Codec } from "./codec.ts";

type Bytes = TransformStream<Uint8Array, Uint8Array>;

/** gzip, which every runtime has. */
export const codec: Codec = {
  magic: [0x1f, 0x8b],
  decompress: (bytes) => bytes.pipeThrough(new DecompressionStream("gzip") as Bytes),
  compress: (bytes) => bytes.pipeThrough(new CompressionStream("gzip") as Bytes),
};
