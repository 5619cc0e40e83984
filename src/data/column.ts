import { LaunchpadError } from "../errors.ts";
import { quote } from "./hint.ts";
import type { Cell, Column, ColumnInput, DType } from "./types.ts";

/** A column that knows its dtype. */
export interface TypedColumn {
  readonly dtype: DType;
  readonly values: Column;
}

/** What a single value is; numbers are told apart because only whole ones can be `int64`. */
type Kind = "integer" | "bigint" | "float" | "boolean" | "string" | "date" | "other";

const int64Range = [-(2n ** 63n), 2n ** 63n - 1n] as const;

/** The dtype of values that are all of these kinds. Kinds that are not here together do not mix. */
const dtypeOfKinds: Readonly<Record<string, DType>> = {
  integer: "int64",
  bigint: "int64",
  "bigint,integer": "int64",
  float: "float64",
  "float,integer": "float64",
  boolean: "bool",
  string: "str",
  date: "datetime",
};

/** Which kinds a column of a dtype can hold, beside missing values. */
const kindsOfDtype: Readonly<Record<DType, readonly Kind[]>> = {
  float64: ["integer", "float", "bigint"],
  int64: ["integer", "bigint"],
  bool: ["boolean"],
  str: ["string"],
  datetime: ["date"],
};

/**
 * Creates a column from values.
 *
 * @param name The column's name, for messages.
 * @param input An array or typed array; it is copied.
 * @param told The dtype, where it is not to be inferred.
 *
 * @returns The column, frozen as far as typed arrays can be.
 *
 * @throws DATA_INVALID when the values do not fit one dtype, or the one that was told.
 */
export function createColumn(name: string, input: ColumnInput, told?: DType): TypedColumn {
  if (told !== undefined && !Object.hasOwn(kindsOfDtype, told)) {
    const known = Object.keys(kindsOfDtype).join(", ");
    throw new LaunchpadError("DATA_INVALID", `column ${quote(name)}: dtype ${quote(told)} is not one of ${known}`);
  }
  if (input instanceof Float64Array || input instanceof Float32Array) {
    if (told === undefined || told === "float64") return { dtype: "float64", values: new Float64Array(input) };
  }
  const values: ArrayLike<Cell | undefined> = input;
  const { kinds, missing } = survey(values);
  const dtype = told ?? inferDtype(name, values.length, kinds, missing);
  for (const [kind, at] of kinds) {
    if (!kindsOfDtype[dtype].includes(kind)) throw misfit(name, dtype, at, values[at]);
  }
  if (dtype === "int64" && missing !== undefined) throw misfit(name, dtype, missing, null);
  return { dtype, values: fill[dtype](name, values) };
}

function survey(values: ArrayLike<Cell | undefined>) {
  const kinds = new Map<Kind, number>();
  let missing: number | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (isMissing(value)) missing ??= i;
    else {
      const kind = kindOf(value);
      if (!kinds.has(kind)) kinds.set(kind, i);
    }
  }
  return { kinds, missing };
}

function inferDtype(name: string, length: number, kinds: ReadonlyMap<Kind, number>, missing?: number): DType {
  // As in pandas: nothing but missing values is NaN, and no values at all are text.
  if (kinds.size === 0) return length === 0 ? "str" : "float64";
  const dtype = dtypeOfKinds[[...kinds.keys()].sort().join(",")];
  if (dtype === undefined) {
    const found = [...kinds].map(([kind, at]) => `${kind} (row ${at})`).join(", ");
    throw new LaunchpadError("DATA_INVALID", `column ${quote(name)}: values of one type expected, found ${found}`);
  }
  return dtype === "int64" && missing !== undefined ? "float64" : dtype;
}

function isMissing(value: Cell | undefined): value is null | undefined {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}

function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) ? "integer" : "float";
    case "bigint":
    case "boolean":
    case "string":
      return typeof value as Kind;
    default:
      return value instanceof Date && !Number.isNaN(value.getTime()) ? "date" : "other";
  }
}

function misfit(name: string, dtype: DType, row: number, value: unknown): LaunchpadError {
  const found = isMissing(value as Cell) ? "a missing value" : typeof value === "string" ? quote(value) : String(value);
  return new LaunchpadError("DATA_INVALID", `column ${quote(name)} row ${row}: ${dtype} expected, found ${found}`);
}

/** How the values of each dtype are stored; their kinds have been checked. */
const fill: Readonly<Record<DType, (name: string, values: ArrayLike<Cell | undefined>) => Column>> = {
  float64: (name, values) => toFloats(name, values),
  int64: (name, values) => toIntegers(name, values),
  bool: (_, values) => toPlain<boolean>(values),
  str: (_, values) => toPlain<string>(values),
  datetime: (_, values) => toPlain<Date>(values),
};

