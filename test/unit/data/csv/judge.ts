import Papa from "papaparse";
import { type CsvOptions, dtypeOf, missingIn } from "../../../../src/data/csv/options.ts";
import { type TypedColumn, textColumn } from "../../../../src/data/frame/column.ts";
import { uniqueNames } from "../../../../src/data/frame/column-names.ts";
import {
  booleans,
  type CellFormat,
  integerText,
  leadingZero,
  parseColumn,
  parseNumber,
} from "../../../../src/data/frame/infer.ts";
import type { DType } from "../../../../src/data/types.ts";

/*
 * Reads a whole CSV text at once, with papaparse and a string for every cell: slow, and plain enough to be the judge of
 * the reader that works on bytes.
 */

/** What there is to compare. */
export type Verdict =
  | { readonly names: readonly string[]; readonly dtypes: Record<string, DType>; readonly columns: unknown[][] }
  | { readonly line: number | undefined; readonly about: RegExp };

interface Dialect {
  readonly delimiter: string;
  readonly newline: "\n" | "\r";
}

/** What ends reading, and where. */
class Fault extends Error {
  readonly line: number | undefined;
  readonly about: RegExp;
  constructor(line: number | undefined, about: RegExp) {
    super(String(about));
    this.line = line;
    this.about = about;
  }
}

/**
 * Reads a CSV text.
 *
 * @param whole The text, without a byte order mark.
 * @param options How it is read.
 *
 * @returns The table, or what is wrong with it first.
 */
export function judge(whole: string, options: CsvOptions): Verdict {
  try {
    return read(whole, options);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { line: thrown.line, about: thrown.about };
  }
}

function read(whole: string, options: CsvOptions): Verdict {
  let left = options.nrows;
  let names: readonly string[] | undefined;
  let cells: string[][] = [];
  for (const { row, line } of rowsOf(whole, options)) {
    if (names === undefined) {
      const found = options.header ? row.map((name, i) => (name === "" ? `Unnamed: ${i}` : name)) : undefined;
      const given = options.names ?? found ?? row.map((_, i) => String(i));
      if (found !== undefined && found.length !== given.length) throw new Fault(line, /options\.names/);
      names = uniqueNames(given);
      for (const column of options.usecols ?? []) {
        const known = typeof column === "string" ? names.includes(column) : column < names.length;
        if (!known) throw new Fault(undefined, /no column/);
      }
      cells = names.map(() => []);
      if (left === 0) break;
      if (options.header) continue;
    }
    if (row.length > names.length) throw new Fault(line, /cells expected/);
    for (const [i, name] of names.entries()) {
      const text = row[i] ?? "";
      cells[i]?.push(text);
      const dtype = wanted(options, name, i) ? dtypeOf(options, name) : undefined;
      if (dtype === undefined) continue;
      parseColumn([text], dtype, formatOf(options, name), () => {
        throw new Fault(line, new RegExp(`${dtype} expected`));
      });
    }
    // What follows is not read.
    left -= 1;
    if (left === 0) break;
  }
  if (names === undefined) throw new Fault(undefined, /the file is empty/);
  const kept = [...names.keys()].filter((i) => wanted(options, names?.[i] ?? "", i));
  const columns = kept.map((i) => {
    const name = names?.[i] ?? "";
    const dtype = dtypeOf(options, name);
    const texts = cells[i] ?? [];
    if (dtype === undefined) return inferColumn(texts, formatOf(options, name));
    return parseColumn(texts, dtype, formatOf(options, name), () => {
      throw new Error("it has been checked");
    });
  });
  const kinds = kept.map((i, at) => [names?.[i] ?? "", columns[at]?.dtype ?? "str"] as const);
  return {
    names: kinds.map(([name]) => name),
    dtypes: Object.fromEntries(kinds),
    columns: columns.map(({ values }) => Array.from<unknown>(values)),
  };
}

