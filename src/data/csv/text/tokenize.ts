import type { Dialect } from "./dialect.ts";

/** What was found in a piece of text. */
export interface Tokenized {
  readonly rows: readonly (readonly string[])[];
  /** For each row on which line of the text it begins, counted from 0. */
  readonly lines: readonly number[];
  /** How far the text was read: up to the end of the last line that is whole. */
  readonly end: number;
  /** How many lines ended there, those in quotes included. */
  readonly read: number;
  /** How many lines ended there that count for `skipLines`. */
  readonly records: number;
  /** On which line a quote opens that is not closed, where the text ends in it. */
  readonly unclosed: number | undefined;
}

/** Where the reading of a row is, as in the tokenizer of pandas, whose results these are. */
type State = "start" | "field" | "quoted" | "closed" | "comment";

/**
 * Cuts text into rows of cells, as pandas does. Text behind a closing quote is part of the cell.
 *
 * @param text The text, from the start of a row.
 * @param dialect How it is cut.
 * @param limit How many rows to read at most.
 * @param first How many lines there were before that count for `skipLines`.
 *
 * @returns The rows that are whole.
 */
export function tokenize(text: string, dialect: Dialect, limit: number, first: number): Tokenized {
  const { newline, skipBlank, skipLines, comment } = dialect;
  const rows: string[][] = [];
  const lines: number[] = [];
  let [end, read, records] = [0, 0, 0];
  let unclosed: number | undefined;

  /** Passes over the rest of a line that is none of the table; false if it is not whole. */
  function passOver(plain: boolean): boolean {
    const at = plain ? text.indexOf(newline, end) : endOfLine(text, end, dialect);
    if (at === -1) return false;
    read += count(text.slice(end, at + 1), newline);
    end = at + 1;
    records++;
    return true;
  }

  while (rows.length < limit && end < text.length) {
    if (skipLines.has(first + records)) {
      if (!passOver(false)) break;
      continue;
    }
    const blank = skipBlank ? blankUntil(text, end, dialect) : end;
    if (blank === text.length) break;
    if (skipBlank && isEnd(text, blank, newline)) {
      if (!passOver(true)) break;
      continue;
    }
    if (comment !== undefined && text[end] === comment) {
      if (!passOver(true)) break;
      continue;
    }
    const row: string[] = [];
    const found = dialect.pattern === undefined ? readRow(text, end, dialect, row) : splitRow(text, end, dialect, row);
    if (found.unclosed !== undefined) unclosed = read + count(text.slice(end, found.unclosed), newline);
    if (found.end === -1) break;
    if (!(dialect.pattern && skipBlank && row.every((cell) => cell === ""))) {
      rows.push(row);
      lines.push(read);
    }
    read += count(text.slice(end, found.end), newline);
    end = found.end;
    records++;
  }
  return { rows, lines, end, read, records, unclosed };
}

/** The position behind the row, -1 if it is not whole; and where the quote opens in which the text ends. */
interface RowEnd {
  readonly end: number;
  readonly unclosed?: number;
}

function readRow(text: string, start: number, dialect: Dialect, row: string[]): RowEnd {
  const { sep, newline, quote, doubled, escape: escapeSign, comment, skipSpace } = dialect;
  const blanks = sep === undefined;
  let state: State = "start";
  let opened = start;
  let i = start;
  /** What the cell has so far, and where the text begins that goes on with it: adding sign by sign would take far longer. */
  let cell = "";
  let from = -1;
  const endText = (at: number) => {
    if (from !== -1) cell += text.slice(from, at);
    from = -1;
  };
  const endCell = (at: number) => {
    endText(at);
    row.push(cell);
    cell = "";
    state = "start";
  };
  if (blanks) while (isBlank(text[i])) i++;
  if (comment !== undefined && text[i] === comment) state = "comment";
  // A line of nothing has no cells, where blank lines count.
  if (isEnd(text, i, newline)) return { end: text.indexOf(newline, i) + 1 };
  for (; i < text.length; i++) {
    const char = text[i] as string;
    if (state === "quoted") {
      if (char === escapeSign) {
        endText(i);
        if (i + 1 === text.length) break;
        from = ++i;
      } else if (char === quote) {
        endText(i);
        state = doubled ? "closed" : "field";
      } else {
        if (from === -1) from = i;
        if (escapeSign !== undefined) continue;
        const closing = text.indexOf(quote as string, i + 1);
        if (closing === -1) break;
        i = closing - 1;
      }
      continue;
    }
    if (isEnd(text, i, newline)) {
      if (state !== "comment") endCell(i);
      return { end: text.indexOf(newline, i) + 1 };
    }
    if (state === "comment") continue;
    if (state === "closed" && char === quote) {
      from = i;
      state = "quoted";
    } else if (state === "start" && char === quote) {
      state = "quoted";
      opened = i;
    } else if (char === escapeSign && state !== "closed") {
      endText(i);
      if (i + 1 === text.length) break;
      from = ++i;
      state = "field";
    } else if (state === "start" && skipSpace && char === " ") {
      // It is no part of the cell.
    } else if (blanks ? isBlank(char) : char === sep) {
      endCell(i);
      if (!blanks) continue;
      while (isBlank(text[i + 1])) i++;
      if (i + 1 === text.length) break;
      if (isEnd(text, i + 1, newline)) return { end: text.indexOf(newline, i + 1) + 1 };
      if (text[i + 1] === comment) state = "comment";
    } else if (char === comment && state !== "closed") {
      endCell(i);
      state = "comment";
    } else {
      if (from === -1) from = i;
      state = "field";
    }
  }
  return { end: -1, ...(state === "quoted" && { unclosed: opened }) };
}

/** A row cut by a regular expression: as in pandas, white space around the line does not count, and quotes are data. */
function splitRow(text: string, start: number, { newline, pattern, comment }: Dialect, row: string[]): RowEnd {
  const at = text.indexOf(newline, start);
  if (at === -1) return { end: -1 };
  const line = text.slice(start, at).trim();
  const from = comment === undefined ? -1 : line.indexOf(comment);
  for (const cell of (from === -1 ? line : line.slice(0, from)).split(pattern as RegExp)) row.push(cell ?? "");
  return { end: at + 1 };
}

/** Whether a line ends here: a CR is part of the LF behind it, and data elsewhere. */
function isEnd(text: string, at: number, newline: string): boolean {
  const char = text[at];
  return char === newline || (newline === "\n" && char === "\r" && text[at + 1] === "\n");
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t";
}

function blankUntil(text: string, from: number, { sep }: Dialect): number {
  let at = from;
  while (isBlank(text[at]) && text[at] !== sep) at++;
  return at;
}

/** Where a line ends that is passed over: not within quotes. */
function endOfLine(text: string, from: number, { quote, newline, sep }: Dialect): number {
  let quoted = false;
  let begins = true;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (quoted) quoted = char !== quote;
    else if (char === newline) return i;
    else if (char === quote && quote !== undefined && (begins || text[i - 1] === quote)) quoted = true;
    begins = char === sep;
  }
  return -1;
}

function count(text: string, newline: string): number {
  let found = 0;
  for (let at = text.indexOf(newline); at !== -1; at = text.indexOf(newline, at + 1)) found++;
  return found;
}