function toFloats(name: string, values: ArrayLike<Cell | undefined>): Float64Array {
  const floats = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const float = isMissing(value) ? Number.NaN : Number(value);
    // A bigint that float64 cannot hold would otherwise become a neighbour, silently.
    if (typeof value === "bigint" && BigInt(float) !== value) throw misfit(name, "float64", i, value);
    floats[i] = float;
  }
  return floats;
}

function toIntegers(name: string, values: ArrayLike<Cell | undefined>): Float64Array | BigInt64Array {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const number = Number(values[i]);
    if (!Number.isSafeInteger(number)) return toBigInts(name, values);
    numbers[i] = number;
  }
  return numbers;
}

function toBigInts(name: string, values: ArrayLike<Cell | undefined>): BigInt64Array {
  const [lowest, highest] = int64Range;
  const integers = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const integer = BigInt(values[i] as number | bigint);
    if (integer < lowest || integer > highest) throw misfit(name, "int64", i, integer);
    integers[i] = integer;
  }
  return integers;
}

function toPlain<T>(values: ArrayLike<Cell | undefined>): readonly (T | null)[] {
  return Object.freeze(Array.from(values, (value) => (isMissing(value) ? null : (value as T))));
}

/**
 * Creates a column of texts that are known to be of one dtype or missing, without looking at them again.
 *
 * @param values The values; they are frozen, not copied.
 *
 * @returns The column.
 */
export function textColumn(values: (string | null)[]): TypedColumn {
  return { dtype: "str", values: Object.freeze(values) };
}

/**
 * Creates the part of a column from one position up to another. Typed arrays share their memory.
 *
 * @param column The column.
 * @param start The first position.
 * @param end The position after the last.
 *
 * @returns A column.
 */
export function sliceColumn(column: TypedColumn, start: number, end: number): TypedColumn {
  const { dtype, values } = column;
  if (values instanceof Float64Array || values instanceof BigInt64Array) {
    const part = values.subarray(start, end);
    return { dtype, values: dtype === "int64" ? narrow(part) : part };
  }
  return { dtype, values: Object.freeze(values.slice(start, end)) as Column };
}

/** Bigints are kept only while one of them needs it. */
function narrow(values: Float64Array | BigInt64Array): Float64Array | BigInt64Array {
  if (values instanceof Float64Array) return values;
  const numbers = Float64Array.from(values, Number);
  return numbers.every(Number.isSafeInteger) ? numbers : values;
}

/**
 * Creates one column from several.
 *
 * @param name The column's name, for messages.
 * @param parts The columns, in order.
 *
 * @returns The column: `int64` and `float64` make `float64`, and a part without values takes the dtype of the others.
 *
 * @throws DATA_INVALID when the dtypes cannot be put together.
 */
export function concatColumns(name: string, parts: readonly TypedColumn[]): TypedColumn {
  const first = parts[0];
  if (first === undefined) return textColumn([]);
  if (parts.length === 1) return first;
  const filled = parts.filter((part) => part.values.length > 0);
  const telling = filled.filter((part) => !isAllMissing(part));
  const dtypes = new Set(telling.map((part) => part.dtype));
  if (dtypes.size === 2 && dtypes.has("int64") && dtypes.has("float64")) dtypes.delete("int64");
  if (dtypes.size > 1) {
    const found = [...dtypes].join(" and ");
    const advice = "Give the column one dtype (`dtype` in the options of a CSV source)";
    throw new LaunchpadError(
      "DATA_INVALID",
      `column ${quote(name)}: one dtype expected in all frames, found ${found}. ${advice}`,
    );
  }
  const dtype = [...dtypes][0] ?? (filled[0] ?? first).dtype;
  const cells: (Cell | undefined)[] = [];
  if (dtype === "float64" || dtype === "int64") {
    const numeric = numbers(dtype, filled);
    if (numeric !== undefined) return numeric;
  }
  for (const part of filled) for (let i = 0; i < part.values.length; i++) cells.push(part.values[i]);
  return createColumn(name, cells, dtype === "int64" && filled.length > telling.length ? undefined : dtype);
}

/** The fast way for what most parts are: numbers that need no check. */
function numbers(dtype: DType, parts: readonly TypedColumn[]): TypedColumn | undefined {
  const arrays: Float64Array[] = [];
  for (const part of parts) {
    if (!(part.values instanceof Float64Array) || (dtype === "int64" && part.dtype !== "int64")) return undefined;
    arrays.push(part.values);
  }
  const values = new Float64Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    values.set(array, at);
    at += array.length;
  }
  return { dtype, values };
}

function isAllMissing({ values }: TypedColumn): boolean {
  for (let i = 0; i < values.length; i++) if (!isMissing(values[i])) return false;
  return true;
}
