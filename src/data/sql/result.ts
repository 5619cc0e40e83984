import { LaunchpadError } from "../../errors.ts";
import { createColumn, type TypedColumn } from "../column.ts";
import { frameOf } from "../frame.ts";
import { quote } from "../hint.ts";
import { uniqueNames } from "../names.ts";
import type { Frame } from "../types.ts";

/** What SQLite keeps in a cell, with integers as bigints. */
export type SqlValue = null | string | number | bigint | ArrayBuffer;

/** A result as libSQL hands it out. */
export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly [index: number]: SqlValue }[];
}

/**
 * Creates a frame from the result of a query. Storage classes become dtypes: integers `int64`, integers and reals
 * `float64`, text `str`; a column that has both numbers and text becomes text, because a database may hold both.
 * NULL is missing.
 *
 * @param result The result.
 * @param at The beginning of a message.
 *
 * @returns A frame; without rows it still has the columns.
 *
 * @throws DATA_INVALID when a column holds blobs.
 */
export function frameOfResult(result: SqlResult, at: string): Frame {
  const columns = new Map<string, TypedColumn>();
  uniqueNames(result.columns).forEach((name, index) => {
    columns.set(
      name,
      columnOf(
        name,
        Array.from(result.rows, (row) => row[index] ?? null),
        at,
      ),
    );
  });
  return frameOf(columns, result.rows.length);
}

function columnOf(name: string, cells: SqlValue[], at: string): TypedColumn {
  const kinds = new Set<string>();
  let safe = true;
  const values = cells.map((cell) => {
    if (cell === null) {
      kinds.add("null");
      return null;
    }
    if (typeof cell === "object") {
      const advice = `Select hex(${name}) instead, or leave the column out`;
      throw new LaunchpadError("DATA_INVALID", `${at}: column ${quote(name)}: bytes are not served. ${advice}`);
    }
    kinds.add(typeof cell);
    if (typeof cell === "bigint" && !Number.isSafeInteger(Number(cell))) safe = false;
    return cell;
  });
  const text = () =>
    createColumn(
      name,
      values.map((value) => (value === null ? null : String(value))),
      "str",
    );
  if (kinds.has("string")) return text();
  if (cells.length === 0) return createColumn(name, []);
  if (kinds.has("bigint") && kinds.size === 1) return createColumn(name, values, "int64");
  // Beside a real or a missing value an integer is a float; text keeps one that a float cannot hold.
  if (!safe) return text();
  return createColumn(
    name,
    values.map((value) => (value === null ? null : Number(value))),
    "float64",
  );
}
