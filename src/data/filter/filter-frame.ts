import { LaunchpadError } from "../../errors.ts";
import { optionHint, quote } from "../access/messages.ts";
import { takeRows } from "../frame/take-rows.ts";
import type { Cell, DType, Frame } from "../types.ts";
import type { Condition, Filters, Literal } from "./conditions.ts";

/**
 * Keeps the rows of a frame that filters want. A missing cell meets no condition but `not in`, as in pandas.
 *
 * @param frame The frame.
 * @param filters Which rows are wanted.
 * @param shown Where the frame comes from, for messages.
 *
 * @returns A frame of these rows; the same one if all are wanted.
 *
 * @throws COLUMN_UNKNOWN for a column that is not there; DATA_INVALID for a value that cannot be compared with it.
 */
export function filterFrame(frame: Frame, filters: Filters, shown: string): Frame {
  const kept = new Uint8Array(frame.length);
  for (const list of filters) {
    const all = new Uint8Array(frame.length).fill(1);
    for (const condition of list) {
      if (!frame.names.includes(condition.column)) {
        const hint = optionHint(condition.column, [...frame.names]);
        throw new LaunchpadError("COLUMN_UNKNOWN", `${shown}: filters: no column ${quote(condition.column)}; ${hint}`);
      }
      const dtype = frame.dtypes[condition.column] ?? "str";
      const meets = createTest(condition, dtype, shown);
      const cells = frame.column(condition.column);
      for (let row = 0; row < frame.length; row++) if (all[row] === 1 && !meets(cells[row] ?? null)) all[row] = 0;
    }
    for (let row = 0; row < frame.length; row++) kept[row] = (kept[row] ?? 0) | (all[row] ?? 0);
  }
  const rows: number[] = [];
  for (let row = 0; row < kept.length; row++) if (kept[row] === 1) rows.push(row);
  return rows.length === frame.length ? frame : takeRows(frame, rows);
}

/**
 * Tests whether cells meet a condition.
 *
 * @param condition The condition.
 * @param dtype The dtype of the column.
 * @param shown Where it comes from, for messages.
 *
 * @returns A function from a cell to whether it does.
 *
 * @throws DATA_INVALID for a value that cannot be compared with the column.
 */
export function createTest(
  { column, operator, values }: Condition,
  dtype: DType,
  shown: string,
): (cell: Cell) => boolean {
  const comparable = values.map((value) => comparableOf(value, dtype));
  const wrong = comparable.indexOf(undefined);
  if (wrong !== -1) {
    const found = JSON.stringify(values[wrong], (_, value) => (typeof value === "bigint" ? String(value) : value));
    const message = `${shown}: filters: ${examples[dtype]} expected to compare with column ${quote(column)} (${dtype}), found ${found}`;
    throw new LaunchpadError("DATA_INVALID", message);
  }
  const known = comparable as readonly (number | bigint | string)[];
  // A number may be a bigint on one side only, and 1n equals 1 but is another member of a set.
  const isAny = (cell: number | bigint | string) => known.some((value) => compare(cell, value) === 0);
  const test = tests[operator];
  return (cell) => {
    if (cell === null || Number.isNaN(cell)) return operator === "not in";
    const own = cell instanceof Date ? cell.getTime() : typeof cell === "boolean" ? Number(cell) : cell;
    if (operator === "in") return isAny(own);
    if (operator === "not in") return !isAny(own);
    return test(compare(own, known[0] ?? 0));
  };
}

const tests: Readonly<Record<Condition["operator"], (order: number) => boolean>> = {
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  in: () => false,
  "not in": () => false,
};

const examples: Readonly<Record<DType, string>> = {
  float64: "a number",
  int64: "a number",
  bool: "true or false",
  str: "a text (in quotes)",
  datetime: "a date such as '2024-01-31'",
};

function comparableOf(value: Literal, dtype: DType): number | bigint | string | undefined {
  if (dtype === "str") return typeof value === "string" ? value : undefined;
  if (dtype === "bool") return typeof value === "boolean" ? Number(value) : undefined;
  if (dtype !== "datetime") return typeof value === "number" || typeof value === "bigint" ? value : undefined;
  const isDate = typeof value === "string" && /^\d{4}-\d\d-\d\d(T|$)/.test(value);
  const time = isDate ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Texts in the order of their bytes in UTF-8, which is that of their characters and not of UTF-16. */
function compare(a: number | bigint | string, b: number | bigint | string): number {
  if (a === b) return 0;
  if (typeof a !== "string" || typeof b !== "string") return a < b ? -1 : a > b ? 1 : 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one === other) continue;
    const isPair = (code: number) => code >= 0xd800 && code <= 0xdfff;
    if (isPair(one) !== isPair(other)) return isPair(one) ? 1 : -1;
    return one - other;
  }
  return a.length - b.length;
}
