import { must, OnnxFault } from "../fault.ts";
import { bytesOf, elementType, type NumberTensor, type NumberType, sizeOf, type Tensor, zeros } from "../tensor.ts";
import {
  type Cursor,
  field,
  integer,
  message,
  NumberList,
  real,
  repeated,
  signed,
  slice,
  text,
  wires,
} from "./wire.ts";

/** Readers of one element of raw data, in little-endian order. */
const raw: Readonly<Record<NumberType, (view: DataView, at: number) => number>> = {
  float: (view, at) => view.getFloat32(at, true),
  double: (view, at) => view.getFloat64(at, true),
  int64: (view, at) => signed(view.getUint32(at, true), view.getUint32(at + 4, true)),
  uint64: (view, at) => unsigned(signed(view.getUint32(at, true), view.getUint32(at + 4, true))),
  int32: (view, at) => view.getInt32(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int16: (view, at) => view.getInt16(at, true),
  uint16: (view, at) => view.getUint16(at, true),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

function unsigned(value: number): number {
  if (value < 0) throw new OnnxFault("integers beyond 2^53", "unsupported");
  return value;
}

function fromRaw(type: NumberType, dims: readonly number[], bytes: Uint8Array): NumberTensor {
  const size = bytesOf(type);
  const count = bytes.byteLength / size;
  must(
    sizeOf(dims) === count,
    () => `expected data for the shape [${dims}] of ${type}, found ${bytes.byteLength} bytes`,
  );
  const made = zeros(type, dims);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = raw[type];
  for (let at = 0; at < count; at += 1) made.data[at] = read(view, at * size);
  return made;
}

/** Lists of a tensor that hold elements of a type, where they are not raw. */
const listOf: Readonly<Record<NumberType, "floats" | "doubles" | "longs" | "ints" | "unsigned">> = {
  float: "floats",
  double: "doubles",
  int64: "longs",
  uint32: "unsigned",
  uint64: "unsigned",
  int32: "ints",
  int16: "ints",
  uint16: "ints",
  int8: "ints",
  uint8: "ints",
  bool: "ints",
};

/**
 * Tensor of a `TensorProto` (onnx.proto, field numbers as there).
 *
 * @param cursor Cursor over the message.
 *
 * @returns Its name and its values.
 */
export function readTensor(cursor: Cursor): { name: string; tensor: Tensor } {
  const dims = new NumberList();
  const lists = {
    floats: new NumberList(),
    ints: new NumberList(),
    longs: new NumberList(),
    doubles: new NumberList(),
    unsigned: new NumberList(),
  };
  const strings: string[] = [];
  let type = 0;
  let name = "";
  let bytes: Uint8Array | undefined;
  let external = false;
  message(cursor, {
    1: repeated(() => dims, wires.varint, integer),
    2: field(wires.varint, (at) => {
      type = integer(at);
    }),
    4: repeated(
      () => lists.floats,
      wires.fixed32,
      (at) => real(at, 4),
    ),
    5: repeated(() => lists.ints, wires.varint, integer),
    6: field(wires.bytes, (at) => strings.push(text(at))),
    7: repeated(() => lists.longs, wires.varint, integer),
    8: field(wires.bytes, (at) => {
      name = text(at);
    }),
    9: field(wires.bytes, (at) => {
      bytes = slice(at);
    }),
    10: repeated(
      () => lists.doubles,
      wires.fixed64,
      (at) => real(at, 8),
    ),
    11: repeated(() => lists.unsigned, wires.varint, integer),
    13: field(wires.bytes, (at) => {
      slice(at);
      external = true;
    }),
    14: field(wires.varint, (at) => {
      external ||= integer(at) !== 0;
    }),
  });
  if (external)
    throw new OnnxFault(`the tensor ${name || "without a name"}, whose data lies in another file`, "unsupported");
  const shape = [...dims.toArray()];
  return { name, tensor: assemble(elementType(type), shape, bytes, strings, lists) };
}

function assemble(
  type: Tensor["type"],
  dims: readonly number[],
  bytes: Uint8Array | undefined,
  strings: readonly string[],
  lists: Readonly<Record<"floats" | "doubles" | "longs" | "ints" | "unsigned", NumberList>>,
): Tensor {
  if (type === "string") {
    must(sizeOf(dims) === strings.length, () => `expected texts for the shape [${dims}], found ${strings.length}`);
    return { type, dims, data: strings };
  }
  if (bytes !== undefined) return fromRaw(type, dims, bytes);
  const list = lists[listOf[type]];
  must(
    sizeOf(dims) === list.length,
    () => `expected data for the shape [${dims}] of ${type}, found ${list.length} numbers`,
  );
  const made = zeros(type, dims);
  made.data.set(list.toArray());
  return made;
}
