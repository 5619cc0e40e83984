import type { RowGroup } from "hyparquet";
import type { Range } from "../filter/ranges.ts";
import type { FileColumn } from "./schema.ts";

/**
 * Finds what a row group says of the values of a column. Only signed whole numbers and floats are told: for others, writers and
 * readers disagree about what comes first.
 *
 * @param group The row group.
 * @param columns The columns of the file.
 * @param name The column.
 *
 * @returns The least and the greatest value; undefined if it does not say.
 */
export function rangeIn(
  { columns: chunks }: RowGroup,
  columns: readonly FileColumn[],
  name: string,
): Range | undefined {
  const column = columns.find((one) => one.name === name);
  if (column === undefined || column.kind.cell !== undefined) return undefined;
  const { element } = column.tree;
  const isPlain = element.logical_type === undefined && element.converted_type === undefined;
  if (!isPlain || !numbers.includes(element.type ?? "")) return undefined;
  const chunk = chunks.find(({ meta_data: data }) => data?.path_in_schema[0] === column.key);
  const { min_value: min, max_value: max } = chunk?.meta_data?.statistics ?? {};
  return isNumber(min) && isNumber(max) ? { min, max } : undefined;
}

const numbers: readonly string[] = ["INT32", "INT64", "FLOAT", "DOUBLE"];

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "bigint" || (typeof value === "number" && !Number.isNaN(value));
}
