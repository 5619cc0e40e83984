import { LaunchpadError } from "../../errors.ts";
import { castColumn } from "../cast.ts";
import { createColumn, type TypedColumn } from "../column.ts";
import { frameOf } from "../frame.ts";
import { quote } from "../hint.ts";
import type { Cell, DType, Frame } from "../types.ts";
import { type Line, toJson } from "./lines.ts";
import type { JsonlOptions } from "./options.ts";

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
 *
 * @returns An empty table.
 */
export function createTable(options: JsonlOptions, shown: string): Table {
  const dtypes = options.dtype;
  const told = (name: string): DType | undefined => {
    if (typeof dtypes === "string") return dtypes;
    return Object.hasOwn(dtypes, name) ? dtypes[name] : undefined;
  };
  const known = options.columns ?? (typeof dtypes === "string" ? [] : Object.keys(dtypes));
  let columns = new Map<string, Cell[]>();
  let lines: number[] = [];
  let flushed = false;

  function columnFor(name: string, line: number): Cell[] | undefined {
    const found = columns.get(name);
    if (found !== undefined || options.columns !== undefined) return found;
    if (flushed) {
      const advice = "List `columns` in the options, or give its `dtype` there, so that every batch has it";
      const message = `${shown} line ${line}: column ${quote(name)}: no column that the first batch did not have expected. ${advice}`;
      throw new LaunchpadError("DATA_INVALID", message);
    }
    const column: Cell[] = [];
    columns.set(name, column);
    return column;
  }

  const at = (row: number, name: string) => `${shown} line ${lines[row]}: column ${quote(name)}`;

  function columnOf(name: string, cells: Cell[]): TypedColumn {
    const dtype = told(name);
    if (dtype !== undefined) {
      return castColumn(name, cells, dtype, (row, value) => {
        const found = value === null ? "nothing" : typeof value === "string" ? quote(value) : String(value);
        throw new LaunchpadError("DATA_INVALID", `${at(row, name)}: ${dtype} expected, found ${found}`);
      });
    }
    assertOneKind(name, cells);
    return createColumn(name, cells);
  }

  function assertOneKind(name: string, cells: readonly Cell[]): void {
    let first: { readonly kind: string; readonly row: number } | undefined;
    for (let row = 0; row < cells.length; row++) {
      const cell = cells[row] ?? null;
      if (cell === null) continue;
      const kind = typeof cell === "bigint" ? "number" : typeof cell;
      first ??= { kind, row };
      if (kind !== first.kind) {
        const found = typeof cell === "string" ? quote(cell) : String(cell);
        const expected = `a ${first.kind} as on line ${lines[first.row]} expected`;
        const advice = `\`dtype: { ${name}: str }\` in the options takes both`;
        throw new LaunchpadError("DATA_INVALID", `${at(row, name)}: ${expected}, found ${found}. ${advice}`);
      }
      if (typeof cell === "bigint" && BigInt.asIntN(64, cell) !== cell) {
        const advice = `\`dtype: { ${name}: str }\` in the options keeps all digits`;
        const message = `${at(row, name)}: a number of at most 64 bits expected, found ${cell}. ${advice}`;
        throw new LaunchpadError("DATA_INVALID", message);
      }
    }
  }

  function begin(): void {
    columns = new Map([...new Set([...known, ...columns.keys()])].map((name) => [name, []]));
    lines = [];
  }

  begin();
  return {
    add({ value, number }) {
      const row = lines.length;
      for (const [name, inner] of Object.entries(value)) {
        const column = columnFor(name, number);
        if (column === undefined) continue;
        while (column.length < row) column.push(null);
        column.push(typeof inner === "object" && inner !== null ? toJson(inner) : (inner as Cell));
      }
      lines.push(number);
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
