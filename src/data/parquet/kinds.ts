import type { SchemaElement, SchemaTree } from "hyparquet";
import type { Cell, DType } from "../types.ts";

/** What a column of a file is here. */
export interface Kind {
  readonly dtype: DType;
  /** What a value is as a cell; undefined for bytes that are no text. Without it, values are cells already. */
  readonly cell?: (value: never) => Cell | undefined;
}

/** Text that may hold any bytes: an error of its own, because a frame has no column of bytes. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const integer: Kind = { dtype: "int64" };
const float: Kind = { dtype: "float64" };
const boolean: Kind = { dtype: "bool" };
const date: Kind = { dtype: "datetime" };
const text: Kind = { dtype: "str", cell: (value: string | Uint8Array) => textOf(value) };
const nested: Kind = { dtype: "str", cell: (value: unknown) => JSON.stringify(value, plain) };
const uuid: Kind = { dtype: "str" };

/** What each physical type is, where nothing else is said of it. */
const physical: Readonly<Record<string, Kind>> = {
  BOOLEAN: boolean,
  INT32: integer,
  INT64: integer,
  INT96: date,
  FLOAT: float,
  DOUBLE: float,
  BYTE_ARRAY: text,
  FIXED_LEN_BYTE_ARRAY: text,
};

/** What each logical or converted type is, where it is not what its physical type is. */
const logical: Readonly<Record<string, (element: SchemaElement) => Kind>> = {
  DATE: () => date,
  TIMESTAMP: () => date,
  TIMESTAMP_MILLIS: () => date,
  TIMESTAMP_MICROS: () => date,
  TIME: ({ logical_type: type }) => time(type?.type === "TIME" ? digits[type.unit] : 3),
  TIME_MILLIS: () => time(digits.MILLIS),
  TIME_MICROS: () => time(digits.MICROS),
  DECIMAL: (element) => decimal(scaleOf(element)),
  FLOAT16: () => float,
  UUID: () => uuid,
  VARIANT: () => nested,
  GEOMETRY: () => nested,
  GEOGRAPHY: () => nested,
};

const digits = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;

/**
 * Tells what a column is.
 *
 * @param column The column in the schema.
 *
 * @returns How its values become cells.
 */
export function kindOf({ element, children }: SchemaTree): Kind {
  if (element.logical_type?.type === "VARIANT" || children.length > 0 || element.repetition_type === "REPEATED") {
    return nested;
  }
  for (const name of [element.logical_type?.type, element.converted_type]) {
    const kind = name !== undefined && Object.hasOwn(logical, name) ? logical[name] : undefined;
    if (kind) return kind(element);
  }
  return physical[element.type ?? ""] ?? text;
}

/**
 * Changes the schema so that the parser hands out what it would otherwise change: decimals by all their digits.
 *
 * @param column A column that is not nested.
 */
export function keepExact({ element, children }: SchemaTree): void {
  if (children.length > 0) return;
  const name = element.logical_type?.type ?? element.converted_type;
  // The parser knows a date by its older name only.
  if (name === "DATE") element.converted_type = "DATE";
  if (name !== "DECIMAL") return;
  delete element.converted_type;
  delete element.logical_type;
}

function scaleOf({ logical_type: type, scale }: SchemaElement): number {
  return (type?.type === "DECIMAL" ? type.scale : scale) ?? 0;
}

/** A decimal is an integer and where its point is. Its text, unlike a float made by multiplying, is exact. */
function decimal(scale: number): Kind {
  return { dtype: "float64", cell: (value: number | bigint | Uint8Array) => pointed(unscaled(value), scale) };
}

function unscaled(value: number | bigint | Uint8Array): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value);
  const bits = value.length * 8;
  const magnitude = value.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(bits, magnitude);
}

function pointed(value: bigint, scale: number): string {
  const negative = value < 0n;
  const text = String(negative ? -value : value).padStart(scale + 1, "0");
  const point = text.length - scale;
  const fraction = scale > 0 ? `.${text.slice(point)}` : "";
  return `${negative ? "-" : ""}${text.slice(0, point)}${fraction}`;
}

/** A time of day in ISO 8601, from how many of its smallest units have passed since midnight. */
function time(digits: number): Kind {
  return {
    dtype: "str",
    cell(value: number | bigint) {
      const second = 10n ** BigInt(digits);
      const passed = BigInt(value);
      const two = (part: bigint) => String(part).padStart(2, "0");
      const seconds = passed / second;
      const fraction = String(passed % second).padStart(digits, "0");
      return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${fraction}`;
    },
  };
}

function textOf(value: string | Uint8Array): string | undefined {
  if (typeof value === "string") return value;
  try {
    return utf8.decode(value);
  } catch {
    return undefined;
  }
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Uint8Array ? (textOf(value) ?? Array.from(value)) : value;
}
