import { LaunchpadError, messageOf } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import type { TypedColumn } from "../frame/column.ts";
import { frameOf } from "../frame/frame.ts";
import { parseNumber } from "../frame/infer.ts";
import { type DateReader, formatReader, guessedReader } from "../frame/read-dates.ts";
import type { Frame, ToldDType } from "../types.ts";
import { type ColumnBuilder, inferredColumn, type Replay, toldColumn } from "./builder.ts";
import { type Cells, type Stretch, textOf } from "./cells.ts";
import { type Beginning, type CsvColumn, columnsOf, saidOf } from "./columns.ts";
import { byteFormat } from "./format.ts";
import { booleansIn, missingIn } from "./options/derived.ts";
import type { CsvOptions } from "./options.ts";

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

interface Picked extends CsvColumn {
  readonly told: ToldDType | undefined;
  /** Which option told it. */
  readonly by: string;
  readonly builder: ColumnBuilder;
}

/**
 * Creates a table for the rows of one CSV file.
 *
 * @param beginning The first rows.
 * @param options How the file is read.
 * @param at Creates the beginning of a message, about a line if one is given.
 *
 * @returns An empty table.
 *
 * @throws DATA_INVALID when the names are more or fewer than the columns.
 * @throws COLUMN_UNKNOWN when the options name a column that is not there.
 */
export function createTable(beginning: Beginning, options: CsvOptions, at: (line?: number) => string): Table {
  let length = 0;
  /** The rows since the last frame, as long as a column may want to look at them again. */
  let kept: Stretch[] = [];
  const replay: Replay = (show) => {
    for (const rows of kept) show(rows.cells());
  };
  const { width, wanted } = columnsOf(beginning, options, at);
  const names = new Set(wanted.map(({ name }) => name));
  const { dtype, date_format: form } = options;
  const hinted = (name: string) => (options.texts?.includes(name) ? ("str" as const) : undefined);
  const columns = wanted.map((column): Picked => {
    const { name, index } = column;
    const isDate = options.parse_dates.some((date) => date === name || date === index || date === column.original);
    const told = isDate
      ? "datetime"
      : typeof dtype === "string"
        ? dtype
        : (saidOf(dtype, column, names) ?? hinted(column.name));
    const missing = missingIn(options, name);
    const format = byteFormat(
      { missing, decimal: options.decimal },
      {
        booleans: booleansIn(options),
        missingNumbers: numbersIn(options, name, missing),
        thousands: options.thousands,
        date: dateReader(typeof form === "object" ? saidOf(form, column, names) : form, isDate, options.dayfirst),
      },
    );
    const builder =
      told === undefined ? inferredColumn(format, index, replay) : toldColumn(told, format, index, replay);
    return { ...column, told, by: isDate ? "parse_dates" : "dtype", builder };
  });

  function misfit(rows: Stretch, cells: Cells, row: number, { name, index, told, by }: Picked): LaunchpadError {
    const cell = row * cells.width + index;
    const text = textOf(cells.bytes, cells.starts[cell] ?? 0, cells.ends[cell] ?? 0);
    const found = text === "" ? "nothing" : quote(text);
    const message = `column ${quote(name)}: ${told} expected (options.${by}), found ${found}${adviceOn(told, text)}`;
    return new LaunchpadError("DATA_INVALID", `${at(rows.lineOf(row))}: ${message}`);
  }

  return {
    width,
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
      for (const { name, told, builder } of columns) {
        try {
          typed.set(name, builder.finish());
        } catch (cause) {
          const message = `column ${quote(name)}: ${told} expected (options.dtype), found ${messageOf(cause)}`;
          throw new LaunchpadError("DATA_INVALID", `${at()}: ${message}`, { cause });
        }
      }
      const frame = frameOf(typed, length);
      length = 0;
      kept = [];
      return frame;
    },
  };
}

function adviceOn(told: ToldDType | undefined, text: string): string {
  return told === "int64" && text === "" ? ". `Int64` takes missing values, too" : "";
}

/** Numbers of the options that stand for a missing value; as in pandas, the usual texts only do where there are others. */
function numbersIn(options: CsvOptions, name: string, missing: ReadonlySet<string>): ReadonlySet<number> {
  const { na_values: more } = options;
  if (more instanceof Set ? more.size === 0 : !Object.hasOwn(more, name)) return new Set();
  const numbers = [...missing].map((text) => parseNumber(text, "."));
  return new Set(numbers.filter((number): number is number => number !== undefined));
}

function dateReader(form: string | undefined, isDate: boolean, dayfirst: boolean): DateReader | undefined {
  if (form !== undefined) return formatReader(form, dayfirst);
  return isDate ? guessedReader(dayfirst) : undefined;
}
