import { XzReadableStream } from "xz-decompress";
import type { Codec } from "./codec.ts";

/** xz, read by WebAssembly, which Workers do not compile. There is no well-kept library that writes it everywhere. */
export const codec: Codec = {
  magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  decompress: (bytes) => new XzReadableStream(bytes),
};
