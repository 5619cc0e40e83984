// The package has types for its stream only, which is one of Node's.
declare module "unbzip2-stream/lib/bit_iterator.js" {
  export interface BitReader {
    (count: number | null): number;
    readonly bytesRead: number;
  }
  export default function createBitReader(nextBuffer: () => Uint8Array): BitReader;
}
declare module "unbzip2-stream/lib/bzip2.js" {
  import type { BitReader } from "unbzip2-stream/lib/bit_iterator.js";

  const bzip2: {
    header(bits: BitReader): number;
    decompress(
      bits: BitReader,
      push: (byte: number) => void,
      buffer: Int32Array,
      size: number,
      checksum: number | null,
    ): number | null;
  };
  export default bzip2;
}
