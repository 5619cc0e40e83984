import { LaunchpadError } from "../../errors.ts";
import { optionHint, quote } from "../access/messages.ts";
import type { Cell, DType, Frame } from "../types.ts";
import type { InsertColumn, SqlConnection, SqlDialect, SqlParameter } from "./dialect.ts";
import type { SqlSinkOptions } from "./options/sink-options.ts";

/** Where rows go. */
export interface Insertion {
  readonly connection: SqlConnection;
  readonly dialect: SqlDialect;
  /** The table, quoted. */
  readonly target: string;
  readonly columns: readonly InsertColumn[];
  /** The beginning of a message. */
  readonly at: string;
}

/** How many characters of text go into one statement; servers bound its bytes. */
const maxTextLength = 1_000_000;

/**
 * Finds the columns of a table for frames like the first.
 *
 * @param frame The first frame.
 * @param at The beginning of a message.
 *
 * @returns Names and dtypes.
 *
 * @throws DATA_INVALID when there are none.
 */
export function tableColumns(frame: Frame, at: string): InsertColumn[] {
  if (frame.names.length === 0) {
    throw new LaunchpadError("DATA_INVALID", `${at}: a table has at least one column, found a frame that has none`);
  }
  return frame.names.map((name) => ({ name, dtype: frame.dtypes[name] ?? "str" }));
}

/**
 * Finds what each column is in CREATE TABLE.
 *
 * @param options Types that the entry tells.
 * @param columns The columns of the table.
 * @param database What there is otherwise.
 *
 * @returns The type of a column.
 *
 * @throws COLUMN_UNKNOWN when the options name a column that is not there.
 */
export function typesOf(
  { dtype }: Pick<SqlSinkOptions, "dtype">,
  columns: readonly InsertColumn[],
  { at, dialect }: Pick<Insertion, "at" | "dialect">,
): (column: InsertColumn) => string {
  const names = columns.map(({ name }) => name);
  const unknown = typeof dtype === "string" ? undefined : [...dtype.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const message = `${at}: no column ${quote(unknown)}, which options.dtype names; ${optionHint(unknown, names)}`;
    throw new LaunchpadError("COLUMN_UNKNOWN", message);
  }
  return (column) => (typeof dtype === "string" ? dtype : dtype.get(column.name)) ?? dialect.types[column.dtype];
}

/**
 * Inserts the rows of a frame, several by one statement.
 *
 * @param insertion Where they go.
 * @param frame The frame; it has the columns of the table.
 * @param before How many rows were inserted before it, for messages.
 *
 * @throws DATA_INVALID when a value does not fit the dtype that its column had in the first frame, or the database.
 */
export async function insertFrame(insertion: Insertion, frame: Frame, before: number): Promise<void> {
  const { connection, dialect, target, columns, at } = insertion;
  const values = columns.map(({ name, dtype }) => parametersOf(frame, name, dtype, { at, before, dialect }));
  const most = Math.max(1, Math.min(dialect.limits.rows, Math.floor(dialect.limits.parameters / columns.length)));
  let rows: SqlParameter[][] = [];
  let size = 0;
  const flush = async () => {
    if (rows.length === 0) return;
    if (connection.insert) await connection.insert(target, columns, rows);
    else await connection.run(insertStatement(dialect, target, columns, rows.length), rows.flat());
    rows = [];
    size = 0;
  };
  for (let i = 0; i < frame.length; i++) {
    const row = values.map((valueAt) => valueAt(i));
    for (const value of row) if (typeof value === "string") size += value.length;
    rows.push(row);
    if (rows.length === most || size >= maxTextLength) await flush();
  }
  await flush();
}

/**
 * Creates the statement that inserts several rows.
 *
 * @param dialect How names and parameters are written.
 * @param target The table, quoted.
 * @param columns Its columns.
 * @param rows How many rows.
 *
 * @returns The statement.
 */
export function insertStatement(
  dialect: Pick<SqlDialect, "quote" | "placeholder">,
  target: string,
  columns: readonly InsertColumn[],
  rows: number,
): string {
  let position = 0;
  const row = () => `(${columns.map(() => dialect.placeholder(++position)).join(",")})`;
  const names = columns.map(({ name }) => dialect.quote(name)).join(",");
  return `insert into ${target} (${names}) values ${Array.from({ length: rows }, row).join(",")}`;
}

interface Checking {
  readonly at: string;
  readonly before: number;
  readonly dialect: SqlDialect;
}

/** Reads the values of a column, and checks them against the dtype of the first frame: databases would round, or cut. */
function parametersOf(
  frame: Frame,
  name: string,
  dtype: DType,
  { at, before, dialect }: Checking,
): (row: number) => SqlParameter {
  const values = frame.column(name);
  const found = frame.dtypes[name] ?? "str";
  const fits = takes[dtype];
  return (row) => {
    const value = (values[row] ?? null) as Cell;
    if (value === null || (typeof value === "number" && Number.isNaN(value))) return null;
    const wrong = (expected: string) =>
      new LaunchpadError(
        "DATA_INVALID",
        `${at}: column ${quote(name)} row ${before + row}: ${expected} expected, found ${quote(String(value))}`,
      );
    if (found !== dtype && !fits(value)) throw wrong(`${dtype}, as in the first frame,`);
    if (typeof value === "number" && !Number.isFinite(value) && !dialect.infinity) {
      throw wrong(`a finite number, because ${dialect.name} has no other,`);
    }
    if (typeof value === "string" && !dialect.nul && value.includes("\0")) {
      throw wrong(`text without U+0000, which ${dialect.name} does not hold,`);
    }
    return value;
  };
}

/** Whether a value of another dtype goes into a column of this one, and comes out the same. */
const takes: Readonly<Record<DType, (value: Cell) => boolean>> = {
  float64: (value) => typeof value === "number" || (typeof value === "bigint" && BigInt(Number(value)) === value),
  int64: (value) => typeof value === "bigint" || Number.isSafeInteger(value),
  bool: (value) => typeof value === "boolean",
  str: (value) => typeof value === "string",
  datetime: (value) => value instanceof Date,
};
