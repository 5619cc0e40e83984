import Papa from "papaparse";
import type { Cell, DType, Frame } from "../types.ts";
import type { CsvSinkOptions } from "./options.ts";

/** So many rows are written at once. */
const rowsAtOnce = 10_000;

/**
 * Creates the text of a CSV file from frames, as pandas' `to_csv(index=False)` writes it: numbers of a `float64`
 * column have a decimal point or an exponent, missing values are empty, lines end with LF.
 *
 * @param frames Frames with the same columns.
 * @param options The separator, the decimal sign, and whether the first line holds the names.
 *
 * @returns The text in pieces, one for each frame, or for each part of a large one.
 */
export async function* writeCsv(frames: AsyncIterable<Frame>, options: CsvSinkOptions): AsyncGenerator<string> {
  let header = options.header;
  for await (const frame of frames) {
    for (const part of partsOf(frame)) {
      const text = textOf(part, options, header);
      header = false;
      if (text !== "") yield text;
    }
  }
}

/** A large frame in parts, of which only one at a time is made strings. */
function* partsOf(frame: Frame): Generator<Frame> {
  if (frame.length <= rowsAtOnce) yield frame;
  else for (let start = 0; start < frame.length; start += rowsAtOnce) yield frame.slice(start, start + rowsAtOnce);
}

function textOf(frame: Frame, options: CsvSinkOptions, header: boolean): string {
  const rows: string[][] = [];
  if (header && frame.names.length > 0) rows.push([...frame.names]);
  const columns = frame.names.map((name) => {
    const format = formats[frame.dtypes[name] ?? "str"];
    const values = frame.column(name);
    return (row: number) => {
      const cell = values[row] ?? null;
      return cell === null ? "" : format(cell, options.decimal);
    };
  });
  for (let i = 0; i < frame.length; i++) rows.push(columns.map((cell) => cell(i)));
  return rows.length > 0 ? `${unparse(rows, options.sep)}\n` : "";
}

function unparse(rows: string[][], delimiter: string): string {
  const single = rows[0]?.length === 1;
  // A line with one blank cell would be read as a blank line.
  const quotes = (value: unknown) => single && String(value).trim() === "";
  return Papa.unparse(rows, { delimiter, newline: "\n", quotes });
}

/** How the values of each dtype are written. */
const formats: Readonly<Record<DType, (cell: Exclude<Cell, null>, decimal: string) => string>> = {
  float64: (cell, decimal) => formatFloat(Number(cell), decimal),
  int64: String,
  bool: (cell) => (cell ? "True" : "False"),
  str: String,
  datetime: (cell) => (cell instanceof Date ? cell.toISOString() : String(cell)),
};

/** Python's `repr` of a float, which is what pandas writes: the shortest digits that read back the same. */
function formatFloat(value: number, decimal: string): string {
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = "", exponent = ""] = value.toExponential().split("e");
    return `${digits.replace(".", decimal)}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
  }
  const text = Object.is(value, -0) ? "-0" : String(value);
  return Number.isInteger(value) ? `${text}${decimal}0` : text.replace(".", decimal);
}
