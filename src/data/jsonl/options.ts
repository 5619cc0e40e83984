import { byColumn, columnNames, dtype } from "../access/dtype-option.ts";
import { expected, type OptionReader, readOptions } from "../access/options.ts";
import type { ToldDType } from "../types.ts";

/** How JSON Lines are read. */
export interface JsonlOptions {
  /** Which columns to read, in this order; without it whatever the first batch has. */
  readonly columns?: readonly string[];
  /** The dtype of all columns, or of some by name; what is named here is always there. */
  readonly dtype: ToldDType | Readonly<Record<string, ToldDType>>;
  /** How many columns there may be. */
  readonly max_columns: number;
}

/** Each column takes memory for every line; a file with more keys is a mistake, or an attack. */
const maxColumns = 5000;

/**
 * Creates the options of a JSON Lines source from its entry.
 *
 * @param where Where the entry stands, for messages.
 * @param given The `options` section.
 *
 * @returns All options, defaults filled in.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readJsonlOptions(where: string, given: unknown): JsonlOptions {
  const columns: OptionReader<readonly string[]> = columnNames;
  const readers = { columns, dtype: byColumn(dtype), max_columns: wholeAboveZero };
  return { dtype: {}, max_columns: maxColumns, ...readOptions<Required<JsonlOptions>>(where, given, readers) };
}

const wholeAboveZero: OptionReader<number> = (value) => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw expected("a whole number above 0");
};
