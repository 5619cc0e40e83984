import { LaunchpadError } from "../../errors.ts";
import { optionHint, quote } from "../access/messages.ts";
import type { Cell, Column, ColumnInput, DType, Frame, Row } from "../types.ts";
import { createColumn, type TypedColumn } from "./column.ts";
import { columnArguments } from "./column-arguments.ts";
import { concatColumns, sliceColumn } from "./column-ops.ts";
import { lazyRecord, record } from "./record.ts";
import { describeColumn } from "./summary.ts";
import { decodeText } from "./text.ts";

/** Registered, so that two copies of this package know each other's frames. */
const brand = Symbol.for("launchpad.frame");

/** How this copy of the package keeps the columns of its own frames. */
const kept = Symbol("columns");

/** So many rows of text are decoded at once where rows are read one after the other. */
const rowsAtOnce = 1024;

/**
 * Creates a frame from columns.
 *
 * @param columns The values of each column, by name; they are copied.
 * @param dtypes The dtypes of columns whose dtype is not to be inferred.
 *
 * @returns A frame whose columns have the order of the object's keys.
 *
 * @throws DATA_INVALID when the columns are not of one length, or the values of a column not of one type.
 * @throws COLUMN_UNKNOWN when `dtypes` names a column that is not there.
 */
export function createFrame(
  columns: Readonly<Record<string, ColumnInput>>,
  dtypes: Readonly<Record<string, DType>> = {},
): Frame {
  const names = Object.keys(columns);
  for (const name of Object.keys(dtypes)) if (!names.includes(name)) throw unknownColumns([name], names);
  const lengths = names.map((name) => columns[name]?.length ?? 0);
  if (lengths.some((length) => length !== lengths[0])) {
    const found = names.map((name, i) => `${quote(name)} has ${lengths[i]}`).join(", ");
    throw new LaunchpadError("DATA_INVALID", `columns of one length expected, but ${found}`);
  }
  const typed = new Map<string, TypedColumn>();
  for (const name of names) {
    const told = Object.hasOwn(dtypes, name) ? dtypes[name] : undefined;
    typed.set(name, createColumn(name, columns[name] ?? [], told));
  }
  return frameOf(typed, lengths[0] ?? 0);
}

/**
 * Creates a frame from rows. A column that a row does not have is missing there.
 *
 * @param rows Objects by column name.
 * @param dtypes The dtypes of columns whose dtype is not to be inferred.
 *
 * @returns A frame whose columns have the order in which the rows first name them.
 *
 * @throws DATA_INVALID when the values of a column are not of one type.
 */
export function frameFromRows(
  rows: Iterable<Readonly<Record<string, Cell | undefined>>>,
  dtypes: Readonly<Record<string, DType>> = {},
): Frame {
  const cells = new Map<string, (Cell | undefined)[]>();
  let length = 0;
  for (const row of rows) {
    for (const name of Object.keys(row)) {
      let column = cells.get(name);
      if (column === undefined) {
        column = [];
        cells.set(name, column);
      }
      // A column that turns up late was missing in the rows before.
      while (column.length < length) column.push(null);
      column.push(row[name]);
    }
    length++;
  }
  for (const name of Object.keys(dtypes)) if (!cells.has(name)) throw unknownColumns([name], [...cells.keys()]);
  const typed = new Map<string, TypedColumn>();
  for (const [name, column] of cells) {
    while (column.length < length) column.push(null);
    typed.set(name, createColumn(name, column, Object.hasOwn(dtypes, name) ? dtypes[name] : undefined));
  }
  return frameOf(typed, length);
}

/**
 * Creates one frame from several with the same columns.
 *
 * @param frames The frames, in order.
 *
 * @returns A frame with the rows of all.
 *
 * @throws DATA_INVALID when the columns differ, or their dtypes cannot be put together.
 */
export function concatFrames(frames: readonly Frame[]): Frame {
  const first = frames[0];
  if (first === undefined) return frameOf(new Map(), 0);
  if (frames.length === 1) return first;
  for (const frame of frames) assertSameColumns(first, frame);
  const typed = new Map(
    first.names.map((name) => [
      name,
      concatColumns(
        name,
        frames.map((frame) => typedColumn(frame, name)),
      ),
    ]),
  );
  return frameOf(
    typed,
    frames.reduce((sum, frame) => sum + frame.length, 0),
  );
}

/**
 * Checks that a frame has the columns of another, in the same order.
 *
 * @param first The frame that says which columns there are.
 * @param frame The frame to check.
 *
 * @throws DATA_INVALID when they differ.
 */
