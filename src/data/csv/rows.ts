import type { LaunchpadError } from "../../errors.ts";
import { createByteBuffer } from "./byte-buffer.ts";
import { type Cells, cellsOf, type Stretch } from "./cells.ts";
import { endless, notClosed, notUtf8, tooLong } from "./errors.ts";
import { countLines, findNewline } from "./lines.ts";
import type { CsvOptions } from "./options.ts";
import { createPapaparseParser, type PapaparseParser } from "./papaparse-rows.ts";
import { createScanner, lineFeed, type Scanner, type Stop } from "./scan.ts";

/** Turns bytes, cut anywhere, into rows of cells. */
export interface RowReader {
  push(chunk: Uint8Array): void;
  /** Says that no one looks again at the rows so far. */
  release(): void;
  /** Says that no more bytes come. */
  end(): void;
  /** The first row; undefined if more bytes are needed, or if there is none. It is read again unless it is taken. */
  first(take: boolean): FirstRow | undefined;
  /** Rows of `width` cells, `limit` at most; undefined if more bytes are needed, or if there are no more. */
  next(width: number, limit: number): Stretch | undefined;
  /** The line of the file on which the next row begins. */
  line(): number;
}

/** A row of texts, and the line of the file on which it begins. */
export interface FirstRow {
  readonly row: readonly string[];
  readonly line: number;
}

/** A row of this many bytes is a quote that was never closed rather than data. */
const maxRowBytes = 2 ** 26;

/** So many rows are given to papaparse at once where all of them need it. */
const maxPapaparseRows = 1024;

/** The three bytes that some programs put at the start of a file in UTF-8. */
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/** How the file is cut into rows, which its first line tells. */
interface Reading {
  readonly newline: number;
  readonly scanner: Scanner;
  /** Looks again at what the scanner found before. */
  readonly again: Scanner;
  readonly general: PapaparseParser;
}

/**
 * Creates a reader of the rows of a CSV file. Rows that only have to be cut are found in the bytes; others are read by
 * papaparse. Lines end with LF, CRLF or CR; blank ones are passed over.
 *
 * @param options How the file is read.
 * @param at Creates the beginning of a message about a line.
 *
 * @returns A reader; its methods throw DATA_INVALID for a quote that is not closed, a row with too many cells, and
 * bytes that are not UTF-8.
 */
