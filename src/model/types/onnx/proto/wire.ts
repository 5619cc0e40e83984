import { must, OnnxFault } from "../fault.ts";

/** Cursor over one message of Protocol Buffers. */
export interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  readonly end: number;
}

/** Cursor over a whole file. */
export const cursorOf = (bytes: Uint8Array): Cursor => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  at: 0,
  end: bytes.byteLength,
});

/** Low and high halves of the last varint, unsigned. */
let low = 0;
let high = 0;

function readVarint(cursor: Cursor): void {
  low = 0;
  high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    must(cursor.at < cursor.end, () => `expected a number at byte ${cursor.at}, found the end`);
    const byte = cursor.bytes[cursor.at++] ?? 0;
    const bits = byte & 0x7f;
    if (shift < 28) low += bits * 2 ** shift;
    else if (shift === 28) {
      low += (bits & 0xf) * 2 ** 28;
      high += bits >> 4;
    } else high += bits * 2 ** (shift - 32);
    if (byte < 0x80) {
      high %= 2 ** 32;
      return;
    }
  }
  throw new OnnxFault(`expected a number of at most ten bytes, found more before byte ${cursor.at}`);
}

/** The 64 bits of two unsigned halves as a number, signed; the greatest values become -2^63 and 2^63. */
export function signed(lowBits: number, highBits: number): number {
  const value = (highBits | 0) * 2 ** 32 + lowBits;
  if (Number.isSafeInteger(value)) return value;
  if (highBits === 0x7fffffff && lowBits === 0xffffffff) return 2 ** 63;
  if (value === -(2 ** 63)) return value;
  throw new OnnxFault(`integers beyond 2^53 (${(BigInt(highBits | 0) << 32n) | BigInt(lowBits)})`, "unsupported");
}

/** Signed integer of a varint. */
export function integer(cursor: Cursor): number {
  readVarint(cursor);
  return high === 0 ? low : signed(low, high);
}

/** Enters a message, text or packed list: a cursor over its bytes; the outer one moves past it. */
export function inner(cursor: Cursor): Cursor {
  const start = cursor.at;
  const length = integer(cursor);
  must(
    length >= 0 && length <= cursor.end - cursor.at,
    () => `expected ${length} bytes from byte ${start}, found the end`,
  );
  const entered = { bytes: cursor.bytes, view: cursor.view, at: cursor.at, end: cursor.at + length };
  cursor.at += length;
  return entered;
}

/** Bytes of a field. */
export function slice(cursor: Cursor): Uint8Array {
  const { at, end, bytes } = inner(cursor);
  return bytes.subarray(at, end);
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of a field. */
export function text(cursor: Cursor): string {
  const { at } = cursor;
  try {
    return decoder.decode(slice(cursor));
  } catch (cause) {
    if (cause instanceof OnnxFault) throw cause;
    throw new OnnxFault(`expected UTF-8 at byte ${at}, found other bytes`);
  }
}

/** Float of 32 or 64 bits. */
export function real(cursor: Cursor, size: 4 | 8): number {
  const { at, end } = cursor;
  must(at + size <= end, () => `expected ${size} bytes at byte ${at}, found the end`);
  cursor.at = at + size;
  return size === 4 ? cursor.view.getFloat32(at, true) : cursor.view.getFloat64(at, true);
}

function skip(cursor: Cursor, wire: number): void {
  if (wire === 0) readVarint(cursor);
  else if (wire === 1) real(cursor, 8);
  else if (wire === 5) real(cursor, 4);
  else if (wire === 2) inner(cursor);
  else throw new OnnxFault(`expected a field of a known kind before byte ${cursor.at}, found kind ${wire}`);
}

/** Kinds of fields in the encoding. */
export const wires = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Reader of one field: of which kind it may be and what to do with it. */
export type Fields = Readonly<Record<number, (cursor: Cursor, wire: number) => void>>;

/**
 * Reads a message field by field; fields that are not asked for are passed over.
 *
 * @param cursor Cursor over the message.
 * @param fields What to do with each field, by its number. A function takes what the wire holds.
 */
export function message(cursor: Cursor, fields: Fields): void {
  while (cursor.at < cursor.end) {
    const start = cursor.at;
    readVarint(cursor);
    must(high === 0 && low >= 8, () => `expected a field at byte ${start}, found the number ${low}`);
    const wire = low & 7;
    const take = fields[Math.floor(low / 8)];
    if (take) take(cursor, wire);
    else skip(cursor, wire);
  }
}

/** Field of one kind: anything else is a damaged file. */
export const field =
  (wire: number, take: (cursor: Cursor) => void): ((cursor: Cursor, found: number) => void) =>
  (cursor, found) => {
    must(found === wire, () => `expected a field of kind ${wire} before byte ${cursor.at}, found kind ${found}`);
    take(cursor);
  };

/** Growing list of numbers, packed or one by one. */
export class NumberList {
  #data = new Float64Array(8);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = new Float64Array(this.#length * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length++] = value;
  }

  get length(): number {
    return this.#length;
  }

  /** The numbers, in an array of their own. */
  toArray(): Float64Array {
    return this.#data.slice(0, this.#length);
  }
}

/** Repeated numbers of a field: packed, or one by one. */
export const repeated =
  (list: () => NumberList, wire: number, read: (cursor: Cursor) => number): ((cursor: Cursor, found: number) => void) =>
  (cursor, found) => {
    if (found === wire) return list().push(read(cursor));
    must(found === wires.bytes, () => `expected numbers before byte ${cursor.at}, found a field of kind ${found}`);
    const packed = inner(cursor);
    while (packed.at < packed.end) list().push(read(packed));
  };
