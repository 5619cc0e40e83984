import { parseDatetime } from "../datetime.ts";
import type { SqlKind, SqlValue } from "../dialect.ts";
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

/** Digits that are a safe integer, however they go on. */
const safeDigits = 15;

function integerOf(bytes: Uint8Array): number | string {
  const negative = bytes[0] === 0x2d;
  if (bytes.length > safeDigits) return textOf(bytes);
  let number = 0;
  for (let i = negative ? 1 : 0; i < bytes.length; i++) number = number * 10 + (bytes[i] as number) - 0x30;
  return negative ? -number : number;
}

const readers: Readonly<Record<SqlKind, (bytes: Uint8Array) => SqlValue>> = {
  integer: integerOf,
  float: (bytes) => Number(textOf(bytes)),
  boolean: (bytes) => bytes[0] === 0x74,
  datetime(bytes) {
    const text = textOf(bytes);
    return parseDatetime(text) ?? text;
  },
  // `\x` and hexadecimal digits.
  bytes: (bytes) => textOf(bytes).slice(2),
  decimal: textOf,
  text: textOf,
  any: textOf,
};

/**
 * Creates what reads the values of a type from the bytes that the server sends: its text form.
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
