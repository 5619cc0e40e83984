import { byColumn, columnNames, dtype } from "../access/dtype-option.ts";
import { expected, type OptionReader, readOptions } from "../access/options.ts";
import type { ToldDType } from "../types.ts";

/** How a Parquet file is read. */
export interface ParquetOptions {
  /** Which columns to read, in this order; the others are not even fetched. */
  readonly columns?: readonly string[];
  /** The dtype of all columns, or of some by name. */
  readonly dtype: ToldDType | Readonly<Record<string, ToldDType>>;
}

/** How a Parquet file is written. */
export interface ParquetSinkOptions {
  readonly compression: "SNAPPY" | "UNCOMPRESSED";
  /** How many rows a row group has; the last may have fewer. */
  readonly row_group_size: number;
}

/** What is written as `compression`, and how Parquet calls it. */
const codecs: Readonly<Record<string, ParquetSinkOptions["compression"]>> = { snappy: "SNAPPY", none: "UNCOMPRESSED" };

const compression: OptionReader<ParquetSinkOptions["compression"]> = (value) => {
  const codec = typeof value === "string" && Object.hasOwn(codecs, value) ? codecs[value] : undefined;
  if (codec === undefined) throw expected("snappy or none");
  return codec;
};

const rowGroupSize: OptionReader<number> = (value) => {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  throw expected("a whole number of rows from 1");
};

/**
 * Creates the options of a Parquet source from its entry.
 *
 * @param where Where the entry stands, for messages.
 * @param given The `options` section.
 *
 * @returns All options, defaults filled in.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readParquetOptions(where: string, given: unknown): ParquetOptions {
  return {
    dtype: {},
    ...readOptions<Required<ParquetOptions>>(where, given, { columns: columnNames, dtype: byColumn(dtype) }),
  };
}

/**
 * Creates the options of a Parquet sink from its entry.
 *
 * @param where Where the entry stands, for messages.
 * @param given The `options` section.
 *
 * @returns All options, defaults filled in.
 *
 * @throws CONFIG_INVALID when an option is unknown or not as expected.
 */
export function readParquetSinkOptions(where: string, given: unknown): ParquetSinkOptions {
  const options = readOptions<ParquetSinkOptions>(where, given, { compression, row_group_size: rowGroupSize });
  return { compression: "SNAPPY", row_group_size: 100_000, ...options };
}
