import type { SignatureSide } from "../../api/signature.ts";
import { rowOfValues } from "./instances.ts";
import { invalid } from "./invalid.ts";
import { limitRows } from "./max-rows.ts";
import { newRow } from "./new-row.ts";

/**
 * Rows of CSV (RFC 4180). An empty value is what is missing.
 *
 * @param text The CSV.
 * @param inputs What the model takes.
 * @param header Whether the first line has the names of the columns; otherwise values come in the order of the inputs.
 *
 * @returns The rows, in their order: texts, which validation reads.
 *
 * @throws ARGUMENTS_INVALID for lines of different lengths, and for a quotation mark without an end.
 */
export function rowsOfCsv(text: string, inputs: SignatureSide, header: boolean): unknown[] {
  const lines = linesOf(text);
  const [names] = lines;
  if (!header) return lines.map((values, index) => rowOfValues(inputs, present(values), `line ${index + 1}`));
  if (names === undefined) throw invalid("", "expected CSV with a line of names, found nothing");
  if (new Set(names).size < names.length) throw invalid("line 1", "expected no name twice");
  const create = newRow(names);
  return lines.slice(1).map((values, index) => {
    if (values.length !== names.length) {
      throw invalid(`line ${index + 2}`, `expected ${names.length} values, found ${values.length}`);
    }
    const row = create();
    for (const [column, name] of names.entries()) row[name] = values[column] === "" ? null : values[column];
    return row;
  });
}

function present(values: readonly string[]): (string | null)[] {
  return values.map((value) => (value === "" ? null : value));
}

/** The values of each line; quoted ones may hold anything. Empty lines are none. */
function linesOf(text: string): string[][] {
  const lines: string[][] = [];
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line: string[] = [];
  let at = start;
  while (at < text.length) {
    let value: string;
    if (text[at] === '"') {
      const end = endOfQuoted(text, at + 1, lines.length + 1);
      value = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
      if (at < text.length && !/[,\r\n]/.test(text[at] as string)) {
        throw invalid(`line ${lines.length + 1}`, "expected a comma after the quotation mark");
      }
    } else {
      const end = endOfPlain(text, at);
      value = text.slice(at, end);
      at = end;
    }
    line.push(value);
    if (text[at] === ",") {
      at += 1;
      if (at === text.length) line.push("");
      else continue;
    }
    if (line.length > 1 || line[0] !== "") lines.push(line);
    limitRows(lines.length - 1);
    line = [];
    at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
  }
  return lines;
}

function endOfPlain(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2c || code === 0x0a || code === 0x0d) break;
  }
  return at;
}

function endOfQuoted(text: string, start: number, line: number): number {
  for (let at = text.indexOf('"', start); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  throw invalid(`line ${line}`, "expected a quotation mark at the end of a value");
}
