import Papa, { type ParseResult } from "papaparse";
import { type ByteDialect, lineFeed } from "./scan.ts";

/** Rows that papaparse has read. */
export interface PapaparseRows {
  readonly rows: readonly (readonly string[])[];
  /** For each row on which line it begins, counted from 0. */
  readonly lines: readonly number[];
  /** How many bytes were read. */
  readonly bytes: number;
  /** How many lines. */
  readonly read: number;
  /** On which line, counted from 0, a quote opens after these rows that is not closed as it should. */
  readonly unclosed?: number;
}

/** Reads rows that only papaparse can read. */
export interface PapaparseParser {
  /**
   * Reads rows from one position up to another.
   *
   * @param bytes The bytes, in valid UTF-8.
   * @param from Where a row begins.
   * @param to Up to where there are bytes.
   * @param limit How many rows to read at most.
   * @param final Whether no more bytes follow; they end with a line end.
   *
   * @returns The rows that are whole, without blank ones.
   */
  parse(bytes: Uint8Array, from: number, to: number, limit: number, final: boolean): PapaparseRows;
}

/** A row is looked for in so many bytes first. */
const firstLook = 4096;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Creates the parser for whatever takes more than cutting: quotes within quotes, spaces after them, quotes that are
 * not closed. It decides what is right.
 *
 * @param sep The separator, any character.
 * @param newline The byte that ends a line.
 *
 * @returns The parser.
 */
export function createPapaparseParser(sep: string, newline: ByteDialect["newline"]): PapaparseParser {
  const dialect: Dialect = { delimiter: sep, newline: newline === lineFeed ? "\n" : "\r" };
  return {
    parse(bytes, from, to, limit, final) {
      for (let size = firstLook * limit; ; size *= 4) {
        const end = Math.min(from + size, to);
        // A character that is cut is in the last row, which is not whole.
        const text = decoder.decode(bytes.subarray(from, end));
        const result = parse({ ...dialect, preview: limit }, text, true);
        const error = result.errors.find(({ row = 0 }) => row < result.data.length);
        if (error !== undefined) return upTo(error.row ?? 0, error.index ?? 0, text, dialect);
        if (result.data.length > 0) return finish(result, text, dialect);
        if (end < to) continue;
        if (!final) return nothing;
        const wrong = parse(dialect, text, false).errors[0];
        return wrong === undefined ? nothing : upTo(0, wrong.index ?? 0, text, dialect);
      }
    },
  };
}

const nothing: PapaparseRows = { rows: [], lines: [], bytes: 0, read: 0 };

interface Dialect {
  readonly delimiter: string;
  readonly newline: "\n" | "\r";
}

/** The rows before one with an error. */
function upTo(row: number, index: number, text: string, dialect: Dialect): PapaparseRows {
  const before = row === 0 ? nothing : finish(parse({ ...dialect, preview: row }, text, true), text, dialect);
  return { ...before, unclosed: count(text.slice(0, index), dialect.newline) };
}

function parse(config: Dialect & { readonly preview?: number }, text: string, ignoreLastRow: boolean) {
  // In its fast mode papaparse reads one row more than the preview says.
  return new Papa.Parser({ ...config, fastMode: false }).parse(text, 0, ignoreLastRow) as ParseResult<string[]>;
}

function finish({ data, meta }: ParseResult<string[]>, all: string, dialect: Dialect): PapaparseRows {
  const text = all.slice(0, meta.cursor);
  const wasQuoted = text.includes('"') ? quotedLast(text, dialect) : () => false;
  const returns = dialect.newline === "\n" && text.includes("\r");
  const rows: string[][] = [];
  const lines: number[] = [];
  let read = 0;
  data.forEach((row, i) => {
    const begins = read++;
    for (const cell of row) read += count(cell, dialect.newline);
    const last = row.at(-1) ?? "";
    if (row.length === 1 && last.trim() === "" && !wasQuoted(i, last)) return;
    if (returns && last.endsWith("\r") && !wasQuoted(i, last)) row[row.length - 1] = last.slice(0, -1);
    rows.push(row);
    lines.push(begins);
  });
  return { rows, lines, bytes: encoder.encode(text).length, read };
}

/**
 * Tells whether the last cell of a row was in quotes, which papaparse does not: only then its CR, or its emptiness,
 * is data. Few texts ever ask, so the positions of the rows are found when the first row does.
 */
function quotedLast(text: string, dialect: Dialect): (row: number, cell: string) => boolean {
  let ends: number[] | undefined;
  return (row, cell) => {
    if (ends === undefined) {
      const found: number[] = [];
      new Papa.Parser({ ...dialect, step: ({ meta }) => found.push(meta.cursor) }).parse(text, 0, false);
      ends = found;
    }
    const raw = text.slice(ends[row - 1] ?? 0, (ends[row] ?? 0) - 1);
    const before = raw.slice(0, raw.length - cell.length);
    const plain = !cell.startsWith('"') && raw.endsWith(cell) && (before === "" || before.endsWith(dialect.delimiter));
    return !plain;
  };
}

function count(text: string, newline: string): number {
  let found = 0;
  for (let at = text.indexOf(newline); at !== -1; at = text.indexOf(newline, at + 1)) found++;
  return found;
}
