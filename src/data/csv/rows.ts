import type { LaunchpadError } from "../../errors.ts";
import { createByteBuffer } from "./byte-buffer.ts";
import { type Cells, cellsOf, type Stretch } from "./cells.ts";
import { endless, notClosed, notUtf8, tooLong } from "./errors.ts";
import { countLines, findNewline } from "./lines.ts";
import { dialectOf, isPlain } from "./options/derived.ts";
import type { CsvOptions } from "./options.ts";
import { createScanner, lineFeed, type Scanner, type Stop } from "./scan.ts";
import { createGeneralParser, type GeneralParser } from "./text/general-rows.ts";

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

/** So many rows are read by the general way at once where all of them need it. */
const maxGeneralRows = 1024;

/** The three bytes that some programs put at the start of a file in UTF-8. */
const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/** How the file is cut into rows, which its first line tells. */
interface Reading {
  readonly newline: number;
  readonly scanner: Scanner;
  /** Looks again at what the scanner found before. */
  readonly again: Scanner;
  readonly general: GeneralParser;
}

/**
 * Creates a reader of the rows of a CSV file. Rows that only have to be cut are found in the bytes; others are read
 * by the general way. Lines end with LF, CRLF or CR; blank ones are passed over.
 *
 * @param options How the file is read.
 * @param at Creates the beginning of a message about a line.
 * @param onBadLine Is told of the lines with too many cells that are passed over.
 *
 * @returns A reader; its methods throw DATA_INVALID for a quote that is not closed, a row with too many cells, and
 * bytes that are not UTF-8.
 */
export function createRowReader(
  options: CsvOptions,
  at: (line: number) => string,
  onBadLine: (line: number, found: number) => void = () => {},
): RowReader {
  const { sep } = options;
  const block = createByteBuffer();
  const plain = isPlain(options);
  let reading: Reading | undefined;
  let marked = false;
  let final = false;
  let toSkip = typeof options.skiprows === "number" ? options.skiprows : 0;
  let line = 1;
  /** How many lines have been read that count for `skiprows`. */
  let records = 0;
  let failed: LaunchpadError | undefined;
  /** Without a row in so many bytes there is no use in looking again before they have doubled. */
  let needed = 0;
  /** How many rows the general way is given. */
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
      const told = options.lineterminator?.charCodeAt(0);
      const quotes = toSkip === 0 && options.quotechar === '"' && options.quoting !== 3;
      const found = told ?? findNewline(block.bytes(), block.from(), block.to(), !quotes);
      const newline = found ?? (final ? lineFeed : undefined);
      if (newline === undefined) return undefined;
      const dialect = { sep: (sep ?? ",").charCodeAt(0), newline };
      const general = createGeneralParser(dialectOf(options, String.fromCharCode(newline)));
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
      records++;
    }
    return reading;
  }

  /** Says that nothing can be read from the bytes so far, unless nothing ever will. */
  function wait(): undefined {
    const [from, to] = [block.from(), block.to()];
    if (block.broken()) throw notUtf8(at(line + countLines(block.bytes(), reading?.newline ?? lineFeed, from, to)));
    if (to - from > maxRowBytes) {
      const unclosed = reading?.general.parse(block.bytes(), from, to, 1, records, true).unclosed;
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

  /** Reads some rows the general way; undefined if none is whole. */
  function general(reading: Reading, width: number, limit: number): Stretch | undefined {
    const whole = final && !block.broken();
    const most = Math.min(limit, hard);
    hard = Math.min(hard * 2, maxGeneralRows);
    const parsed = reading.general.parse(block.bytes(), block.from(), block.to(), most, records, whole);
    const { bytes, read, unclosed } = parsed;
    let { rows, lines } = parsed;
    const first = line;
    block.take(block.from() + bytes);
    line += read;
    records += parsed.records;
    if (bytes > 0) needed = 0;
    if (options.on_bad_lines !== "error" && rows.some((row) => row.length > width)) {
      rows.forEach((row, at) => {
        if (row.length > width) onBadLine(first + (lines[at] ?? 0), row.length);
      });
      lines = lines.filter((_, at) => (rows[at]?.length ?? 0) <= width);
      rows = rows.filter((row) => row.length <= width);
    }
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
        const found = reading.general.parse(bytes, from, block.to(), 1, records, final && !block.broken());
        const row = found.rows[0];
        if (row === undefined && found.unclosed !== undefined) throw notClosed(at(line + found.unclosed));
        if (found.bytes === 0) return wait();
        const begins = line + (found.lines[0] ?? 0);
        if (row === undefined || take) {
          block.take(from + found.bytes);
          line += found.read;
          records += found.records;
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
