import { damaged, shown, unsupported } from "./failures.ts";
import type { Numbers, Records, Tensor } from "./values.ts";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly offset: number;
}

const maxHeader = 65_536;

/**
 * Reads an array in numpy's own format: numbers, booleans, text, or records of numbers. Python objects are refused.
 *
 * @param bytes The file.
 * @param where Its name, for messages.
 *
 * @returns Its values in C order.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readArray(bytes: Uint8Array, where: string): Tensor | Records {
  const { descr, order, shape, start } = header(bytes, where);
  const count = shape.reduce((product, size) => product * size, 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const expectBytes = (size: number) => {
    if (count * size !== view.byteLength)
      throw damaged(where, `expected ${count} values of ${size} bytes, found ${view.byteLength} bytes`);
  };
  if (typeof descr === "string") {
    const size = sizeOf(descr, where);
    expectBytes(size);
    const data = columnOf(view, count, size, { name: "", type: descr, offset: 0 }, where);
    return { shape, kind: descr.charAt(1), data: order && shape.length > 1 ? inOrder(data, shape) : data };
  }
  const { columns, size } = layout(descr, where);
  if (shape.length !== 1) throw damaged(where, `expected a list of records, found ${shape.length} dimensions`);
  expectBytes(size);
  const fields = new Map<string, Numbers>();
  for (const column of columns) {
    const values = columnOf(view, count, size, column, where);
    if (Array.isArray(values)) throw unsupported(where, `records with text are not supported: ${shown(column.name)}`);
    fields.set(column.name, values as Numbers);
  }
  return { length: count, fields };
}

interface Header {
  readonly descr: unknown;
  readonly order: boolean;
  readonly shape: readonly number[];
  readonly start: number;
}

function header(bytes: Uint8Array, where: string): Header {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 12 || magic.some((byte, at) => bytes[at] !== byte))
    throw damaged(where, "expected an array in numpy's format, found other bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(6);
  if (version < 1 || version > 3) throw unsupported(where, `version ${version} of numpy's format is not supported`);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxHeader || start + length > bytes.length)
    throw damaged(where, `expected a header of ${length} bytes, found the end of the file`);
  const text = new TextDecoder().decode(bytes.subarray(start, start + length));
  let parsed: unknown;
  try {
    parsed = JSON.parse(literal(text));
  } catch {
    throw damaged(where, `expected the header of an array, found ${shown(text.trim())}`);
  }
  const { descr, fortran_order: order, shape } = (parsed ?? {}) as Record<string, unknown>;
  if (typeof order !== "boolean" || !Array.isArray(shape) || shape.length > 8 || !shape.every(isSize))
    throw damaged(where, `expected order and shape of an array, found ${shown(text.trim())}`);
  return { descr, order, shape, start: start + length };
}

const isSize = (size: unknown) => Number.isInteger(size) && (size as number) >= 0 && (size as number) < 2 ** 31;

/** The header is a literal of Python, which differs from JSON in quotes, tuples, booleans and trailing commas. */
const literal = (text: string) =>
  text
    .replace(/'/g, '"')
    .replace(/\(/g, "[")
    .replace(/\)/g, "]")
    .replace(/\bTrue\b/g, "true")
    .replace(/\bFalse\b/g, "false")
    .replace(/,\s*([\]}])/g, "$1");

function sizeOf(type: unknown, where: string): number {
  const match = /^([<>|=])([fiubUV])(\d{1,6})$/.exec(String(type));
  const size = Number(match?.[3]);
  const known = { f: [4, 8], i: [1, 2, 4, 8], u: [1, 2, 4, 8], b: [1] }[match?.[2] ?? ""];
  if (!match || size === 0 || (known && !known.includes(size)))
    throw unsupported(where, `arrays of ${shown(type)} are not supported`);
  if (match[1] === ">" && size > 1) throw unsupported(where, `big-endian arrays of ${shown(type)} are not supported`);
  return match[2] === "U" ? size * 4 : size;
}

function layout(descr: unknown, where: string): { columns: readonly Column[]; size: number } {
  if (!Array.isArray(descr)) throw unsupported(where, `arrays of ${shown(JSON.stringify(descr))} are not supported`);
  const columns: Column[] = [];
  let offset = 0;
  for (const field of descr) {
    if (!Array.isArray(field) || field.length !== 2 || typeof field[0] !== "string")
      throw unsupported(where, `records of ${shown(JSON.stringify(field))} are not supported`);
    const [name, type] = field;
    const size = sizeOf(type, where);
    // Padding of aligned records has no name.
    if (String(type).charAt(1) !== "V") columns.push({ name, type: String(type), offset });
    offset += size;
  }
  return { columns, size: offset };
}

function columnOf(
  view: DataView,
  count: number,
  stride: number,
  { type, offset }: Column,
  where: string,
): Tensor["data"] {
  const read = <T extends Numbers>(out: T, at: (byte: number) => number): T => {
    for (let index = 0, byte = offset; index < count; index++, byte += stride) out[index] = at(byte);
    return out;
  };
  switch (type.slice(1)) {
    case "f8":
      return read(new Float64Array(count), (at) => view.getFloat64(at, true));
    case "f4":
      return read(new Float32Array(count), (at) => view.getFloat32(at, true));
    case "i4":
      return read(new Int32Array(count), (at) => view.getInt32(at, true));
    case "u4":
      return read(new Uint32Array(count), (at) => view.getUint32(at, true));
    case "i2":
      return read(new Int32Array(count), (at) => view.getInt16(at, true));
    case "u2":
      return read(new Int32Array(count), (at) => view.getUint16(at, true));
    case "i1":
      return read(new Int32Array(count), (at) => view.getInt8(at));
    case "u1":
    case "b1":
      return read(new Uint8Array(count), (at) => view.getUint8(at));
    case "i8":
    case "u8": {
      const wide = read(new Float64Array(count), (at) => {
        const high = type.charAt(1) === "i" ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true);
        return high * 2 ** 32 + view.getUint32(at, true);
      });
      if (!wide.every(Number.isSafeInteger)) throw unsupported(where, "whole numbers beyond 2^53 are not supported");
      return wide.every((value) => value === (value | 0)) ? Int32Array.from(wide) : wide;
    }
    default:
      if (type.charAt(1) === "U") return texts(view, count, stride, where);
      throw unsupported(where, `arrays of ${shown(type)} are not supported`);
  }
}

/** Text is four bytes a code point, padded with zeros. */
function texts(view: DataView, count: number, size: number, where: string): string[] {
  const list: string[] = [];
  for (let index = 0; index < count; index++) {
    let text = "";
    let zeros = "";
    for (let at = index * size; at < (index + 1) * size; at += 4) {
      const code = view.getUint32(at, true);
      if (code > 0x10ffff) throw damaged(where, `expected a character, found the code ${code}`);
      if (code === 0) zeros += "\0";
      else {
        text += zeros + String.fromCodePoint(code);
        zeros = "";
      }
    }
    list.push(text);
  }
  return list;
}

function inOrder(data: Tensor["data"], shape: readonly number[]): Tensor["data"] {
  const out = data.slice() as Float64Array;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  for (let at = 0; at < out.length; at++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) from += (index[axis] ?? 0) * (strides[axis] ?? 0);
    out[at] = data[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next < (shape[axis] ?? 0) ? next : 0;
      if (next < (shape[axis] ?? 0)) break;
    }
  }
  return out;
}
