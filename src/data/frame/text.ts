/**
 * Text as Arrow keeps it: one array of UTF-8 bytes, and where each value begins and ends in it. Slices share it.
 * It must be valid UTF-8.
 */
export interface EncodedText {
  readonly bytes: Uint8Array;
  /** Value `i` is the bytes from `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Uint32Array;
  /** Of few different values each is kept once: which one a cell is, -1 if it is missing. Else cell `i` is value `i`. */
  readonly codes?: Int32Array;
  /** Without `codes`: 1 for each cell that is missing; left out when none is. */
  readonly missing?: Uint8Array;
  /** With `codes`: the different values, decoded once for all slices. */
  readonly values?: () => readonly string[];
}

/** A byte order mark within a text is a character like any other. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** So many bytes are decoded at once: a short string that is kept keeps no more than this alive. */
const blockSize = 2 ** 16;

/**
 * Creates text of which each cell is one of a few different values, a dictionary in Arrow.
 *
 * @param bytes The different values in UTF-8, one after the other.
 * @param offsets Where each begins, and where the last ends.
 * @param codes For each cell the position of its value, -1 if it is missing.
 *
 * @returns The text.
 */
export function dictionaryText(bytes: Uint8Array, offsets: Uint32Array, codes: Int32Array): EncodedText {
  let decoded: readonly string[] | undefined;
  const values = () => {
    decoded ??= decodeValues(bytes, offsets, 0, offsets.length - 1);
    return decoded;
  };
  return { bytes, offsets, codes, values };
}

/**
 * Counts the cells of a text.
 *
 * @param text The text.
 *
 * @returns How many there are, missing ones included.
 */
export function textLength({ codes, offsets }: EncodedText): number {
  return codes === undefined ? offsets.length - 1 : codes.length;
}

/**
 * Finds the value of a cell.
 *
 * @param text The text.
 * @param cell The position of the cell.
 *
 * @returns The position of its value in the offsets; -1 if it is missing.
 */
export function valueAt(text: EncodedText, cell: number): number {
  if (text.codes !== undefined) return text.codes[cell] ?? -1;
  return text.missing?.[cell] === 1 ? -1 : cell;
}

/**
 * Creates the part of a text from one cell up to another; the memory is shared.
 *
 * @param text The text.
 * @param start The first cell.
 * @param end The cell after the last.
 *
 * @returns A text.
 */
export function sliceText(text: EncodedText, start: number, end: number): EncodedText {
  if (text.codes !== undefined) return { ...text, codes: text.codes.subarray(start, end) };
  const { bytes, offsets, missing } = text;
  const part = { bytes, offsets: offsets.subarray(start, Math.max(start, end) + 1) };
  return missing === undefined ? part : { ...part, missing: missing.subarray(start, end) };
}

/**
 * Creates the strings of a text.
 *
 * @param text The text.
 * @param start The first cell.
 * @param end The cell after the last.
 *
 * @returns A string for each cell, null if it is missing.
 */
export function decodeText(text: EncodedText, start = 0, end = textLength(text)): (string | null)[] {
  const { bytes, offsets, codes, missing } = text;
  if (codes !== undefined) {
    const values = text.values?.() ?? decodeValues(bytes, offsets, 0, offsets.length - 1);
    const strings: (string | null)[] = [];
    for (let i = start; i < end; i++) strings.push(values[codes[i] ?? -1] ?? null);
    return strings;
  }
  const strings: (string | null)[] = decodeValues(bytes, offsets, start, end);
  if (missing !== undefined) for (let i = start; i < end; i++) if (missing[i] === 1) strings[i - start] = null;
  return strings;
}

/** Decodes many values in one call, which for short ones is many times as fast as one by one. */
function decodeValues(bytes: Uint8Array, offsets: Uint32Array, start: number, end: number): string[] {
  const strings: string[] = [];
  let at = start;
  while (at < end) {
    const from = offsets[at] ?? 0;
    let next = at + 1;
    while (next < end && (offsets[next + 1] ?? 0) - from <= blockSize) next++;
    const to = offsets[next] ?? 0;
    const block = decoder.decode(bytes.subarray(from, to));
    let unit = 0;
    const ascii = block.length === to - from;
    for (let i = at; i < next; i++) {
      const [first, last] = [offsets[i] ?? 0, offsets[i + 1] ?? 0];
      const units = ascii ? last - first : unitsIn(bytes, first, last);
      strings.push(block.slice(unit, unit + units));
      unit += units;
    }
    at = next;
  }
  return strings;
}

/** How many UTF-16 units a piece of UTF-8 takes: two from four bytes, else one, and none for what continues. */
function unitsIn(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