export function assertSameColumns(first: Frame, frame: Frame): void {
  if (frame.names.length === first.names.length && frame.names.every((name, i) => name === first.names[i])) return;
  const [expected, found] = [first, frame].map(({ names }) => names.map(quote).join(", "));
  throw new LaunchpadError(
    "DATA_INVALID",
    `the columns of the first frame expected in every frame (${expected}), found ${found}`,
  );
}

/**
 * Tells whether a value is a frame, also one that another copy of this package created.
 *
 * @param value Any value.
 *
 * @returns Whether it is a frame.
 */
export function isFrame(value: unknown): value is Frame {
  return typeof value === "object" && value !== null && brand in value;
}

/**
 * Finds a column of a frame as it is kept, so that text need not be decoded.
 *
 * @param frame A frame, perhaps of another copy of this package.
 * @param name The column's name.
 *
 * @returns The column.
 *
 * @throws COLUMN_UNKNOWN when there is no such column.
 */
export function typedColumn(frame: Frame, name: string): TypedColumn {
  const own = (frame as { readonly [kept]?: ReadonlyMap<string, TypedColumn> })[kept]?.get(name);
  return own ?? { dtype: frame.dtypes[name] ?? "str", values: frame.column(name) };
}

/**
 * Creates a frame from columns that are already as a frame keeps them; nothing is copied.
 *
 * @param typed The columns by name.
 * @param length The number of rows.
 *
 * @returns A frame.
 */
export function frameOf(typed: ReadonlyMap<string, TypedColumn>, length: number): Frame {
  const names = Object.freeze([...typed.keys()]);
  const kinds = [...typed.values()];
  const pick = (wanted: Iterable<string>) => {
    const picked = new Map<string, TypedColumn>();
    for (const name of wanted) picked.set(name, typed.get(name) ?? { dtype: "str", values: [] });
    return frameOf(picked, length);
  };
  const assertKnown = (wanted: readonly string[]) => {
    const unknown = wanted.filter((name) => !typed.has(name));
    if (unknown.length > 0) throw unknownColumns(unknown, names);
  };
  function* rowsFrom(start: number, end: number): Generator<Row> {
    for (let first = start; first < end; first += rowsAtOnce) {
      const last = Math.min(first + rowsAtOnce, end);
      const cells = kinds.map((column) => (column.text ? decodeText(column.text, first, last) : column.values));
      const skipped = kinds.map((column) => (column.text ? first : 0));
      for (let i = first; i < last; i++) yield record(names, (_, c) => cells[c]?.[i - (skipped[c] ?? 0)] ?? null);
    }
  }

  const frame: Frame = {
    names,
    length,
    dtypes: Object.freeze(record(names, (name) => typed.get(name)?.dtype ?? "str")),
    columns: Object.freeze(lazyRecord(names, (i): Column => kinds[i]?.values ?? [])),
    column(name) {
      const column = typed.get(name);
      if (column === undefined) throw unknownColumns(columnArguments("column", [name]), names);
      return column.values;
    },
    row(index) {
      if (!Number.isInteger(index) || index < 0 || index >= length) return undefined;
      return rowsFrom(index, index + 1).next().value as Row;
    },
    rows: () => rowsFrom(0, length),
    select(...given) {
      const wanted = columnArguments("select", given);
      assertKnown(wanted);
      return pick(wanted);
    },
    drop(...given) {
      const unwanted = columnArguments("drop", given);
      assertKnown(unwanted);
      return pick(names.filter((name) => !unwanted.includes(name)));
    },
    slice(start, end = length) {
      const from = position(start, length);
      const to = Math.max(from, position(end, length));
      const parts = new Map<string, TypedColumn>();
      for (const [name, column] of typed) parts.set(name, sliceColumn(column, from, to));
      return frameOf(parts, to - from);
    },
    describe: () => record(names, (name) => describeColumn(typed.get(name) ?? { dtype: "str", values: [] })),
    toJSON() {
      const json = (cell: Cell) => (typeof cell === "bigint" ? String(cell) : cell);
      return Array.from(rowsFrom(0, length), (row) => record(names, (name) => json(row[name] ?? null)));
    },
  };
  Object.defineProperty(frame, brand, { value: true });
  Object.defineProperty(frame, kept, { value: typed });
  return Object.freeze(frame);
}

/** Where Array.prototype.slice would start or end. */
function position(index: number, length: number): number {
  const whole = Math.trunc(index) || 0;
  return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length);
}

function unknownColumns(unknown: readonly string[], names: readonly string[]): LaunchpadError {
  const columns = unknown.map(quote).join(", ");
  const noun = unknown.length === 1 ? "column" : "columns";
  return new LaunchpadError("COLUMN_UNKNOWN", `no ${noun} ${columns}; ${optionHint(unknown[0] ?? "", names)}`);
}
