import { type TypedColumn, textColumn } from "../../data/frame/column.ts";
import { frameOf, typedColumn } from "../../data/frame/frame.ts";
import { dictionaryText, type EncodedText, sliceText, textLength } from "../../data/frame/text.ts";
import type { Column, DType, Frame } from "../../data/types.ts";
import { LaunchpadError } from "../../errors.ts";

/** Frame in the header of a message: its columns name the buffers of their values by position. */
export interface FrameHeader {
  readonly rows: number;
  readonly columns: readonly ColumnHeader[];
}

/**
 * Column in the header of a message. `float64` and `datetime` (milliseconds since 1970, UTC) are float64 with NaN for
 * missing; `int64` is float64 where every value is a safe integer, else int64; `bool` is one byte a row: 0, 1, or 2 for
 * missing; `str` is UTF-8 and offsets, of each row, or of each different value and a code a row, -1 for missing.
 */
export interface ColumnHeader {
  readonly name: string;
  readonly dtype: DType;
  readonly values?: number;
  /** Of `int64`: how its values are kept. */
  readonly as?: "float64" | "int64";
  readonly bytes?: number;
  readonly offsets?: number;
  readonly codes?: number;
  /** One byte a row, 1 for missing; absent where none is. */
  readonly missing?: number;
}

/**
 * Describes a frame for a message.
 *
 * @param frame The frame.
 * @param buffers Where the values go; nothing is copied that is bytes already.
 *
 * @returns What the header holds of it.
 */
export function packFrame(frame: Frame, buffers: Uint8Array[]): FrameHeader {
  const columns = frame.names.map((name) => packColumn(name, typedColumn(frame, name), buffers));
  return { rows: frame.length, columns };
}

/**
 * Creates the frame that a message describes. Its columns are views of the buffers where they can be.
 *
 * @param header What the header holds of it.
 * @param buffers The buffers of the message.
 *
 * @returns The frame.
 *
 * @throws HOST_FAILED when the buffers are not as described.
 */
export function unpackFrame(header: FrameHeader, buffers: readonly Uint8Array[]): Frame {
  const columns = header.columns.map((column) => [column.name, unpackColumn(column, header.rows, buffers)] as const);
  return frameOf(new Map(columns), header.rows);
}

function packColumn(name: string, column: TypedColumn, buffers: Uint8Array[]): ColumnHeader {
  const { dtype } = column;
  const add = (values: ArrayBufferView) => buffers.push(bytesOf(values)) - 1;
  if (dtype === "str") return { name, dtype, ...packText(column.text ?? encodeText(column.values), add) };
  const { values } = column;
  if (values instanceof BigInt64Array) return { name, dtype, as: "int64", values: add(values) };
  if (values instanceof Float64Array) {
    return { name, dtype, ...(dtype === "int64" && { as: "float64" as const }), values: add(values) };
  }
  if (dtype === "bool") return { name, dtype, values: add(Uint8Array.from(values as Cells, truth)) };
  return { name, dtype, values: add(Float64Array.from(values as Cells, milliseconds)) };
}

type Cells = ArrayLike<unknown>;

function truth(value: unknown): number {
  return value === null ? 2 : Number(value);
}

function milliseconds(value: unknown): number {
  return value instanceof Date ? value.getTime() : Number.NaN;
}

function packText(text: EncodedText, add: (values: ArrayBufferView) => number): Partial<ColumnHeader> {
  if (text.codes) return { bytes: add(text.bytes), offsets: add(text.offsets), codes: add(text.codes) };
  // A slice shares the bytes of the whole.
  const [start = 0, end = 0] = [text.offsets[0], text.offsets[text.offsets.length - 1]];
  const offsets = start === 0 ? text.offsets : text.offsets.map((offset) => offset - start);
  return {
    bytes: add(text.bytes.subarray(start, end)),
    offsets: add(offsets),
    ...(text.missing && { missing: add(text.missing) }),
  };
}

/** Strings as bytes and offsets, where a frame has strings. */
function encodeText(values: Column): EncodedText {
  const encoder = new TextEncoder();
  const offsets = new Uint32Array(values.length + 1);
  const missing = new Uint8Array(values.length);
  let bytes = new Uint8Array(Math.max(64, values.length * 8));
  let used = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (typeof value === "string") {
      // No UTF-16 unit takes more than three bytes.
      if (bytes.length - used < value.length * 3) bytes = larger(bytes, used + value.length * 3);
      used += encoder.encodeInto(value, bytes.subarray(used)).written;
    } else missing[row] = 1;
    offsets[row + 1] = used;
  }
  return { bytes: bytes.subarray(0, used), offsets, ...(missing.includes(1) && { missing }) };
}

function larger(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(needed, bytes.length * 2));
  more.set(bytes);
  return more;
}

function unpackColumn(column: ColumnHeader, rows: number, buffers: readonly Uint8Array[]): TypedColumn {
  const { name, dtype } = column;
  const at = (index: number | undefined): Uint8Array => {
    const buffer = buffers[index ?? -1];
    if (buffer === undefined) throw misfit(name);
    return buffer;
  };
  const floats = () => sized(float64(at(column.values)), rows, name);
  switch (dtype) {
    case "float64":
      return { dtype, values: floats() };
    case "int64":
      if (column.as === "float64") return { dtype, values: floats() };
      return { dtype, values: sized(int64(at(column.values)), rows, name) };
    case "bool":
      return { dtype, values: Array.from(sized(at(column.values), rows, name), (it) => (it === 2 ? null : it === 1)) };
    case "datetime":
      return { dtype, values: Array.from(floats(), (it) => (Number.isNaN(it) ? null : new Date(it))) };
    case "str": {
      const offsets = uint32(at(column.offsets));
      const bytes = at(column.bytes);
      if ((offsets[offsets.length - 1] ?? 0) > bytes.length) throw misfit(name);
      const text: EncodedText =
        column.codes === undefined
          ? { bytes, offsets, ...(column.missing !== undefined && { missing: sized(at(column.missing), rows, name) }) }
          : dictionaryText(bytes, offsets, int32(at(column.codes)));
      if (textLength(text) !== rows) throw misfit(name);
      return textColumn(sliceText(text, 0, rows));
    }
    default:
      throw misfit(name);
  }
}

function sized<T extends { readonly length: number }>(values: T, rows: number, name: string): T {
  if (values.length !== rows) throw misfit(name);
  return values;
}

function misfit(name: string): LaunchpadError {
  return new LaunchpadError(
    "HOST_FAILED",
    `[model] column "${name}": the process of the model sent other values than it described`,
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** Buffers of a message are aligned; those of other bytes are copied. */
function aligned({ buffer, byteOffset, byteLength }: Uint8Array): [ArrayBuffer, number, number] {
  if (byteOffset % 8 === 0) return [buffer as ArrayBuffer, byteOffset, byteLength];
  return [(buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength), 0, byteLength];
}

/** Typed arrays over the bytes of a buffer. */
export const float64 = (bytes: Uint8Array) => view(Float64Array, bytes);
export const int64 = (bytes: Uint8Array) => view(BigInt64Array, bytes);
export const int32 = (bytes: Uint8Array) => view(Int32Array, bytes);
export const uint32 = (bytes: Uint8Array) => view(Uint32Array, bytes);

function view<T>(
  type: { new (buffer: ArrayBuffer, offset: number, length: number): T; readonly BYTES_PER_ELEMENT: number },
  bytes: Uint8Array,
): T {
  const [buffer, offset, length] = aligned(bytes);
  return new type(buffer, offset, Math.floor(length / type.BYTES_PER_ELEMENT));
}