export function createRowReader(options: CsvOptions, at: (line: number) => string): RowReader {
  const { sep, decimal } = options;
  const block = createByteBuffer();
  // The bytes must tell where a cell ends, and where a number does.
  const plain = sep.charCodeAt(0) < 0x80 && sep !== decimal && !/[\d.eE+-]/.test(sep);
  let reading: Reading | undefined;
  let marked = false;
  let final = false;
  let toSkip = options.skiprows;
  let line = 1;
  let failed: LaunchpadError | undefined;
  /** Without a row in so many bytes there is no use in looking again before they have doubled. */
  let needed = 0;
  /** How many rows papaparse is given. */
  let hard = 1;

  /** Passes over the byte order mark; false if more bytes are needed to see whether there is one. */
  function unmark(): boolean {
    if (marked) return true;
    const begins = block.bytes().subarray(block.from(), Math.min(block.from() + 3, block.to()));
    const mark = begins.every((byte, i) => byte === byteOrderMark[i]);
    if (mark && begins.length < 3 && !final) return false;
    if (mark && begins.length === 3) block.take(block.from() + 3);
    marked = true;
    return true;
  }

  /** Finds out how lines end, and passes over those that are to be skipped; undefined if more bytes are needed. */
  function begin(): Reading | undefined {
    if (!unmark()) return undefined;
    if (reading === undefined) {
      const found = findNewline(block.bytes(), block.from(), block.to(), toSkip > 0);
      const newline = found ?? (final ? lineFeed : undefined);
      if (newline === undefined) return undefined;
      const dialect = { sep: sep.charCodeAt(0), newline };
      const general = createPapaparseParser(sep, newline);
      reading = { newline, scanner: createScanner(dialect), again: createScanner(dialect), general };
    }
    // What ends without a line end is read as if it had one: then a last CR is seen as part of it.
    const last = block.bytes()[block.to() - 1];
    if (final && !block.broken() && block.to() > block.from() && last !== reading.newline) {
      block.push(Uint8Array.of(reading.newline));
    }
    for (; toSkip > 0; toSkip--) {
      const end = block.bytes().indexOf(reading.newline, block.from());
      if (end === -1 || end >= block.to()) return undefined;
      block.take(end + 1);
      line++;
    }
    return reading;
  }

  /** Says that nothing can be read from the bytes so far, unless nothing ever will. */
  function wait(): undefined {
    const [from, to] = [block.from(), block.to()];
    if (block.broken()) throw notUtf8(at(line + countLines(block.bytes(), reading?.newline ?? lineFeed, from, to)));
    if (to - from > maxRowBytes) {
      const unclosed = reading?.general.parse(block.bytes(), from, to, 1, true).unclosed;
      throw unclosed === undefined ? endless(at(line)) : notClosed(at(line + unclosed));
    }
    needed = (to - from) * 2;
    return undefined;
  }

  /** Whether there are bytes in which a row may be found. */
  function ready(): boolean {
    if (failed !== undefined) throw failed;
    const length = block.to() - block.from();
    return block.broken() || (length > 0 && (final || length >= needed));
  }

  function scan(reading: Reading, width: number, limit: number): Stretch | Stop {
    const [bytes, from, first] = [block.bytes(), block.from(), line];
    const { cells, end, lines, stop, found } = reading.scanner.scan(bytes, from, block.to(), width, limit);
    block.take(end);
    line += lines;
    if (cells.rows === 0) {
      if (stop === "long") throw tooLong(at(line), width, found);
      return stop;
    }
    needed = 0;
    if (cells.rows > hard * 4) hard = 1;
    let current: Cells | undefined = cells;
    return {
      cells() {
        const fresh = current;
        current = undefined;
        return fresh ?? reading.again.scan(bytes, from, end, width, cells.rows).cells;
      },
      lineOf: (row) => first + countLines(bytes, reading.newline, from, cells.starts[row * width] ?? end),
    };
  }

  /** Has papaparse read some rows; undefined if none is whole. */
  function general(reading: Reading, width: number, limit: number): Stretch | undefined {
    const whole = final && !block.broken();
    const most = Math.min(limit, hard);
    hard = Math.min(hard * 2, maxPapaparseRows);
    const { rows, lines, bytes, read, unclosed } = reading.general.parse(
      block.bytes(),
      block.from(),
      block.to(),
      most,
      whole,
    );
    const first = line;
    block.take(block.from() + bytes);
    line += read;
    if (bytes > 0) needed = 0;
    const long = rows.findIndex((row) => row.length > width);
    if (unclosed !== undefined) failed = notClosed(at(first + unclosed));
    if (long !== -1) failed = tooLong(at(first + (lines[long] ?? 0)), width, rows[long]?.length ?? 0);
    if (failed !== undefined && (long === 0 || rows.length === 0)) throw failed;
    if (bytes === 0) return undefined;
    const cells = cellsOf(long === -1 ? rows : rows.slice(0, long), width);
    return { cells: () => cells, lineOf: (row) => first + (lines[row] ?? 0) };
  }

  return {
    push: block.push,
    release: block.release,
    end() {
      final = true;
      block.end();
    },
    first(take) {
      while (ready()) {
        const reading = begin();
        if (reading === undefined || block.from() === block.to()) return wait();
        const [bytes, from] = [block.bytes(), block.from()];
        const found = reading.general.parse(bytes, from, block.to(), 1, final && !block.broken());
        const row = found.rows[0];
        if (row === undefined && found.unclosed !== undefined) throw notClosed(at(line + found.unclosed));
        if (found.bytes === 0) return wait();
        const begins = line + (found.lines[0] ?? 0);
        if (row === undefined || take) {
          block.take(from + found.bytes);
          line += found.read;
          needed = 0;
        }
        if (row !== undefined) return { row, line: begins };
      }
      return undefined;
    },
    next(width, limit) {
      while (ready()) {
        const reading = begin();
        if (reading === undefined || block.from() === block.to()) return wait();
        const scanned = plain ? scan(reading, width, limit) : "hard";
        if (typeof scanned === "object") return scanned;
        // At the end, a row that is not whole is a quote that is not closed.
        const last = scanned === "more" && final && block.from() < block.to();
        if (scanned !== "hard" && !last) {
          if (block.from() < block.to()) return wait();
          continue;
        }
        const stretch = general(reading, width, limit);
        if (stretch === undefined) return wait();
        if (stretch.cells().rows > 0) return stretch;
      }
      return undefined;
    },
    line: () => line,
  };
}
