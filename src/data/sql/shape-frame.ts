import { LaunchpadError } from "../../errors.ts";
import { optionHint, quote } from "../access/messages.ts";
import { castColumn } from "../frame/cast.ts";
import { freeze, isMissing, type TypedColumn } from "../frame/column.ts";
import { frameOf, typedColumn } from "../frame/frame.ts";
import { type DateReader, formatReader, guessedReader } from "../frame/read-dates.ts";
import type { Cell, Frame } from "../types.ts";
import { type DateForm, type SqlSourceOptions, units } from "./options/source-options.ts";

/**
 * Creates what makes frames of results as the options of a source say.
 *
 * @param options The options.
 * @param at The beginning of a message.
 *
 * @returns What takes one frame of a result after another; it fails with DATA_INVALID for a value that is not as the options
 *   say, and COLUMN_UNKNOWN for a column that is not there.
 */
export function frameShaper(options: SqlSourceOptions, at: string): (frame: Frame) => Frame {
  const { dtype = {}, parse_dates = new Map<string, DateForm>(), index_col = [], columns } = options;
  const named = [...index_col, ...(columns ?? []), ...parse_dates.keys(), ...typesByName(dtype)];
  if (named.length === 0 && typeof dtype !== "string") return (frame) => frame;
  const readers = new Map([...parse_dates].map(([name, form]) => [name, readerOf(form)]));
  let before = 0;

  function shapedColumn(frame: Frame, name: string): TypedColumn {
    const column = typedColumn(frame, name);
    const wrong = (expected: string) => (row: number, value: Cell) => {
      const found = value === null ? "a missing value" : quote(String(value));
      const message = `${at}: column ${quote(name)} row ${before + row}: ${expected}, found ${found}`;
      throw new LaunchpadError("DATA_INVALID", message);
    };
    const form = parse_dates.get(name);
    if (form !== undefined) {
      return datesOf(column, { form, reader: readers.get(name), fail: wrong("a date expected (options.parse_dates)") });
    }
    const told = typeof dtype === "string" ? dtype : Object.hasOwn(dtype, name) ? dtype[name] : undefined;
    if (told === undefined || told === column.dtype) return column;
    return castColumn(name, column.values, told, wrong(`${told} expected (options.dtype)`));
  }

  return (frame) => {
    const unknown = named.find((name) => !frame.names.includes(name));
    if (unknown !== undefined) {
      const message = `${at}: no column ${quote(unknown)}, which the options name; ${optionHint(unknown, frame.names)}`;
      throw new LaunchpadError("COLUMN_UNKNOWN", message);
    }
    const kept = (columns ?? frame.names).filter((name) => !index_col.includes(name));
    const shaped = frameOf(new Map(kept.map((name) => [name, shapedColumn(frame, name)])), frame.length);
    before += frame.length;
    return shaped;
  };
}

function typesByName(dtype: SqlSourceOptions["dtype"]): readonly string[] {
  return typeof dtype === "object" ? Object.keys(dtype) : [];
}

function readerOf({ format, dayfirst = false }: DateForm): DateReader {
  return format === undefined ? guessedReader(dayfirst) : formatReader(format, dayfirst);
}

interface Dates {
  readonly form: DateForm;
  readonly reader: DateReader | undefined;
  fail(row: number, value: Cell): never;
}

/** Numbers count from 1970, in seconds unless told otherwise, as in pandas. */
function datesOf(column: TypedColumn, { form, reader, fail }: Dates): TypedColumn {
  if (column.dtype === "datetime") return column;
  const perUnit = units[form.unit ?? "s"];
  const dates = Array.from(column.values as ArrayLike<Cell>, (value, row): Date | null => {
    if (isMissing(value)) return null;
    const isNumber = typeof value === "number" || typeof value === "bigint";
    const date = isNumber && form.format === undefined ? new Date(Number(value) * perUnit) : reader?.(String(value));
    return date === undefined || Number.isNaN(date.getTime()) || typeof value === "boolean" ? fail(row, value) : date;
  });
  return { dtype: "datetime", values: freeze(dates) };
}
