import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import type { Cell, Column, DType } from "../types.ts";
import { createColumn, freeze, isMissing, type TypedColumn, textColumn } from "./column.ts";
import { type EncodedText, sliceText, textLength, valueAt } from "./text.ts";
import { createTextBuilder } from "./text-builder.ts";

/**
 * Creates the part of a column from one position up to another. Typed arrays and text in bytes share their memory.
 *
 * @param column The column.
 * @param start The first position.
 * @param end The position after the last.
 *
 * @returns A column.
 */
export function sliceColumn(column: TypedColumn, start: number, end: number): TypedColumn {
  if (column.text !== undefined) return textColumn(sliceText(column.text, start, end));
  const { dtype, values } = column;
  if (values instanceof Float64Array || values instanceof BigInt64Array) {
    const part = values.subarray(start, end);
    return { dtype, values: dtype === "int64" ? narrow(part) : part };
  }
  return { dtype, values: freeze(values.slice(start, end) as Cell[]) as Column };
}

/**
 * Keeps bigints only while one of them needs it.
 *
 * @param values Whole numbers.
 *
 * @returns The same numbers.
 */
export function narrow(values: Float64Array | BigInt64Array): Float64Array | BigInt64Array {
  if (values instanceof Float64Array) return values;
  const numbers = Float64Array.from(values, Number);
  return numbers.every(Number.isSafeInteger) ? numbers : values;
}

/**
 * Creates one column from several.
 *
 * @param name The column's name, for messages.
 * @param parts The columns, in order.
 *
 * @returns The column: `int64` and `float64` make `float64`, and a part without values takes the dtype of the others.
 *
 * @throws DATA_INVALID when the dtypes cannot be put together.
 */
export function concatColumns(name: string, parts: readonly TypedColumn[]): TypedColumn {
  const first = parts[0];
  if (first === undefined) return textColumn([]);
  if (parts.length === 1) return first;
  const filled = parts.filter((part) => lengthOf(part) > 0);
  const telling = filled.filter((part) => !isAllMissing(part));
  const dtypes = new Set(telling.map((part) => part.dtype));
  if (dtypes.size === 2 && dtypes.has("int64") && dtypes.has("float64")) dtypes.delete("int64");
  if (dtypes.size > 1) {
    const found = [...dtypes].join(" and ");
    const advice = "Give the column one dtype (`dtype` in the options of a CSV source)";
    throw new LaunchpadError(
      "DATA_INVALID",
      `column ${quote(name)}: one dtype expected in all frames, found ${found}. ${advice}`,
    );
  }
  const dtype = [...dtypes][0] ?? (filled[0] ?? first).dtype;
  const cells: (Cell | undefined)[] = [];
  if (dtype === "float64" || dtype === "int64") {
    const numeric = numbers(dtype, filled);
    if (numeric !== undefined) return numeric;
  }
  if (dtype === "str") {
    const texts = encoded(filled);
    if (texts !== undefined) return textColumn(texts);
  }
  for (const part of filled) for (let i = 0; i < part.values.length; i++) cells.push(part.values[i]);
  return createColumn(name, cells, dtype === "int64" && filled.length > telling.length ? undefined : dtype);
}

/** The fast way for what most parts are: numbers that need no check. */
function numbers(dtype: DType, parts: readonly TypedColumn[]): TypedColumn | undefined {
  const arrays: Float64Array[] = [];
  for (const part of parts) {
    if (!(part.values instanceof Float64Array) || (dtype === "int64" && part.dtype !== "int64")) return undefined;
    arrays.push(part.values);
  }
  const values = new Float64Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    values.set(array, at);
    at += array.length;
  }
  return { dtype, values };
}

/** The same for text that all parts keep as bytes, or that is missing in all of a part. */
function encoded(parts: readonly TypedColumn[]): EncodedText | undefined {
  if (parts.some((part) => part.text === undefined && part.dtype === "str")) return undefined;
  const builder = createTextBuilder();
  for (const part of parts) {
    const { text } = part;
    if (text === undefined) builder.addMissing(part.values.length);
    else {
      const { bytes, offsets } = text;
      for (let i = 0; i < textLength(text); i++) {
        const value = valueAt(text, i);
        if (value === -1) builder.addMissing();
        else builder.add(bytes, offsets[value] ?? 0, offsets[value + 1] ?? 0);
      }
    }
  }
  return builder.finish();
}

function lengthOf(column: TypedColumn): number {
  return column.text === undefined ? column.values.length : textLength(column.text);
}

function isAllMissing(column: TypedColumn): boolean {
  const { text } = column;
  if (text !== undefined) {
    for (let i = 0; i < textLength(text); i++) if (valueAt(text, i) !== -1) return false;
    return true;
  }
  const { values } = column;
  for (let i = 0; i < values.length; i++) if (!isMissing(values[i])) return false;
  return true;
}
