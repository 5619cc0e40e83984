import { Duplex } from "node:stream";
import zlib from "node:zlib";

/** What this runtime compresses beside what all do. Zstandard came with Node 22.15. */
export const compressors: Readonly<Record<string, () => TransformStream<Uint8Array, Uint8Array>>> =
  typeof zlib.createZstdCompress === "function"
    ? { zstd: () => Duplex.toWeb(zlib.createZstdCompress()) as TransformStream<Uint8Array, Uint8Array> }
    : {};
