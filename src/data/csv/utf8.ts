/**
 * Finds where bytes stop being UTF-8. Most bytes of most files are ASCII, which takes a look at four of them at once;
 * a decoder would make a string of all of them.
 *
 * @param bytes The bytes.
 * @param from Where a character begins.
 * @param to Where to stop.
 *
 * @returns `to`, or else where the first character begins that is none (the table 3-7 of the Unicode Standard).
 */
export function validUntil(bytes: Uint8Array, from: number, to: number): number {
  const words = new Int32Array(bytes.buffer, 0, bytes.buffer.byteLength >> 2);
  let i = from;
  while (i < to) {
    if ((i & 3) === 0) {
      const last = to >> 2;
      let word = i >> 2;
      while (word < last && ((words[word] as number) & 0x80808080) === 0) word++;
      i = word << 2;
      if (i === to) break;
    }
    const byte = bytes[i] as number;
    if (byte < 0x80) i++;
    else {
      const length = lengthAt(bytes, i, to, byte);
      if (length === 0) return i;
      i += length;
    }
  }
  return to;
}

/** How many bytes the character has that begins here; 0 if it is none. */
function lengthAt(bytes: Uint8Array, at: number, to: number, first: number): number {
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > to) return 0;
  const second = bytes[at + 1] as number;
  // No longer than need be, no half of a pair of surrogates, nothing past U+10FFFF.
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  return length;
}
