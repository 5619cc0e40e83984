import type { TypedColumn } from "../frame/column.ts";
import type { DType, ToldDType } from "../types.ts";
import type { Cells } from "./cells.ts";
import { type Collection, createBooleans, createDates, createTexts } from "./collections.ts";
import type { ByteFormat } from "./format.ts";
import { createBigInts, createNumbers } from "./number-column.ts";

/** Makes a column of the cells of a file. */
export interface ColumnBuilder {
  /** Adds the cells of some rows; returns the row whose cell does not fit the dtype, or as many as there are. */
  add(cells: Cells): number;
  /** Whether it may want to look again at the cells that were added. */
  looksBack(): boolean;
  /** The column of all cells; the builder is empty afterwards. */
  finish(): TypedColumn;
}

/** Shows all cells again that were added since the last frame, but for those that are being added. */
export type Replay = (show: (cells: Cells) => void) => void;

/** What makes a column of a dtype that was told. */
const collections: Readonly<Record<Exclude<DType, "int64" | "float64">, (format: ByteFormat) => Collection>> = {
  bool: createBooleans,
  str: createTexts,
  datetime: createDates,
};

/**
 * Creates a builder of a column whose dtype was told.
 *
 * @param dtype The dtype.
 * @param format How the cells are read.
 * @param column The position of its cells in a row.
 * @param replay Shows cells again.
 *
 * @returns The builder.
 */
export function toldColumn(dtype: ToldDType, format: ByteFormat, column: number, replay: Replay): ColumnBuilder {
  if (dtype !== "int64" && dtype !== "Int64" && dtype !== "float64") {
    const collection = collections[dtype](format);
    return {
      add: (cells) => collection.add(cells, column, 0),
      looksBack: () => false,
      finish: collection.finish,
    };
  }
  const numbers = createNumbers(format, dtype);
  return {
    add: (cells) => numbers.add(cells, column, 0),
    looksBack: () => dtype !== "float64",
    finish() {
      const length = numbers.length();
      const found = numbers.finish();
      if (!("inexact" in found)) return found;
      if (found.gaps) throw new Error("whole numbers past 2^53 beside missing values; str keeps all digits");
      return exactIntegers(length, column, replay, format) as TypedColumn;
    },
  };
}

/**
 * Creates a builder of a column of the narrowest dtype that takes all its cells, as pandas chooses it. Integers that no
 * number holds exactly become bigints; where those cannot be either (there are missing values, or one has more than 64
 * bits), they stay text. A column that turns out to be text has the very texts of the file.
 *
 * @param format How the cells are read.
 * @param column The position of its cells in a row.
 * @param replay Shows cells again.
 *
 * @returns The builder: `str` if there are no cells, `float64` if all of them are missing.
 */
export function inferredColumn(format: ByteFormat, column: number, replay: Replay): ColumnBuilder {
  const numbers = createNumbers(format, "inferred");
  let booleans: Collection | undefined;
  let texts: Collection | undefined;

  /** Goes on as text from a row; what was before is missing, or read again. */
  function becomeText(cells: Cells, row: number, before: number, empty: boolean): number {
    texts = createTexts(format);
    if (empty) {
      texts.addMissing(before);
      return texts.add(cells, column, row);
    }
    const collection = texts;
    replay((earlier) => collection.add(earlier, column, 0));
    return texts.add(cells, column, 0);
  }

  return {
    add(cells) {
      if (texts !== undefined) return texts.add(cells, column, 0);
      let row = 0;
      if (booleans === undefined) {
        row = numbers.add(cells, column, 0);
        if (row === cells.rows) return row;
        if (!numbers.empty()) return becomeText(cells, row, numbers.length(), false);
        booleans = createBooleans(format);
        booleans.addMissing(numbers.length());
      }
      row = booleans.add(cells, column, row);
      return row === cells.rows ? row : becomeText(cells, row, booleans.length(), booleans.empty());
    },
    looksBack: () => texts === undefined,
    finish() {
      const found = kept();
      booleans = undefined;
      texts = undefined;
      return found;
    },
  };

  function kept(): TypedColumn {
    const length = numbers.length();
    const found = numbers.finish();
    if (texts !== undefined) return texts.finish();
    if (booleans !== undefined) return booleans.finish();
    if (length === 0) return createTexts(format).finish();
    if (!("inexact" in found)) return found;
    return (found.gaps ? undefined : exactIntegers(length, column, replay, format)) ?? exactTexts();
  }

  function exactTexts(): TypedColumn {
    const collection = createTexts(format);
    replay((cells) => collection.add(cells, column, 0));
    return collection.finish();
  }
}

/** The integers of a column to the last digit; undefined if one has more than 64 bits. */
function exactIntegers(
  length: number,
  column: number,
  replay: Replay,
  { thousands }: ByteFormat,
): TypedColumn | undefined {
  const integers = createBigInts(length, thousands);
  let fit = true;
  replay((cells) => {
    fit &&= integers.add(cells, column);
  });
  return fit ? integers.finish() : undefined;
}
