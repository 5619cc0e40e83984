import Papa, { type ParseResult } from "papaparse";
import { LaunchpadError } from "../../errors.ts";

/** Rows that have been read, each with the line of the file on which it begins. */
export interface Rows {
  readonly cells: readonly string[][];
  readonly lines: readonly number[];
}

/** Turns text, cut anywhere, into rows. */
export interface RowParser {
  /** The rows that end in the text so far. */
  push(text: string): Rows;
  /** The rows that are left when there is no more text. */
  end(): Rows;
  /** The line of the file on which the next row begins. */
  line(): number;
}

/** How the text is cut into rows. */
export interface ParseOptions {
  readonly sep: string;
  /** How many lines of the file to pass over at its start. */
  readonly skiprows: number;
}

const nothing: Rows = { cells: [], lines: [] };

/** A row of this many characters is a quote that was never closed rather than data. */
const longestRow = 2 ** 26;

/**
 * Creates a parser of CSV text that comes in pieces. Papaparse's low-level parser reads whole rows; what is left of a
 * piece is carried over to the next. Lines end with LF, CRLF or CR; blank ones are passed over.
 *
 * @param options How the text is cut into rows.
 * @param at Creates the beginning of a message about a line.
 *
 * @returns A parser; its methods throw DATA_INVALID for a quote that is not closed.
 */
export function createRowParser(options: ParseOptions, at: (line: number) => string): RowParser {
  const { sep } = options;
  let pending = "";
  let newline: "\n" | "\r" | undefined;
  let line = 1;
  let toSkip = options.skiprows;
  /** Without a row in so much text there is no use in looking again before it has doubled. */
  let needed = 0;

  function take(final: boolean): Rows {
    newline ??= findNewline(pending, toSkip > 0) ?? (final ? "\n" : undefined);
    if (newline === undefined) return wait();
    // What ends without a line end is read as if it had one: then a last CR is seen as part of it.
    if (final && pending !== "" && !pending.endsWith(newline)) pending += newline;
    while (toSkip > 0) {
      const end = pending.indexOf(newline);
      if (end === -1) return wait();
      pending = pending.slice(end + 1);
      line++;
      toSkip--;
    }
    const { data, errors, meta } = parse({ delimiter: sep, newline }, pending, !final);
    // An error in the row that is not whole yet may be gone when it is.
    const error = errors.find(({ row }) => final || (row ?? 0) < data.length);
    if (error !== undefined) throw unclosed(at(line + count(pending.slice(0, error.index), newline)));
    const text = pending;
    // The end of the text is no row.
    if (final) data.pop();
    else if (meta.cursor === 0) return wait();
    pending = final ? "" : text.slice(meta.cursor);
    needed = 0;
    return finish(data, text, newline);
  }

  function wait(): Rows {
    if (pending.length > longestRow) throw unclosed(at(line));
    needed = pending.length * 2;
    return nothing;
  }

  function finish(data: string[][], text: string, newline: "\n" | "\r"): Rows {
    const quotes = text.includes('"');
    const wasQuoted = quotes ? quotedLast(text, { delimiter: sep, newline }) : () => false;
    const carriage = newline === "\n" && text.includes("\r");
    const cells: string[][] = [];
    const lines: number[] = [];
    for (let i = 0; i < data.length; i++) {
      const row = data[i] ?? [];
      const begins = line;
      line++;
      if (quotes) for (const cell of row) line += count(cell, newline);
      const last = row.at(-1) ?? "";
      if (row.length === 1 && last.trim() === "" && !wasQuoted(i, last)) continue;
      if (carriage && last.endsWith("\r") && !wasQuoted(i, last)) row[row.length - 1] = last.slice(0, -1);
      cells.push(row);
      lines.push(begins);
    }
    return { cells, lines };
  }

  return {
    push(text) {
      pending += text;
      return pending.length < needed ? nothing : take(false);
    },
    end: () => take(true),
    line: () => line,
  };
}

interface Dialect {
  readonly delimiter: string;
  readonly newline: "\n" | "\r";
}

function parse(dialect: Dialect, text: string, ignoreLastRow: boolean): ParseResult<string[]> {
  return new Papa.Parser(dialect).parse(text, 0, ignoreLastRow);
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

/** How the first line ends; undefined if that cannot be told from this text. */
function findNewline(text: string, plain: boolean): "\n" | "\r" | undefined {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"' && !plain) quoted = !quoted;
    else if (quoted) continue;
    else if (char === "\n") return "\n";
    else if (char === "\r") return i + 1 === text.length ? undefined : text[i + 1] === "\n" ? "\n" : "\r";
  }
  return undefined;
}

function count(text: string, newline: string): number {
  let found = 0;
  for (let at = text.indexOf(newline); at !== -1; at = text.indexOf(newline, at + 1)) found++;
  return found;
}

function unclosed(where: string): LaunchpadError {
  const advice = 'A quote within a quoted value is written twice ("")';
  return new LaunchpadError("DATA_INVALID", `${where}: a quote opens here that is not closed. ${advice}`);
}
