/**
 * The cells of some rows, as pieces of UTF-8: cell `c` of row `r` is the one at `r * width + c`. The byte after a cell
 * is none that could be part of a number.
 */
export interface Cells {
  readonly bytes: Uint8Array;
  /** Where each cell begins. */
  readonly starts: Int32Array;
  /** Where each cell ends; a cell that a short row does not have is empty. */
  readonly ends: Int32Array;
  readonly rows: number;
  /** How many cells a row has. */
  readonly width: number;
}

/** Cells that can be looked at again. */
export interface Stretch {
  /** The cells; those that were handed out before are no longer valid. */
  cells(): Cells;
  /** The line of the file on which a row begins. */
  lineOf(row: number): number;
}

/** A byte order mark within a cell is a character like any other. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Creates the text of a cell.
 *
 * @param bytes The bytes in which the cell is.
 * @param start Where it begins.
 * @param end Where it ends.
 *
 * @returns The text.
 */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  // For the few bytes of a number, calling a decoder takes longer than decoding.
  if (end - start <= 24) {
    let text = "";
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte >= 0x80) return decoder.decode(bytes.subarray(start, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decoder.decode(bytes.subarray(start, end));
}

const encoder = new TextEncoder();

/**
 * Creates cells from rows of texts.
 *
 * @param rows The rows; none has more than `width` texts.
 * @param width How many cells a row has.
 *
 * @returns The cells, with bytes of their own.
 */
export function cellsOf(rows: readonly (readonly string[])[], width: number): Cells {
  const starts = new Int32Array(rows.length * width);
  const ends = new Int32Array(rows.length * width);
  const texts: string[] = [];
  let at = 0;
  rows.forEach((row, r) => {
    for (let c = 0; c < width; c++) {
      const text = row[c] ?? "";
      starts[r * width + c] = at;
      at += lengthOf(text);
      // A line end between them, so that digits do not run into each other.
      ends[r * width + c] = at++;
      texts.push(text, "\n");
    }
  });
  return { bytes: encoder.encode(texts.join("")), starts, ends, rows: rows.length, width };
}

/** How many bytes a text takes. A pair of surrogates is one character of four, and has no half that stands alone. */
function lengthOf(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
