import { LaunchpadError } from "../../errors.ts";
import { optionHint, quote } from "../access/messages.ts";
import type { TypedColumn } from "../frame/column.ts";
import { uniqueNames } from "../frame/column-names.ts";
import { frameOf } from "../frame/frame.ts";
import type { DType, Frame } from "../types.ts";
import { type ColumnBuilder, inferredColumn, type Replay, toldColumn } from "./builder.ts";
import { type Cells, type Stretch, textOf } from "./cells.ts";
import { byteFormat } from "./format.ts";
import { type CsvOptions, dtypeOf, missingIn } from "./options.ts";
import type { FirstRow } from "./rows.ts";

/** Collects rows column by column until they are made a frame. */
export interface Table {
  /** How many cells a row has. */
  readonly width: number;
  /** Adds rows. */
  add(rows: Stretch): void;
  /** How many rows have been collected. */
  length(): number;
  /** The rows so far as a frame; the table is empty afterwards. */
  flush(): Frame;
}

interface Picked {
  readonly name: string;
  /** The position in a row of the file. */
  readonly index: number;
  readonly told: DType | undefined;
  readonly builder: ColumnBuilder;
}

/**
 * Creates a table for the rows of one CSV file.
 *
 * @param first The first row, which holds the names if `header` says so.
 * @param options How the file is read.
 * @param at Creates the beginning of a message, about a line if one is given.
 *
 * @returns An empty table.
 *
 * @throws DATA_INVALID when the names are more or fewer than the columns.
 * @throws COLUMN_UNKNOWN when the options name a column that is not there.
 */
export function createTable(first: FirstRow, options: CsvOptions, at: (line?: number) => string): Table {
  let length = 0;
  /** The rows since the last frame, as long as a column may want to look at them again. */
  let kept: Stretch[] = [];
  const replay: Replay = (show) => {
    for (const rows of kept) show(rows.cells());
  };
  const { names, wanted } = pick(first, options, at);
  const columns = wanted.map(({ name, index }): Picked => {
    const format = byteFormat({ missing: missingIn(options, name), decimal: options.decimal });
    const told = dtypeOf(options, name);
    const builder =
      told === undefined ? inferredColumn(format, index, replay) : toldColumn(told, format, index, replay);
    return { name, index, told, builder };
  });

  function misfit(rows: Stretch, cells: Cells, row: number, { name, index, told }: Picked): LaunchpadError {
    const cell = row * cells.width + index;
    const text = textOf(cells.bytes, cells.starts[cell] ?? 0, cells.ends[cell] ?? 0);
    const found = text === "" ? "nothing" : quote(text);
    const message = `column ${quote(name)}: ${told} expected (options.dtype), found ${found}`;
    return new LaunchpadError("DATA_INVALID", `${at(rows.lineOf(row))}: ${message}`);
  }

  return {
    width: names.length,
    add(rows) {
      const cells = rows.cells();
      let bad: { readonly row: number; readonly column: Picked } | undefined;
      for (const column of columns) {
        const row = column.builder.add(cells);
        if (row < (bad?.row ?? cells.rows)) bad = { row, column };
      }
      if (bad !== undefined) throw misfit(rows, cells, bad.row, bad.column);
      length += cells.rows;
      if (columns.some(({ builder }) => builder.looksBack())) kept.push(rows);
      else kept = [];
    },
    length: () => length,
    flush() {
      const typed = new Map<string, TypedColumn>();
      for (const { name, builder } of columns) typed.set(name, builder.finish());
      const frame = frameOf(typed, length);
      length = 0;
      kept = [];
      return frame;
    },
  };
}

/** Finds out what the columns are called, and which of them are wanted. */
function pick({ row, line }: FirstRow, options: CsvOptions, at: (line?: number) => string) {
  const found = options.header ? row.map((name, i) => (name === "" ? `Unnamed: ${i}` : name)) : undefined;
  const given = options.names ?? found ?? row.map((_, i) => String(i));
  if (found !== undefined && found.length !== given.length) {
    const message = `${given.length} columns expected (options.names), found ${found.length}`;
    throw new LaunchpadError("DATA_INVALID", `${at(line)}: ${message}`);
  }
  const names = uniqueNames(given);
  const unknown = (what: string, name: string) =>
    new LaunchpadError("COLUMN_UNKNOWN", `${at()}: no column ${what}; ${optionHint(name, names)}`);
  for (const name of namedIn(options)) if (!names.includes(name)) throw unknown(quote(name), name);
  const { usecols } = options;
  for (const position of usecols ?? []) {
    if (typeof position === "number" && position >= names.length) throw unknown(`at position ${position}`, "");
  }
  const all = names.map((name, index) => ({ name, index }));
  const wanted = usecols === undefined ? all : all.filter((c) => usecols.includes(c.name) || usecols.includes(c.index));
  return { names, wanted };
}

/** The columns that the options speak of. */
function namedIn({ usecols = [], dtype, na_values }: CsvOptions): string[] {
  return [
    ...usecols.filter((column) => typeof column === "string"),
    ...(typeof dtype === "string" ? [] : Object.keys(dtype)),
    ...(na_values instanceof Set ? [] : Object.keys(na_values)),
  ];
}
