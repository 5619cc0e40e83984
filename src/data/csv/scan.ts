import type { Cells } from "./cells.ts";

/** Why a scan ended: no room or no need for more rows, no more bytes, or a row that it cannot read. */
export type Stop = "limit" | "more" | "hard" | "long";

/** What a scan found. Its cells are valid until the next one. */
export interface Scan {
  readonly cells: Cells;
  /** The position after the last row that was read. */
  readonly end: number;
  /** How many lines of the file were read, blank ones included. */
  readonly lines: number;
  readonly stop: Stop;
  /** How many cells the row has that has too many. */
  readonly found: number;
}

/** Finds the cells of rows. */
export interface Scanner {
  /** Reads rows of `width` cells from one position up to another, `limit` at most. */
  scan(bytes: Uint8Array, from: number, to: number, width: number, limit: number): Scan;
}

/** The bytes between which cells are. */
export interface ByteDialect {
  readonly sep: number;
  readonly newline: number;
}

export const quoteByte = 0x22;
export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;

/** So many cells at once stay in the processor's cache. */
const cellsAtOnce = 2 ** 14;

/**
 * Creates a scanner of rows that need no more than to be cut: cells without quotes, and cells in quotes that hold
 * none. Whatever else a quote may mean is for `tokenize.ts`, which this must agree with.
 *
 * @param dialect The separator, a character of one byte, and the byte that ends a line.
 *
 * @returns The scanner.
 */
export function createScanner({ sep, newline }: ByteDialect): Scanner {
  let starts = new Int32Array(0);
  let ends = new Int32Array(0);
  const returns = newline === lineFeed;

  return {
    scan(bytes, from, to, width, limit) {
      const most = Math.min(limit, Math.max(1, Math.floor(cellsAtOnce / width)));
      if (starts.length < most * width) {
        starts = new Int32Array(most * width);
        ends = new Int32Array(most * width);
      }
      const outStarts = starts;
      const outEnds = ends;
      let rows = 0;
      let lines = 0;
      let at = from;
      let found = 0;
      let stop: Stop = "limit";
      // A line that has ended ends every search, so that none has to look for the end of the bytes.
      const last = bytes.lastIndexOf(newline, to - 1);

      scanning: while (rows < most) {
        if (at > last) {
          stop = "more";
          break;
        }
        const first = rows * width;
        let cell = first;
        const past = first + width;
        let i = at;
        let inner = 0;
        let byte = bytes[i] as number;
        for (;;) {
          if (byte === quoteByte) {
            let j = i + 1;
            while (j <= last) {
              byte = bytes[j] as number;
              if (byte === quoteByte) break;
              if (byte === newline) inner++;
              j++;
            }
            if (j >= last) {
              // Perhaps it is closed by what follows.
              stop = j > last ? "more" : "hard";
              break scanning;
            }
            if (cell < past) {
              outStarts[cell] = i + 1;
              outEnds[cell] = j;
            }
            i = j + 1;
            byte = bytes[i] as number;
            if (byte === carriageReturn && returns && bytes[i + 1] === newline) byte = bytes[++i] as number;
            if (byte !== sep && byte !== newline) {
              stop = "hard";
              break scanning;
            }
          } else {
            const start = i;
            while (byte !== sep && byte !== newline) byte = bytes[++i] as number;
            if (cell < past) {
              outStarts[cell] = start;
              outEnds[cell] = byte === newline && returns && i > start && bytes[i - 1] === carriageReturn ? i - 1 : i;
            }
          }
          cell++;
          i++;
          if (byte === newline) break;
          byte = bytes[i] as number;
        }
        lines += 1 + inner;
        if (cell === first + 1 && bytes[at] !== quoteByte && isBlank(bytes, at, outEnds[first] as number)) {
          at = i;
          continue;
        }
        if (cell > past) {
          found = cell - first;
          lines -= 1 + inner;
          stop = "long";
          break;
        }
        while (cell < past) {
          outStarts[cell] = i;
          outEnds[cell++] = i;
        }
        at = i;
        rows++;
      }
      return { cells: { bytes, starts, ends, rows, width }, end: at, lines, stop, found };
    },
  };
}

/** Whether a cell holds nothing but spaces and tabs. */
function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0x20 && bytes[i] !== 0x09) return false;
  return true;
}
