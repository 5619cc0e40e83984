import { byColumn, columnNames, dtype } from "../access/dtype-option.ts";
import { type OptionReader, readOptions } from "../access/options.ts";
import type { ToldDType } from "../types.ts";

/** How JSON Lines are read. */
export interface JsonlOptions {
  /** Which columns to read, in this order; without it whatever the first batch has. */
  readonly columns?: readonly string[];
  /** The dtype of all columns, or of some by name; what is named here is always there. */
  readonly dtype: ToldDType | Readonly<Record<string, ToldDType>>;
}

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
  return { dtype: {}, ...readOptions<Required<JsonlOptions>>(where, given, { columns, dtype: byColumn(dtype) }) };
}
