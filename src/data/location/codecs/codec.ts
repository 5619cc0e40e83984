/** A way to compress files. */
export interface Codec {
  /** The first bytes of every file. */
  readonly magic: readonly number[];
  /**
   * Creates the bytes of a file as they were before.
   *
   * @param bytes The bytes as they are kept.
   *
   * @returns The bytes; the stream fails where they are cut off, or damaged as far as the file has a checksum.
   */
  decompress(bytes: ReadableStream<Uint8Array>): ReadableStream<Uint8Array>;
  /**
   * Creates the stream of one file after the other, where the library cannot read several at a time.
   *
   * @param open Creates the decompressed bytes, with what limits them, when it is their turn.
   * @param cancel Cancels the bytes as they are kept, where their turn has not come.
   *
   * @returns The same bytes.
   */
  inTurn?(
    open: () => ReadableStream<Uint8Array>,
    cancel: (reason: unknown) => Promise<void>,
  ): ReadableStream<Uint8Array>;
  /**
   * Creates the bytes of a compressed file. Where there is none, such files are only read.
   *
   * @param bytes The bytes before.
   * @param name The name of the file that an archive holds.
   */
  compress?(bytes: ReadableStream<Uint8Array>, name: string): ReadableStream<Uint8Array>;
}
