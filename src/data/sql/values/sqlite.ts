import { bytesToHex } from "@noble/hashes/utils.js";
import { createColumn, type TypedColumn, textColumn } from "../../frame/column.ts";
import type { DType } from "../../types.ts";
import type { SqlValue } from "../dialect.ts";
import { parseDatetime } from "./datetime.ts";

/**
 * Creates a column from what SQLite keeps in its cells, where every cell has a type of its own. The declared type is
 * believed where it fits all cells; else storage classes become dtypes: integers `int64`, integers and reals
 * `float64`, text `str`, and a column that has both numbers and text becomes text.
 *
 * @param values The cells, which are used up; integers are bigints.
 * @param declared The dtype that the declared type of the column asks for, if there is one.
 *
 * @returns The column.
 */
export function sqliteColumn(values: SqlValue[], declared: DType | undefined): TypedColumn {
  const numbers = new Float64Array(values.length);
  let [missing, texts, reals, safe] = [0, 0, 0, true];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    if (value === null) {
      missing++;
      numbers[i] = Number.NaN;
    } else if (typeof value === "string") texts++;
    else if (value instanceof ArrayBuffer) {
      texts++;
      values[i] = bytesToHex(new Uint8Array(value));
    } else {
      const number = Number(value);
      numbers[i] = number;
      if (typeof value !== "bigint") reals++;
      else if (!Number.isSafeInteger(number)) safe = false;
    }
  }
  if (missing === values.length) return emptyColumn(values.length, declared);
  const meant = declared === undefined ? undefined : believed[declared]?.(values);
  if (meant !== undefined) return meant;
  if (texts + missing === values.length) return textColumn(values as (string | null)[]);
  const whole = texts + reals + missing === 0;
  if (texts === 0 && safe) return { dtype: whole ? "int64" : "float64", values: numbers };
  if (whole) return createColumn("", values as bigint[], "int64");
  // Beside a real or a missing value an integer is a float; text keeps one that a float cannot hold.
  return textColumn(values.map((value) => (value === null ? null : String(value))));
}

/** A column in which there is nothing: as in pandas, integers that are missing are floats. */
function emptyColumn(length: number, declared: DType | undefined): TypedColumn {
  const otherwise = length === 0 ? "str" : "float64";
  const dtype = declared === "int64" && length > 0 ? "float64" : (declared ?? otherwise);
  return createColumn("", Array<null>(length).fill(null), dtype);
}

/** The column of a declared type that SQLite has no storage class for, if all cells fit it. */
const believed: Partial<Record<DType, (values: readonly SqlValue[]) => TypedColumn | undefined>> = {
  bool(values) {
    if (!values.every((value) => value === null || value === 0n || value === 1n)) return undefined;
    return createColumn(
      "",
      values.map((value) => (value === null ? null : value === 1n)),
      "bool",
    );
  },
  datetime(values) {
    const dates = values.map((value) => (typeof value === "string" ? (parseDatetime(value) ?? value) : value));
    if (!dates.every((value) => value === null || value instanceof Date)) return undefined;
    return createColumn("", dates as (Date | null)[], "datetime");
  },
};
