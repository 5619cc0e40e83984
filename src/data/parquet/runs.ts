/** Writers fill up their last group of bits, and some write more groups than they need. */
const slack = 512;

/**
 * Counts the bits that a level takes.
 *
 * @param level The highest level.
 *
 * @returns How many bits.
 */
export function widthOf(level: number): number {
  return 32 - Math.clz32(level);
}

/**
 * Checks runs of equal values and of packed bits
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE): none may be longer than what it is a part of.
 *
 * @param bytes The bytes of a page.
 * @param start Where the runs begin.
 * @param end Where they end.
 * @param width How many bits a value has.
 * @param count How many values are wanted at most; what follows them is of no account.
 *
 * @throws When a run is longer than all of them.
 */
export function checkRuns(bytes: Uint8Array, start: number, end: number, width: number, count: number): void {
  let at = start;
  let seen = 0;
  // Fewer values are found by the decoder, which then reads past the end.
  while (seen < count && at < end) {
    let header = 0;
    let shift = 1;
    let byte: number;
    do {
      if (at >= end || shift > 2 ** 28) throw new Error("a run that ends within its length");
      byte = bytes[at++] as number;
      header += (byte & 0x7f) * shift;
      shift *= 128;
    } while (byte >= 0x80);
    const packed = header % 2 === 1;
    const length = Math.floor(header / 2) * (packed ? 8 : 1);
    if (length > count + slack) throw new Error(`a run of ${length} values where there are ${count}`);
    at += packed ? Math.floor((length * width) / 8) : (width + 7) >> 3;
    seen += length;
  }
}
