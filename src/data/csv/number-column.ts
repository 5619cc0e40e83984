import type { TypedColumn } from "../frame/column.ts";
import { integerText, leadingZero, parseNumber } from "../frame/infer.ts";
import { type Cells, textOf } from "./cells.ts";
import { type ByteFormat, withoutThousands } from "./format.ts";
import { type NumberRun, readNumbers } from "./read-numbers.ts";

/** Collects the cells of a column as long as they are numbers. */
export interface Numbers {
  /** Adds cells from a row on; returns the row whose cell is no number, or as many as there are. */
  add(cells: Cells, column: number, from: number): number;
  length(): number;
  /** Whether every cell so far is missing. */
  empty(): boolean;
  /**
   * The column of all cells; the collection is empty afterwards. A text if there are whole numbers that float64 does not
   * hold exactly: `gaps` says whether values are missing, too.
   */
  finish(): TypedColumn | { readonly inexact: true; readonly gaps: boolean };
}

/** What counts as a number: of a column whose dtype is inferred, of `float64`, of `int64`, or of `Int64`. */
export type NumberRule = "inferred" | "float64" | "int64" | "Int64";

/**
 * Creates an empty column of numbers.
 *
 * @param format How the cells are read.
 * @param rule What counts as a number.
 *
 * @returns The collection.
 */
export function createNumbers(format: ByteFormat, rule: NumberRule): Numbers {
  const { tokens, decimal } = format;
  const run: NumberRun = {
    decimal: decimal.charCodeAt(0),
    missing: format.numericTokens,
    leadingZeros: rule !== "inferred",
    wholeOnly: rule === "int64" || rule === "Int64",
    emptyMissing: format.missing.has(""),
    fractions: false,
    gaps: false,
    filled: false,
  };
  let values = new Float64Array(0);
  let length = 0;
  /** The next frame probably has as many rows as the last. */
  let expected = 0;
  /** Whether all whole numbers so far are safe integers. */
  let exact = true;

  /** A cell that takes more than a look at its bytes: white space around it, an infinity, a missing value, many digits. */
  function addUnusual(bytes: Uint8Array, start: number, end: number): boolean {
    if (tokens.find(bytes, start, end) !== -1) {
      if (rule === "int64") return false;
      run.gaps = true;
      values[length++] = Number.NaN;
      return true;
    }
    const text = withoutThousands(textOf(bytes, start, end), format.thousands);
    const value = parseNumber(text, decimal);
    if (value === undefined) return false;
    if (rule === "inferred" && leadingZero.test(text)) return false;
    if (!integerText.test(text)) {
      if (run.wholeOnly) return false;
      run.fractions = true;
    } else if (!Number.isSafeInteger(value)) {
      if (run.wholeOnly && !isInt64(text)) return false;
      exact = false;
    }
    run.filled = true;
    values[length++] = value;
    return true;
  }

  return {
    add(cells, column, from) {
      const needed = length + cells.rows - from;
      if (needed > values.length) {
        const more = new Float64Array(Math.max(needed, values.length * 2, expected));
        more.set(values);
        values = more;
      }
      for (let row = from; ; row++) {
        const stop = readNumbers(cells, column, row, values, length, run);
        length += stop - row;
        row = stop;
        if (row === cells.rows) return row;
        const cell = row * cells.width + column;
        if (!addUnusual(cells.bytes, cells.starts[cell] as number, cells.ends[cell] as number)) return row;
      }
    },
    length: () => length,
    empty: () => !run.filled,
    finish() {
      const column = typed(values.length === length ? values : values.subarray(0, length));
      expected = length;
      values = new Float64Array(0);
      length = 0;
      exact = true;
      Object.assign(run, { fractions: false, gaps: false, filled: false });
      return column;
    },
  };

  function typed(all: Float64Array): ReturnType<Numbers["finish"]> {
    if (rule === "float64" || run.fractions || (run.gaps && exact)) {
      if (format.missingNumbers.size > 0) {
        for (let i = 0; i < all.length; i++) if (format.missingNumbers.has(all[i] as number)) all[i] = Number.NaN;
      }
      return { dtype: "float64", values: all };
    }
    if (!exact) return { inexact: true, gaps: run.gaps };
    // An integer has no negative zero.
    for (let i = 0; i < all.length; i++) all[i] = (all[i] as number) + 0;
    return { dtype: "int64", values: all };
  }
}

function isInt64(text: string): boolean {
  const integer = BigInt(text.replace("+", ""));
  return BigInt.asIntN(64, integer) === integer;
}

/** Collects 64-bit integers that float64 does not hold. */
export interface BigInts {
  /** Adds cells that are whole numbers; false if one has more than 64 bits. */
  add(cells: Cells, column: number): boolean;
  finish(): TypedColumn;
}

/**
 * Creates an empty column of exact integers.
 *
 * @param length How many there will be.
 * @param thousands What stands between thousands.
 *
 * @returns The collection.
 */
export function createBigInts(length: number, thousands?: string): BigInts {
  const values = new BigInt64Array(length);
  let at = 0;
  return {
    add({ bytes, starts, ends, rows, width }, column) {
      for (let row = 0, cell = column; row < rows; row++, cell += width) {
        const text = withoutThousands(textOf(bytes, starts[cell] as number, ends[cell] as number), thousands);
        const integer = BigInt(text.replace("+", ""));
        if (BigInt.asIntN(64, integer) !== integer) return false;
        values[at++] = integer;
      }
      return true;
    },
    finish: () => ({ dtype: "int64", values }),
  };
}
