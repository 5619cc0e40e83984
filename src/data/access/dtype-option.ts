import type { ToldDType } from "../types.ts";
import { expected, type OptionReader } from "./options.ts";

/**
 * Launchpad's names of dtypes, and what a user of pandas may write for them. Sizes are of no account: every number is
 * kept in 64 bits.
 */
const spellings: Readonly<Record<ToldDType, string>> = {
  float64: "float64 float float32 float16 double Float64 Float32",
  int64: "int64 int int8 int16 int32 uint8 uint16 uint32 uint64",
  Int64: "Int64 Int32 Int16 Int8 UInt64 UInt32 UInt16 UInt8",
  bool: "bool boolean",
  str: "str string object category",
  datetime: "datetime datetime64 datetime64[ns] datetime64[us] datetime64[ms] datetime64[s]",
};

const dtypes = new Map(
  Object.entries(spellings).flatMap(([dtype, names]) =>
    names.split(" ").map((name) => [name, dtype as ToldDType] as const),
  ),
);

/**
 * Finds the dtype that a name stands for.
 *
 * @param name A name of Launchpad's or of pandas', `object` or `datetime64[ns, UTC]`.
 *
 * @returns The dtype; undefined for any other name.
 */
export function dtypeNamed(name: string): ToldDType | undefined {
  return dtypes.get(name.replace(/^(datetime64\[\w+), *[^\]]*\]$/, "$1]"));
}

/** Takes the name of a dtype. */
export const dtype: OptionReader<ToldDType> = (value) => {
  const known = typeof value === "string" ? dtypeNamed(value) : undefined;
  if (known === undefined) throw expected("str, int64, float64, bool or datetime, or a section of these by column,");
  return known;
};

/**
 * Creates the reader of a value, or of a section of such values by column.
 *
 * @param one Reads one value.
 *
 * @returns A reader of both.
 */
export function byColumn<T>(one: OptionReader<T>): OptionReader<T | Readonly<Record<string, T>>> {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return one(value);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, one(item)]));
  };
}

/** Takes a list of the names of columns. */
export const columnNames: OptionReader<readonly string[]> = (value) => {
  const isList = Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");
  if (!isList || new Set(value).size < value.length) throw expected("a list of different names of columns");
  return value;
};

/**
 * Creates the dtypes of a source from its option `dtype` and the file of `dtypes_path`. The option wins.
 *
 * @param option What the option says.
 * @param file What the file says, if there is one.
 *
 * @returns What holds for the columns.
 */
export function mergeDtypes(
  option: ToldDType | Readonly<Record<string, ToldDType>>,
  file: Readonly<Record<string, ToldDType>> | undefined,
): ToldDType | Readonly<Record<string, ToldDType>> {
  return file === undefined || typeof option === "string" ? option : { ...file, ...option };
}
