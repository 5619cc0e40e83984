import type { SchemaElement } from "hyparquet";

/** Text that may hold any bytes: an error of its own, because a frame has no column of bytes. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How many decimals of a second each unit has. */
const unitDigits = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;

/**
 * Finds where the point of a decimal is.
 *
 * @param element Its element.
 *
 * @returns How many digits follow the point.
 */
export function scaleOf({ logical_type: type, scale }: SchemaElement): number {
  return (type?.type === "DECIMAL" ? type.scale : scale) ?? 0;
}

/**
 * Finds how fine a time of day is.
 *
 * @param element Its element.
 *
 * @returns How many decimals of a second it has.
 */
export function digitsOf({ logical_type: type, converted_type: older }: SchemaElement): number {
  if (type?.type === "TIME") return unitDigits[type.unit];
  return older === "TIME_MICROS" ? unitDigits.MICROS : unitDigits.MILLIS;
}

/**
 * Creates the text of a decimal.
 *
 * @param value The integer, as a number or in the bytes of its two's complement.
 * @param scale How many of its digits follow the point.
 *
 * @returns All its digits.
 */
export function decimalText(value: number | bigint | Uint8Array, scale: number): string {
  const integer = unscaled(value);
  const text = String(integer < 0n ? -integer : integer).padStart(scale + 1, "0");
  const point = text.length - scale;
  const fraction = scale > 0 ? `.${text.slice(point)}` : "";
  return `${integer < 0n ? "-" : ""}${text.slice(0, point)}${fraction}`;
}

function unscaled(value: number | bigint | Uint8Array): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value);
  const bits = value.length * 8;
  const magnitude = value.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(bits, magnitude);
}

/**
 * Creates the text of a time of day, in ISO 8601.
 *
 * @param value How many of its smallest units have passed since midnight.
 * @param digits How many decimals of a second it has.
 *
 * @returns `03:04:05.678`.
 */
export function timeText(value: number | bigint, digits: number): string {
  const second = 10n ** BigInt(digits);
  const passed = BigInt(value);
  const two = (part: bigint) => String(part).padStart(2, "0");
  const seconds = passed / second;
  const fraction = String(passed % second).padStart(digits, "0");
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${fraction}`;
}

/**
 * Creates the text that bytes are.
 *
 * @param value The bytes.
 *
 * @returns The text; undefined where they are no UTF-8.
 */
export function utf8Text(value: string | Uint8Array): string | undefined {
  if (typeof value === "string") return value;
  try {
    return utf8.decode(value);
  } catch {
    return undefined;
  }
}
