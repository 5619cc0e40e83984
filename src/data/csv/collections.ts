import { freeze, type TypedColumn, textColumn } from "../frame/column.ts";
import { parsers } from "../frame/infer.ts";
import { createTextBuilder } from "../frame/text-builder.ts";
import { type Cells, textOf } from "./cells.ts";
import type { ByteFormat } from "./format.ts";
import { createTokens } from "./tokens.ts";

/** Collects the cells of a column as long as they are of its kind. */
export interface Collection {
  /** Adds cells from a row on; returns the row whose cell is of another kind, or as many as there are. */
  add(cells: Cells, column: number, from: number): number;
  /** Adds missing cells. */
  addMissing(count: number): void;
  length(): number;
  /** Whether every cell so far is missing. */
  empty(): boolean;
  /** The column of all cells; the collection is empty afterwards. */
  finish(): TypedColumn;
}

/**
 * Creates an empty column of texts, which every cell is.
 *
 * @param format How the cells are read.
 *
 * @returns The collection.
 */
export function createTexts({ tokens }: ByteFormat): Collection {
  const builder = createTextBuilder();
  return {
    add({ bytes, starts, ends, rows, width }, column, from) {
      for (let row = from, cell = from * width + column; row < rows; row++, cell += width) {
        const start = starts[cell] as number;
        const end = ends[cell] as number;
        if (tokens.find(bytes, start, end) !== -1) builder.addMissing();
        else builder.add(bytes, start, end);
      }
      return rows;
    },
    addMissing: builder.addMissing,
    length: builder.length,
    empty: () => false,
    finish: () => textColumn(builder.finish()),
  };
}

/**
 * Creates an empty column of booleans.
 *
 * @param format How the cells are read.
 *
 * @returns The collection.
 */
export function createBooleans(format: ByteFormat): Collection {
  const words = createTokens(format.booleans.keys());
  const meanings = [...format.booleans.values()];
  return createPlain<boolean>("bool", format, (bytes, start, end) => meanings[words.find(bytes, start, end)]);
}

/**
 * Creates an empty column of points in time.
 *
 * @param format How the cells are read.
 *
 * @returns The collection.
 */
export function createDates(format: ByteFormat): Collection {
  return createPlain<Date>("datetime", format, (bytes, start, end) => {
    const text = textOf(bytes, start, end);
    return format.date === undefined ? (parsers.datetime(text, format) as Date | undefined) : format.date(text);
  });
}

function createPlain<T extends boolean | Date>(
  dtype: "bool" | "datetime",
  { tokens }: ByteFormat,
  read: (bytes: Uint8Array, start: number, end: number) => T | undefined,
): Collection {
  let values: (T | null)[] = [];
  let filled = false;
  return {
    add({ bytes, starts, ends, rows, width }, column, from) {
      for (let row = from, cell = from * width + column; row < rows; row++, cell += width) {
        const start = starts[cell] as number;
        const end = ends[cell] as number;
        if (tokens.find(bytes, start, end) !== -1) {
          values.push(null);
          continue;
        }
        const value = read(bytes, start, end);
        if (value === undefined) return row;
        values.push(value);
        filled = true;
      }
      return rows;
    },
    addMissing(count) {
      for (let i = 0; i < count; i++) values.push(null);
    },
    length: () => values.length,
    empty: () => !filled,
    finish() {
      const column = { dtype, values: freeze(values) } as TypedColumn;
      values = [];
      filled = false;
      return column;
    },
  };
}
