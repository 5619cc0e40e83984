import type { SqlKind, SqlValue } from "../dialect.ts";
import { parseDatetime } from "../values/datetime.ts";
import { arrayToJson, arrayTypes } from "./postgres-array.ts";

/** The types that are not text, by their number in `pg_type`. */
export const kinds: Readonly<Record<number, SqlKind>> = {
  16: "boolean",
  17: "bytes",
  20: "integer",
  21: "integer",
  23: "integer",
  26: "integer",
  700: "float",
  701: "float",
  1082: "datetime",
  1114: "datetime",
  1184: "datetime",
  1700: "decimal",
};

/** What Node, Bun and Deno give their buffers: by far the fastest way to short texts. */
interface Sliceable extends Uint8Array {
  utf8Slice?(start: number, end: number): string;
}

const decoder = new TextDecoder();
const textOf = (bytes: Sliceable) => bytes.utf8Slice?.(0, bytes.length) ?? decoder.decode(bytes);

/** Characters, as the server sends them. */
const [zero, minus, plus, dot, blank] = [0x30, 0x2d, 0x2b, 0x2e, 0x20] as const;

/** Digits that are a safe integer, however they go on. */
const safeDigits = 15;

function integerOf(bytes: Uint8Array): number | string {
  const negative = bytes[0] === minus;
  if (bytes.length > safeDigits) return textOf(bytes);
  let number = 0;
  for (let i = negative ? 1 : 0; i < bytes.length; i++) number = number * 10 + (bytes[i] as number) - zero;
  return negative ? -number : number;
}

/** Powers of ten that a float holds exactly. */
const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/**
 * Numbers of few digits without an exponent. Both the digits and the power of ten are exact, so that the one division
 * rounds as reading the text would (W. D. Clinger, How to read floating point numbers accurately, 1990).
 */
function floatOf(bytes: Uint8Array): number {
  const start = bytes[0] === minus ? 1 : 0;
  if (bytes.length - start > safeDigits) return Number(textOf(bytes));
  let number = 0;
  let point = bytes.length - 1;
  for (let i = start; i < bytes.length; i++) {
    const digit = (bytes[i] as number) - zero;
    if (digit >= 0 && digit <= 9) number = number * 10 + digit;
    else if (bytes[i] === dot) point = i;
    else return Number(textOf(bytes));
  }
  number /= powers[bytes.length - 1 - point] as number;
  return start === 1 ? -number : number;
}

/** `2024-02-29 12:30:00`, `2024-02-29 12:30:00.123456+00`; whatever else there is, is read as text. */
function datetimeOf(bytes: Uint8Array): SqlValue {
  const two = (at: number) => ((bytes[at] as number) - zero) * 10 + (bytes[at + 1] as number) - zero;
  let end = bytes.length;
  if (bytes[end - 3] === plus && two(end - 2) === 0) end -= 3;
  const year = two(0) * 100 + two(2);
  if (bytes[4] !== minus || bytes[10] !== blank || year < 100 || (end !== 19 && bytes[19] !== dot)) {
    const text = textOf(bytes);
    return parseDatetime(text) ?? text;
  }
  let millisecond = 0;
  for (let i = 20; i < 23; i++) millisecond = millisecond * 10 + (i < end ? (bytes[i] as number) - zero : 0);
  return new Date(Date.UTC(year, two(5) - 1, two(8), two(11), two(14), two(17), millisecond));
}

const readers: Readonly<Record<SqlKind, (bytes: Uint8Array) => SqlValue>> = {
  integer: integerOf,
  float: floatOf,
  boolean: (bytes) => bytes[0] === 0x74,
  datetime: datetimeOf,
  // `\x` and hexadecimal digits.
  bytes: (bytes) => textOf(bytes).slice(2),
  decimal: textOf,
  text: textOf,
  any: textOf,
};

/**
 * Reader of the values of a type, from the bytes that the server sends: its text form.
 *
 * @param type The number of the type in `pg_type`.
 *
 * @returns A function; it is not asked about NULL.
 */
export function readerOf(type: number): (bytes: Uint8Array) => SqlValue {
  const element = arrayTypes[type];
  if (element !== undefined) return (bytes) => arrayToJson(textOf(bytes), element);
  return readers[kinds[type] ?? "text"];
}

/** How parameters go, by the type that the server asks for: as they are written, where the client would guess. */
export const types = {
  boolean: {
    to: 16,
    from: [16],
    serialize: (value: unknown) => (typeof value === "boolean" ? (value ? "t" : "f") : String(value)),
    parse: String,
  },
  date: {
    to: 1184,
    from: [1082, 1114, 1184],
    serialize: (value: unknown) => (value instanceof Date ? value.toISOString() : String(value)),
    parse: String,
  },
  bytea: { to: 17, from: [17], serialize: String, parse: String },
  json: { to: 114, from: [114, 3802], serialize: String, parse: String },
};