function wanted({ usecols }: CsvOptions, name: string, index: number): boolean {
  return usecols === undefined || usecols.includes(name) || usecols.includes(index);
}

function formatOf(options: CsvOptions, name: string): CellFormat {
  return { missing: missingIn(options, name), decimal: options.decimal };
}

/** The rows that are not blank, each with its line; throws where a quote is wrong, after the rows before. */
function* rowsOf(whole: string, { sep, skiprows }: CsvOptions) {
  const newline = findNewline(whole, skiprows > 0) ?? "\n";
  let text = whole === "" || whole.endsWith(newline) ? whole : whole + newline;
  for (let skipped = 0; skipped < skiprows; skipped++) {
    const end = text.indexOf(newline);
    if (end === -1) return;
    text = text.slice(end + 1);
  }
  const dialect = { delimiter: sep, newline };
  const { data, errors } = new Papa.Parser(dialect).parse(text, 0, false) as Papa.ParseResult<string[]>;
  const wasQuoted = quotedLast(text, dialect);
  const wrong = errors[0];
  let line = skiprows + 1;
  for (const [i, row] of data.entries()) {
    if (i === wrong?.row) {
      throw new Fault(skiprows + 1 + count(text.slice(0, wrong.index), newline), /a quote opens here/);
    }
    // The end of the text is no row.
    if (i === data.length - 1) return;
    const begins = line++;
    for (const cell of row) line += count(cell, newline);
    const last = row.at(-1) ?? "";
    if (row.length === 1 && last.trim() === "" && !wasQuoted(i, last)) continue;
    if (newline === "\n" && last.endsWith("\r") && !wasQuoted(i, last)) row[row.length - 1] = last.slice(0, -1);
    yield { row, line: begins };
  }
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

/**
 * Creates a column from the texts of its cells, of the narrowest dtype that takes them all, as pandas chooses it.
 * Integers that no number holds exactly become bigints; where those cannot be either (there are missing values, or
 * one has more than 64 bits), they stay text.
 *
 * @param cells The texts.
 * @param format How they are read.
 *
 * @returns The column: `str` if there are no cells, `float64` if all of them are missing.
 */
function inferColumn(cells: readonly string[], format: CellFormat): TypedColumn {
  if (cells.length === 0) return textColumn([]);
  return (
    inferNumbers(cells, format) ??
    inferBooleans(cells, format) ??
    parseColumn(cells, "str", format, () => {
      throw new Error("all are texts");
    })
  );
}

function inferNumbers(cells: readonly string[], { missing, decimal }: CellFormat): TypedColumn | undefined {
  const values = new Float64Array(cells.length);
  let [gaps, whole, exact] = [false, true, true];
  for (let i = 0; i < cells.length; i++) {
    const text = cells[i] ?? "";
    if (missing.has(text)) {
      values[i] = Number.NaN;
      gaps = true;
      continue;
    }
    const value = parseNumber(text, decimal);
    if (value === undefined || leadingZero.test(text)) return undefined;
    values[i] = value;
    if (!whole) continue;
    if (!integerText.test(text)) whole = false;
    else if (!Number.isSafeInteger(value)) exact = false;
  }
  if (!whole || (gaps && exact)) return { dtype: "float64", values };
  // An integer has no negative zero.
  if (exact) return { dtype: "int64", values: values.map((value) => value + 0) };
  return gaps ? undefined : inferBigInts(cells);
}

function inferBigInts(cells: readonly string[]): TypedColumn | undefined {
  const values = new BigInt64Array(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const integer = BigInt((cells[i] ?? "").replace("+", ""));
    if (BigInt.asIntN(64, integer) !== integer) return undefined;
    values[i] = integer;
  }
  return { dtype: "int64", values };
}

function inferBooleans(cells: readonly string[], { missing }: CellFormat): TypedColumn | undefined {
  const values: (boolean | null)[] = [];
  for (const text of cells) {
    const value = missing.has(text) ? null : booleans.get(text);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { dtype: "bool", values: Object.freeze(values) };
}
