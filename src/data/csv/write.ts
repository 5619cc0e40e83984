import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import type { Cell, DType, Frame } from "../types.ts";
import { formatDate } from "./dates/format-date.ts";
import type { CsvSinkOptions } from "./options/sink-options.ts";

/** So many rows are written at once. */
const rowsAtOnce = 10_000;

/**
 * Creates the text of a CSV file from frames, as pandas' `to_csv(index=False)` writes it: numbers of a `float64`
 * column have a decimal point or an exponent, missing values are empty, lines end with LF.
 *
 * @param frames Frames with the same columns.
 * @param options How cells and lines are written.
 *
 * @returns The text in pieces, one for each frame, or for each part of a large one.
 */
export async function* writeCsv(frames: AsyncIterable<Frame>, options: CsvSinkOptions): AsyncGenerator<string> {
  let header = options.header !== false;
  let row = 0;
  for await (const whole of frames) {
    const frame = options.columns === undefined ? whole : whole.select(...options.columns);
    if (Array.isArray(options.header) && options.header.length !== frame.names.length) {
      const message = `as many names as columns expected (options.header): ${frame.names.length}, found ${options.header.length}`;
      throw new LaunchpadError("DATA_INVALID", message);
    }
    for (const part of partsOf(frame)) {
      const text = textOf(part, options, header, row);
      header = false;
      row += part.length;
      if (text !== "") yield text;
    }
  }
}

/** A large frame in parts, of which only one at a time is made strings. */
function* partsOf(frame: Frame): Generator<Frame> {
  if (frame.length <= rowsAtOnce) yield frame;
  else for (let start = 0; start < frame.length; start += rowsAtOnce) yield frame.slice(start, start + rowsAtOnce);
}

function textOf(frame: Frame, options: CsvSinkOptions, header: boolean, first: number): string {
  const { index, lineterminator: newline } = options;
  const cell = cellWriter(options);
  const single = frame.names.length + Number(index) === 1;
  const lines: string[] = [];
  if (header && frame.names.length > 0) lines.push(headerLine(frame.names, options));
  const columns = frame.names.map((name) => {
    const dtype = frame.dtypes[name] ?? "str";
    const values = frame.column(name);
    const format = formats[dtype];
    const isText = dtype === "str" || dtype === "datetime" || dtype === "bool";
    return (row: number) => {
      const value = values[row] ?? null;
      const missing = value === null || Number.isNaN(value);
      return cell(missing ? options.na_rep : format(value, options), missing || isText, single);
    };
  });
  for (let i = 0; i < frame.length; i++) {
    const cells = columns.map((at) => at(i));
    lines.push((index ? [cell(String(first + i), false, single), ...cells] : cells).join(options.sep));
  }
  return lines.length > 0 ? `${lines.join(newline)}${newline}` : "";
}

/**
 * Creates the line with the names of the columns.
 *
 * @param columns The names of the columns of a frame.
 * @param options How cells and lines are written.
 *
 * @returns The line, without its end.
 */
export function headerLine(columns: readonly string[], options: CsvSinkOptions): string {
  const { header, index, index_label: label, sep } = options;
  const cell = cellWriter(options);
  const names = Array.isArray(header) ? (header as readonly string[]) : columns;
  const single = columns.length + Number(index) === 1;
  return [...(index ? [label] : []), ...names].map((name) => cell(name, true, single)).join(sep);
}

/** Writes a cell as Python's `csv` does; in quotes, too, where it would be read as a blank line or a byte order mark. */
function cellWriter(options: CsvSinkOptions): (text: string, isText: boolean, single: boolean) => string {
  const { sep, quotechar, quoting, doublequote, escapechar } = options;
  const special = new RegExp(`[\uFEFF${[sep, quotechar, "\r", "\n", ...(escapechar ?? "")].map(escaped).join("")}]`);
  const inside = new RegExp(`[${escaped(quotechar)}${escapechar === undefined ? "" : escaped(escapechar)}]`, "g");
  const plain = new RegExp(`[${[sep, "\r", "\n", quotechar, ...(escapechar ?? "")].map(escaped).join("")}]`, "g");
  return (text, isText, single) => {
    if (quoting === 3) {
      if (!special.test(text)) return text;
      if (escapechar !== undefined) return text.replaceAll(plain, (char) => escapechar + char);
      const message = `a cell without separators and quotes expected (options.quoting: 3), found ${quote(text)}`;
      throw new LaunchpadError("DATA_INVALID", `${message}. Give an escapechar`);
    }
    const needed = special.test(text) || (single && text.trim() === "");
    if (!needed && quoting !== 1 && !(quoting === 2 && isText)) return text;
    const body = text.replaceAll(inside, (char) => {
      if (char === quotechar && doublequote) return quotechar + quotechar;
      if (escapechar !== undefined) return escapechar + char;
      const message = `a cell without quotes expected (options.doublequote: false), found ${quote(text)}`;
      throw new LaunchpadError("DATA_INVALID", `${message}. Give an escapechar`);
    });
    return `${quotechar}${body}${quotechar}`;
  };
}

function escaped(char: string): string {
  return char.replace(/[\\\]^-]/, "\\$&");
}

/** How the values of each dtype are written. */
const formats: Readonly<Record<DType, (cell: Exclude<Cell, null>, options: CsvSinkOptions) => string>> = {
  float64(cell, { float_format: format, decimal }) {
    if (format !== undefined) return format(Number(cell)).replace(".", decimal);
    return formatFloat(Number(cell), decimal);
  },
  int64: String,
  bool: (cell) => (cell ? "True" : "False"),
  str: String,
  datetime(cell, { date_format: format }) {
    if (!(cell instanceof Date)) return String(cell);
    return format === undefined ? cell.toISOString() : formatDate(cell, format);
  },
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
