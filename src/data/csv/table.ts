import { LaunchpadError } from "../../errors.ts";
import type { TypedColumn } from "../column.ts";
import { frameOf } from "../frame.ts";
import { hint, quote } from "../hint.ts";
import { inferColumn, parseColumn } from "../infer.ts";
import { uniqueNames } from "../names.ts";
import type { Frame } from "../types.ts";
import { type CsvOptions, dtypeOf, missingIn } from "./options.ts";

/** Collects rows column by column until they are made a frame. */
export interface Table {
  /** Adds a row; the first may be the header. */
  add(row: readonly string[], line: number): void;
  /** How many rows have been collected. */
  length(): number;
  /** The rows so far as a frame; the table is empty afterwards, and knows its columns. */
  flush(): Frame;
}

interface Picked {
  readonly name: string;
  /** The position in a row of the file. */
  readonly index: number;
  cells: string[];
}

/**
 * Creates a table for the rows of one CSV file.
 *
 * @param options How the file is read.
 * @param at Creates the beginning of a message, about a line if one is given.
 *
 * @returns An empty table.
 */
export function createTable(options: CsvOptions, at: (line?: number) => string): Table {
  let width = 0;
  let picked: Picked[] | undefined;
  let lines: number[] = [];
  let length = 0;
  const typed = typeof options.dtype === "string" || Object.keys(options.dtype).length > 0;

  function begin(first: readonly string[], line: number): Picked[] {
    const found = options.header ? first.map((name, i) => (name === "" ? `Unnamed: ${i}` : name)) : undefined;
    const names = options.names ?? found ?? first.map((_, i) => String(i));
    if (found !== undefined && found.length !== names.length) {
      const message = `${names.length} columns expected (options.names), found ${found.length}`;
      throw new LaunchpadError("DATA_INVALID", `${at(line)}: ${message}`);
    }
    const unique = uniqueNames(names);
    width = unique.length;
    const all = unique.map((name, index) => ({ name, index, cells: [] }));
    for (const name of namedIn(options)) if (!unique.includes(name)) throw unknown(name, unique);
    const { usecols } = options;
    return usecols === undefined ? all : all.filter((c) => usecols.includes(c.name) || usecols.includes(c.index));
  }

  function unknown(name: string | number, known: readonly string[]): LaunchpadError {
    const what = typeof name === "number" ? `no column at position ${name}` : `no column ${quote(name)}`;
    return new LaunchpadError("COLUMN_UNKNOWN", `${at()}: ${what}; ${hint(String(name), known)}`);
  }

  function columnOf({ name, cells }: Picked): TypedColumn {
    const format = { missing: missingIn(options, name), decimal: options.decimal };
    const dtype = dtypeOf(options, name);
    if (dtype === undefined) return inferColumn(cells, format);
    return parseColumn(cells, dtype, format, (row, text) => {
      const found = text === "" ? "nothing" : quote(text);
      throw new LaunchpadError(
        "DATA_INVALID",
        `${at(lines[row])}: column ${quote(name)}: ${dtype} expected (options.dtype), found ${found}`,
      );
    });
  }

  return {
    add(row, line) {
      if (picked === undefined) {
        picked = begin(row, line);
        for (const position of options.usecols ?? []) {
          if (typeof position === "number" && position >= width)
            throw unknown(
              position,
              picked.map((c) => c.name),
            );
        }
        if (options.header) return;
      }
      if (row.length > width) {
        const advice = "A cell that holds the separator must be in quotes";
        const message = `${width} cells expected, as many as there are columns, found ${row.length}. ${advice}`;
        throw new LaunchpadError("DATA_INVALID", `${at(line)}: ${message}`);
      }
      for (const column of picked) column.cells.push(row[column.index] ?? "");
      if (typed) lines.push(line);
      length++;
    },
    length: () => length,
    flush() {
      if (picked === undefined) {
        const wanted = options.header ? "a line with the names of the columns" : "at least one row";
        throw new LaunchpadError("DATA_INVALID", `${at()}: the file is empty; ${wanted} expected`);
      }
      const columns = new Map<string, TypedColumn>();
      for (const column of picked) {
        columns.set(column.name, columnOf(column));
        column.cells = [];
      }
      const frame = frameOf(columns, length);
      length = 0;
      lines = [];
      return frame;
    },
  };
}

/** The columns that the options speak of. */
function namedIn({ usecols = [], dtype, na_values }: CsvOptions): string[] {
  return [
    ...usecols.filter((column) => typeof column === "string"),
    ...(typeof dtype === "string" ? [] : Object.keys(dtype)),
    ...(na_values instanceof Set ? [] : Object.keys(na_values)),
  ];
}
