import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import { castColumn } from "../frame/cast.ts";
import { createColumn, type TypedColumn } from "../frame/column.ts";
import { frameOf } from "../frame/frame.ts";
import type { Cell, Frame, ToldDType } from "../types.ts";
import { type Line, toJson } from "./lines.ts";
import type { JsonlOptions } from "./options.ts";

/** A table of so many cells does not have to be full. */
const maxSparseCells = 2 ** 25;
/** One of so many cells must be there in a larger one. */
const maxSparseness = 200;

/** Collects objects until they are made a frame. */
export interface Table {
  add(line: Line): void;
  /** How many objects have been collected. */
  length(): number;
  /** The objects so far as a frame. The table is empty afterwards, and its columns no longer change. */
  flush(): Frame;
}

/**
 * Creates a table for the objects of one file. Its columns are the keys, in the order in which they turn up; a key that an
 * object does not have is missing there. Lists and objects become their JSON.
 *
 * @param options How the file is read.
 * @param shown The file's name, for messages.
 * @param unit What an object is called in messages, with its number.
 *
 * @returns An empty table.
 */
export function createTable(options: JsonlOptions, shown: string, unit: "line" | "item" = "line"): Table {
  const dtypes = options.dtype;
  const told = (name: string): ToldDType | undefined => {
    if (typeof dtypes === "string") return dtypes;
    return Object.hasOwn(dtypes, name) ? dtypes[name] : undefined;
  };
  const known = options.columns ?? (typeof dtypes === "string" ? [] : Object.keys(dtypes));
  let columns = new Map<string, Cell[]>();
  let lines: number[] = [];
  let flushed = false;
  /** How many cells the objects have. */
  let given = 0;

  function columnFor(name: string, line: number): Cell[] | undefined {
    const found = columns.get(name);
    if (found !== undefined || options.columns !== undefined) return found;
    if (flushed) {
      const advice = "List `columns` in the options, or give its `dtype` there, so that every batch has it";
      const message = `${shown} ${unit} ${line}: column ${quote(name)}: no column that the first batch did not have expected. ${advice}`;
      throw new LaunchpadError("DATA_INVALID", message);
    }
    if (columns.size >= options.max_columns) {
      const advice = "`columns` in the options names those that are wanted, `max_columns` takes more";
      const message = `${shown} line ${line}: at most ${options.max_columns} columns expected, found another, ${quote(name)}. ${advice}`;
      throw new LaunchpadError("DATA_INVALID", message);
    }
    const column: Cell[] = [];
    columns.set(name, column);
    return column;
  }

  /** Whoever has other keys on every line has no table, and would get one that is far larger than the file. */
  function assertDense(line: number): void {
    const cells = columns.size * lines.length;
    if (cells <= maxSparseCells || given * maxSparseness >= cells) return;
    const advice = "`columns` in the options names those that are wanted";
    const message = `${shown} ${unit} ${line}: a table expected, found ${columns.size} columns of which nearly all cells are missing. ${advice}`;
    throw new LaunchpadError("DATA_INVALID", message);
  }

  const at = (row: number, name: string) => `${shown} ${unit} ${lines[row]}: column ${quote(name)}`;

  function columnOf(name: string, cells: Cell[]): TypedColumn {
    const dtype = told(name);
    if (dtype === undefined) return createColumn(name, inferable(name, cells));
    return castColumn(name, dtype === "float64" ? rounded(cells) : cells, dtype, (row, value) => {
      const found = value === null ? "nothing" : typeof value === "string" ? quote(value) : String(value);
      throw new LaunchpadError("DATA_INVALID", `${at(row, name)}: ${dtype} expected, found ${found}`);
    });
  }

  /** The cells, if they are of one kind, and exact as a column. */
  function inferable(name: string, cells: Cell[]): Cell[] {
    let first: { readonly kind: string; readonly row: number } | undefined;
    let [floats, missing] = [false, false];
    /** The first number that is not exact as a float. */
    let long: number | undefined;
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row] ?? null;
      if (cell === null) {
        missing = true;
        continue;
      }
      const kind = typeof cell === "bigint" ? "number" : typeof cell;
      first ??= { kind, row };
      if (kind !== first.kind) {
        const found = typeof cell === "string" ? quote(cell) : String(cell);
        const expected = `a ${first.kind} as on ${unit} ${lines[first.row]} expected`;
        const advice = `\`dtype: { ${name}: str }\` in the options takes both`;
        throw new LaunchpadError("DATA_INVALID", `${at(row, name)}: ${expected}, found ${found}. ${advice}`);
      }
      if (typeof cell === "number" && !Number.isSafeInteger(cell)) floats = true;
      if (typeof cell === "bigint" && long === undefined && !fits(cell, missing)) long = row;
    }
    if (floats) return rounded(cells);
    if (missing) long ??= cells.findIndex((cell) => typeof cell === "bigint" && !fits(cell, true));
    if (long === undefined || long === -1) return cells;
    const expected = missing ? "a number that float64 holds (values are missing)" : "a number of at most 64 bits";
    const advice = `\`dtype: { ${name}: str }\` in the options keeps all digits, float64 rounds`;
    const message = `${at(long, name)}: ${expected} expected, found ${String(cells[long])}. ${advice}`;
    throw new LaunchpadError("DATA_INVALID", message);
  }

  function begin(): void {
    columns = new Map([...new Set([...known, ...columns.keys()])].map((name) => [name, []]));
    lines = [];
    given = 0;
  }

  begin();
  return {
    add({ value, number }) {
      const row = lines.length;
      for (const [name, inner] of Object.entries(value)) {
        const column = columnFor(name, number);
        if (column === undefined) continue;
        while (column.length < row) column.push(null);
        given++;
        column.push(typeof inner === "object" && inner !== null ? toJson(inner) : (inner as Cell));
      }
      lines.push(number);
      assertDense(number);
    },
    length: () => lines.length,
    flush() {
      const typed = new Map<string, TypedColumn>();
      for (const [name, cells] of columns) {
        while (cells.length < lines.length) cells.push(null);
        typed.set(name, columnOf(name, cells));
      }
      const frame = frameOf(typed, lines.length);
      flushed = true;
      begin();
      return frame;
    },
  };
}

function fits(value: bigint, asFloat: boolean): boolean {
  return asFloat ? BigInt(Number(value)) === value : BigInt.asIntN(64, value) === value;
}

/** A float is what Number gives, however many digits it was written with. */
function rounded(cells: readonly Cell[]): Cell[] {
  return cells.map((cell) => (typeof cell === "bigint" ? Number(cell) : cell));
}
