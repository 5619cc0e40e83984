/** Values of a tensor, row-major. */
export type TensorValues = ArrayLike<unknown>;

/** Datatype of the Open Inference Protocol. */
export interface Datatype {
  readonly name: string;
  readonly kind: "bool" | "integer" | "float" | "bytes";
  /** Bytes of an element; 0 where each has its own length. */
  readonly size: number;
  /** Least and greatest whole number. */
  readonly range?: readonly [bigint, bigint];
  /** Reads elements, little-endian. The bytes are as many as the elements take. */
  read(bytes: Uint8Array<ArrayBuffer>): TensorValues;
}

interface TypedArray {
  new (buffer: ArrayBuffer): TensorValues;
  readonly BYTES_PER_ELEMENT: number;
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Elements in memory of their own, where they are aligned, in the order of bytes that the machine has. */
function typed(Type: TypedArray): Datatype["read"] {
  return (bytes) => {
    const own = bytes.slice();
    if (!isLittleEndian) {
      for (let at = 0; at < own.length; at += Type.BYTES_PER_ELEMENT)
        own.subarray(at, at + Type.BYTES_PER_ELEMENT).reverse();
    }
    return new Type(own.buffer);
  };
}

const integer = (name: string, Type: TypedArray): Datatype => {
  const size = Type.BYTES_PER_ELEMENT;
  const bits = BigInt(8 * size);
  const range = name.startsWith("U")
    ? ([0n, 2n ** bits - 1n] as const)
    : ([-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n] as const);
  return { name, kind: "integer", size, range, read: typed(Type) };
};

const list: readonly Datatype[] = [
  { name: "BOOL", kind: "bool", size: 1, read: (bytes) => bytes },
  integer("UINT8", Uint8Array),
  integer("UINT16", Uint16Array),
  integer("UINT32", Uint32Array),
  integer("UINT64", BigUint64Array),
  integer("INT8", Int8Array),
  integer("INT16", Int16Array),
  integer("INT32", Int32Array),
  integer("INT64", BigInt64Array),
  { name: "FP16", kind: "float", size: 2, read: halves },
  { name: "FP32", kind: "float", size: 4, read: typed(Float32Array) },
  { name: "FP64", kind: "float", size: 8, read: typed(Float64Array) },
  { name: "BYTES", kind: "bytes", size: 0, read: (bytes) => [bytes] },
];

/** The one table of datatypes, by name. */
export const datatypes: ReadonlyMap<string, Datatype> = new Map(list.map((one) => [one.name, one]));

/** Numbers of IEEE 754 binary16, which not all runtimes can read. */
function halves(bytes: Uint8Array<ArrayBuffer>): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / 2 }, (_, index) => halfOf(view.getUint16(2 * index, true)));
}

function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * Number that is nearest in a datatype, half to even: what the same number in binary would have been.
 *
 * @param value A number.
 * @param datatype FP16, FP32 or FP64.
 *
 * @returns The number; an infinity if it is too large for the datatype.
 */
export function rounded(value: number, { size }: Datatype): number {
  if (size === 8 || value === 0) return value;
  if (size === 4) return Math.fround(value);
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -14);
  const step = 2 ** (exponent - 10);
  const steps = value / step;
  const down = Math.floor(steps);
  const rest = steps - down;
  const near = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  const result = near * step;
  return Math.abs(result) >= 65_520 ? Math.sign(value) * Number.POSITIVE_INFINITY : result;
}
