import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import { optionHint, quote } from "../access/messages.ts";
import { castColumn } from "../frame/cast.ts";
import { createColumn, type TypedColumn } from "../frame/column.ts";
import { uniqueNames } from "../frame/column-names.ts";
import { frameOf } from "../frame/frame.ts";
import { missingTokens } from "../frame/infer.ts";
import type { Cell, Frame } from "../types.ts";
import type { ExcelOptions } from "./options.ts";

/** What the package finds in a cell. */
export type SheetCell = string | number | boolean | Date | null | undefined;

const errors = new Set(["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"]);

/**
 * Creates a frame from the rows of a sheet. Texts stay texts, also those of digits: Excel says what is a number.
 *
 * @param rows The rows, as long as they happen to be.
 * @param options How the sheet is read.
 * @param at The beginning of a message.
 *
 * @returns The frame.
 *
 * @throws DATA_INVALID for a column of several types without a dtype, and values that do not fit theirs; COLUMN_UNKNOWN.
 */
export function sheetFrame(rows: readonly (readonly SheetCell[])[], options: ExcelOptions, at: string): Frame {
  const { header, skiprows, nrows, usecols, index_col = [] } = options;
  const first = skiprows + (header === undefined ? 0 : header + 1);
  const data = rows.slice(first, nrows === Number.POSITIVE_INFINITY ? undefined : first + nrows);
  const heads = header === undefined ? [] : (rows[first - 1] ?? []);
  const width = Math.max(heads.length, options.names?.length ?? 0, ...data.map((row) => row.length));
  const columns = namesOf(heads, width, options, at);
  const positionOf = (column: string | number) => {
    const found = typeof column === "number" ? column : columns.indexOf(column);
    if (columns[found] !== undefined) return found;
    const message = `${at}: no column ${quote(String(column))}, which the options name; ${optionHint(String(column), columns)}`;
    throw new LaunchpadError("COLUMN_UNKNOWN", message);
  };
  for (const name of typeof options.dtype === "object" ? Object.keys(options.dtype) : []) positionOf(name);
  const left = new Set(index_col.map(positionOf));
  // As in pandas, they come in the order of the sheet.
  const wanted =
    usecols === undefined ? columns.map((_, i) => i) : [...new Set(usecols.map(positionOf))].sort(byNumber);
  const typed = new Map<string, TypedColumn>();
  for (const position of wanted) {
    if (left.has(position)) continue;
    const name = columns[position] ?? "";
    const cells = data.map((row) => row[position]);
    typed.set(name, columnOf(name, cells, options, { at, row: first + 1 }));
  }
  return frameOf(typed, data.length);
}

const byNumber = (a: number, b: number) => a - b;

function namesOf(heads: readonly SheetCell[], width: number, { header, names }: ExcelOptions, at: string): string[] {
  if (names !== undefined) {
    if (names.length >= width) return [...names];
    const message = `${at}: as many names as columns expected (options.names), found ${names.length} for ${width}`;
    throw new LaunchpadError("DATA_INVALID", message);
  }
  const found = Array.from({ length: width }, (_, i) => {
    if (header === undefined) return String(i);
    const head = heads[i];
    if (head === null || head === undefined || head === "") return `Unnamed: ${i}`;
    return head instanceof Date ? head.toISOString() : String(head);
  });
  return uniqueNames(found);
}

interface Place {
  readonly at: string;
  /** The number of the first row in the sheet. */
  readonly row: number;
}

function columnOf(name: string, given: readonly SheetCell[], options: ExcelOptions, place: Place): TypedColumn {
  const { dtype, keep_default_na, na_values } = options;
  const isMissing = (cell: SheetCell) =>
    typeof cell === "string"
      ? errors.has(cell) || na_values.has(cell) || (keep_default_na && missingTokens.has(cell))
      : typeof cell === "number" && na_values.has(String(cell));
  const cells = given.map((cell): Cell => (cell === undefined || isMissing(cell) ? null : timeOrCell(cell)));
  const told = typeof dtype === "string" ? dtype : Object.hasOwn(dtype, name) ? dtype[name] : undefined;
  if (told !== undefined) {
    return castColumn(name, cells, told, (row, value) => {
      const found = value === null ? "nothing" : quote(String(value));
      const message = `column ${quote(name)} row ${place.row + row}: ${told} expected (options.dtype), found ${found}`;
      throw new LaunchpadError("DATA_INVALID", `${place.at}: ${message}`);
    });
  }
  if (cells.every((cell) => cell === null)) return createColumn(name, cells, "float64");
  if (cells.every((cell) => Number.isSafeInteger(cell))) return createColumn(name, cells, "int64");
  try {
    return createColumn(name, cells);
  } catch (thrown) {
    if (!isLaunchpadError(thrown)) throw thrown;
    const message = `${place.at}: ${messageOf(thrown)}. Give it a dtype in the options: dtype: { ${quote(name)}: str }`;
    throw new LaunchpadError("DATA_INVALID", message, { cause: thrown });
  }
}

/** A time of day is a day before the first one that Excel has. */
function timeOrCell(cell: Exclude<SheetCell, undefined>): Cell {
  if (!(cell instanceof Date) || cell.getUTCFullYear() >= 1900) return cell;
  return cell.toISOString().slice(11, 19);
}
