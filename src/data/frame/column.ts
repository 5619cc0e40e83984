import { LaunchpadError } from "../../errors.ts";
import { quote } from "../access/messages.ts";
import type { Cell, Column, ColumnInput, DType } from "../types.ts";
import { decodeText, type EncodedText } from "./text.ts";

/** A column that knows its dtype. */
export interface TypedColumn {
  readonly dtype: DType;
  /** The values. Text that is kept as bytes is decoded, all of it, when this is first read. */
  readonly values: Column;
  /** The bytes of a column of text, if it is kept so: who can work with them spares the decoding. */
  readonly text?: EncodedText;
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

/** Tells whether a value stands for a missing one. */
export function isMissing(value: Cell | undefined): value is null | undefined {
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
  return freeze(Array.from(values, (value) => (isMissing(value) ? null : (value as T))));
}

/** Bun takes a second to freeze a million cells, and as long to read them: such arrays are shared as typed ones are. */
const maxFrozen = 10_000;

/**
 * Freezes an array of cells, unless it is a long one.
 *
 * @param values The array.
 *
 * @returns The same array.
 */
export function freeze<T>(values: T[]): readonly T[] {
  return values.length > maxFrozen ? values : Object.freeze(values);
}

/**
 * Creates a column of texts that are known to be texts or missing, without looking at them again.
 *
 * @param text Strings, which become the column's own, or UTF-8 (see `createTextBuilder`), decoded when it is read.
 *
 * @returns The column.
 */
export function textColumn(text: (string | null)[] | EncodedText): TypedColumn {
  if (Array.isArray(text)) return { dtype: "str", values: freeze(text) };
  let values: readonly (string | null)[] | undefined;
  return {
    dtype: "str",
    text,
    get values() {
      values ??= freeze(decodeText(text));
      return values;
    },
  };
}
