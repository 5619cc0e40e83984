import { bytesToHex } from "@noble/hashes/utils.js";
import { createColumn, type TypedColumn, textColumn } from "../column.ts";
import type { DType } from "../types.ts";
import { parseDatetime } from "./datetime.ts";
import type { SqlValue } from "./dialect.ts";

/**
 * Creates a column from what SQLite keeps in its cells, where every cell has a type of its own. The declared type is
 * believed where it fits all cells; else storage classes become dtypes: integers `int64`, integers and reals
 * `float64`, text `str`, and a column that has both numbers and text becomes text.
 *
 * @param cells The cells; integers are bigints.
 * @param declared The dtype that the declared type of the column asks for, if there is one.
 *
 * @returns The column.
 */
export function dynamicColumn(cells: readonly SqlValue[], declared: DType | undefined): TypedColumn {
  const kinds = new Set<string>();
  let safe = true;
  const values = cells.map((cell) => {
    const value = cell instanceof ArrayBuffer ? bytesToHex(new Uint8Array(cell)) : cell;
    kinds.add(value === null ? "null" : typeof value);
    if (typeof value === "bigint" && !Number.isSafeInteger(Number(value))) safe = false;
    return value;
  });
  const present = [...kinds].filter((kind) => kind !== "null");
  if (present.length === 0) return emptyColumn(values.length, declared);

  const meant = declared === undefined ? undefined : believed[declared]?.(values);
  if (meant !== undefined) return meant;
  const text = () => textColumn(values.map((value) => (value === null ? null : String(value))));
  if (kinds.has("string")) return text();
  if (kinds.has("bigint") && kinds.size === 1) return createColumn("", values as bigint[], "int64");
  // Beside a real or a missing value an integer is a float; text keeps one that a float cannot hold.
  if (!safe) return text();
  return {
    dtype: "float64",
    values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
  };
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
