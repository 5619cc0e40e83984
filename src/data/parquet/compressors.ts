import type { CompressionCodec, Compressors } from "hyparquet";

type Decompress = NonNullable<Compressors[CompressionCodec]>;

/** What decompresses each codec; the parser itself does Snappy, which most files use. */
const codecs: Readonly<Record<string, () => Promise<Decompress>>> = {
  async GZIP() {
    const { gunzip } = await import("hyparquet-compressors/src/gzip.js");
    return (input, length) => gunzip(input, new Uint8Array(length));
  },
  BROTLI: async () => (await import("hyparquet-compressors/src/brotli.js")).decompressBrotli,
  async ZSTD() {
    const { decompress } = await import("fzstd");
    return (input) => decompress(input);
  },
  LZ4: async () => (await import("hyparquet-compressors/src/lz4.js")).decompressLz4,
  LZ4_RAW: async () => (await import("hyparquet-compressors/src/lz4.js")).decompressLz4Raw,
};

/**
 * Loads what decompresses the codecs of a file.
 *
 * @param used Which codecs that are.
 *
 * @returns The decompressors; those that there are none for are left out.
 */
export async function loadCompressors(used: Iterable<CompressionCodec>): Promise<Compressors> {
  const loaded: Compressors = {};
  for (const codec of used) {
    const load = Object.hasOwn(codecs, codec) ? codecs[codec] : undefined;
    if (load) loaded[codec] = await load();
  }
  return loaded;
}
