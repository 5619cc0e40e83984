import { must, OnnxFault } from "./fault.ts";

/** Typed array of numbers. Integers of 64 bits are numbers, too: what is beyond 2^53 is refused, never rounded. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** What an element type is: its name and number in the format, its bytes there, and the array that holds it here. */
interface Element {
  readonly code: number;
  readonly bytes: number;
  readonly make: (length: number) => Numbers;
  /** Least and greatest value of an integer type. */
  readonly range?: readonly [number, number];
}

const two63 = 2 ** 63;

/** Element types that the reader knows, by their names in ONNX. Texts have an array of their own. */
export const elements = {
  float: { code: 1, bytes: 4, make: (n) => new Float32Array(n) },
  uint8: { code: 2, bytes: 1, make: (n) => new Uint8Array(n), range: [0, 255] },
  int8: { code: 3, bytes: 1, make: (n) => new Int8Array(n), range: [-128, 127] },
  uint16: { code: 4, bytes: 2, make: (n) => new Uint16Array(n), range: [0, 65535] },
  int16: { code: 5, bytes: 2, make: (n) => new Int16Array(n), range: [-32768, 32767] },
  int32: { code: 6, bytes: 4, make: (n) => new Int32Array(n), range: [-(2 ** 31), 2 ** 31 - 1] },
  int64: { code: 7, bytes: 8, make: (n) => new Float64Array(n), range: [-two63, two63] },
  bool: { code: 9, bytes: 1, make: (n) => new Uint8Array(n) },
  double: { code: 11, bytes: 8, make: (n) => new Float64Array(n) },
  uint32: { code: 12, bytes: 4, make: (n) => new Uint32Array(n), range: [0, 2 ** 32 - 1] },
  uint64: { code: 13, bytes: 8, make: (n) => new Float64Array(n), range: [0, 2 ** 64] },
} as const satisfies Record<string, Element>;

/** Name of a type of numbers. */
export type NumberType = keyof typeof elements;
/** Name of an element type. */
export type ElementType = NumberType | "string";

/** Tensor of numbers; a bool is 0 or 1. */
export interface NumberTensor {
  readonly type: NumberType;
  readonly dims: readonly number[];
  readonly data: Numbers;
}

/** Tensor of texts. */
export interface TextTensor {
  readonly type: "string";
  readonly dims: readonly number[];
  readonly data: readonly string[];
}

/** Values in row-major order and their shape. */
export type Tensor = NumberTensor | TextTensor;

/** Most elements that one tensor may have: 512 MiB of float64. A file that asks for more lies about its shapes. */
const maxElements = 2 ** 26;

const names = new Map<number, ElementType>([
  ...Object.entries(elements).map(([name, { code }]) => [code, name as NumberType] as const),
  [8, "string"],
]);

/** Names of types that the format has and this reader has not. */
const foreign: Readonly<Record<number, string>> = { 10: "float16", 14: "complex64", 15: "complex128", 16: "bfloat16" };

/** Tells whether the reader has an element type, by its number in the format. */
export const isKnown = (code: number): boolean => names.has(code);

/**
 * Name of an element type.
 *
 * @param code Its number in the format.
 */
export function elementType(code: number): ElementType {
  const name = names.get(code);
  if (name === undefined) throw new OnnxFault(`elements of type ${foreign[code] ?? code}`, "unsupported");
  return name;
}

/** Size of an element type in bytes. */
export const bytesOf = (type: NumberType): number => elements[type].bytes;

/** Range of an integer type, undefined for the others. */
export const rangeOf = (type: NumberType): readonly [number, number] | undefined => {
  const element: Element = elements[type];
  return element.range;
};

/** Tells whether numbers of a type have fractions. */
export const isReal = (type: ElementType): type is "float" | "double" => type === "float" || type === "double";

/** Number of elements of a shape. */
export function sizeOf(dims: readonly number[]): number {
  let size = 1;
  for (const dim of dims) {
    must(Number.isInteger(dim) && dim >= 0, () => `expected a shape of whole numbers from 0, found [${dims}]`);
    size *= dim;
  }
  must(size <= maxElements, () => `expected at most ${maxElements} elements, found the shape [${dims}]`);
  return size;
}

/** Tensor of zeros. */
export function zeros(type: NumberType, dims: readonly number[]): NumberTensor {
  return { type, dims, data: elements[type].make(sizeOf(dims)) };
}

/** Tensor of empty texts, to be filled. */
export function blanks(dims: readonly number[]): TextTensor & { readonly data: string[] } {
  return { type: "string", dims, data: new Array<string>(sizeOf(dims)).fill("") };
}

/** Tensor of numbers of a type; the numbers are copied. */
export function tensorOf(type: NumberType, dims: readonly number[], values: ArrayLike<number>): NumberTensor {
  const made = zeros(type, dims);
  made.data.set(values);
  return made;
}

/** The same values in another shape of the same size. */
export function reshaped(tensor: Tensor, dims: readonly number[]): Tensor {
  must(
    sizeOf(dims) === tensor.data.length,
    () => `expected a shape of ${tensor.data.length} elements, found [${dims}]`,
  );
  return { ...tensor, dims };
}

/** A tensor of numbers, and no texts. */
export function numbers(tensor: Tensor | undefined): NumberTensor {
  if (tensor === undefined) throw new OnnxFault("expected one more input, found none");
  must(tensor.type !== "string", () => "expected numbers, found strings");
  return tensor;
}

/** A tensor of texts. */
export function texts(tensor: Tensor | undefined): TextTensor {
  if (tensor === undefined) throw new OnnxFault("expected one more input, found none");
  must(tensor.type === "string", () => `expected strings, found ${tensor.type}`);
  return tensor;
}

/**
 * Tensor of the elements of another at given places, in a new shape.
 *
 * @param from Tensor to take from.
 * @param dims New shape.
 * @param place Place in `from` of the element at a place of the new tensor; -1 leaves zero, or an empty text.
 */
export function gathered(from: Tensor, dims: readonly number[], place: (at: number) => number): Tensor {
  if (from.type === "string") {
    const made = blanks(dims);
    for (let at = 0; at < made.data.length; at += 1) {
      const source = place(at);
      if (source >= 0) made.data[at] = from.data[source] ?? "";
    }
    return made;
  }
  const made = zeros(from.type, dims);
  const { data } = made;
  const source = from.data;
  for (let at = 0; at < data.length; at += 1) {
    const index = place(at);
    if (index >= 0) data[at] = source[index] ?? 0;
  }
  return made;
}

/** Integer of 64 bits that a number can hold. */
export function checkedInteger(value: number): number {
  if (Number.isSafeInteger(value) || value === two63 || value === -two63) return value;
  throw new OnnxFault(`expected an integer of at most 2^53, found ${value}`, "arguments");
}

/** Axis from 0, of one that may count from the end. */
export function axisOf(axis: number, rank: number): number {
  must(Number.isInteger(axis) && axis >= -rank && axis < rank, () => `expected an axis of ${rank}, found ${axis}`);
  return axis < 0 ? axis + rank : axis;
}

/** Product of a part of a shape. */
export const span = (dims: readonly number[], from: number, to: number = dims.length): number => {
  let product = 1;
  for (let at = from; at < to; at += 1) product *= dims[at] ?? 1;
  return product;
};

/** Steps of each axis in row-major order. */
export const stridesOf = (dims: readonly number[]): number[] => dims.map((_, at) => span(dims, at + 1));
