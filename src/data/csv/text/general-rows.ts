import type { Dialect } from "./dialect.ts";
import { type Tokenized, tokenize } from "./tokenize.ts";

/** Rows that were read from text. */
export interface GeneralRows extends Omit<Tokenized, "end"> {
  /** How many bytes were read. */
  readonly bytes: number;
}

/** Reads rows that take more than cutting: quotes within quotes, text behind them, escapes, comments. */
export interface GeneralParser {
  /**
   * Reads rows from one position up to another.
   *
   * @param bytes The bytes, in valid UTF-8.
   * @param from Where a row begins.
   * @param to Up to where there are bytes.
   * @param limit How many rows to read at most.
   * @param first How many lines there were before.
   * @param final Whether no more bytes follow; they end with a line end.
   *
   * @returns The rows that are whole, without blank ones.
   */
  parse(bytes: Uint8Array, from: number, to: number, limit: number, first: number, final: boolean): GeneralRows;
}

/** A row is looked for in so many bytes first. */
const firstLook = 4096;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Creates the parser for whatever takes more than cutting. It decides what is right.
 *
 * @param dialect How the text is cut.
 *
 * @returns The parser.
 */
export function createGeneralParser(dialect: Dialect): GeneralParser {
  return {
    parse(bytes, from, to, limit, first, final) {
      for (let size = firstLook * Math.min(limit, 1024); ; size *= 4) {
        const end = Math.min(from + size, to);
        // A character that is cut is in the last row, which is not whole.
        const text = decoder.decode(bytes.subarray(from, end));
        const { unclosed, ...found } = tokenize(text, dialect, limit, first);
        const whole = end === to;
        if (found.rows.length === 0 && !whole) continue;
        const read = { ...found, bytes: encoder.encode(text.slice(0, found.end)).length };
        // Perhaps it is closed by what follows.
        return { ...read, unclosed: whole && final && found.rows.length < limit ? unclosed : undefined };
      }
    },
  };
}
