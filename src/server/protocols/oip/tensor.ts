import { shown } from "../../../schema/scalars.ts";
import { truncateText } from "../../../util/truncate.ts";
import { invalid } from "../invalid.ts";
import { type Datatype, rounded, type TensorValues } from "./datatypes.ts";

/** Parameters of a request, a tensor or an output. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** Tensor as a model reads it. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** As many as the shape says: numbers (bigints past 2^53), booleans, texts, or bytes. */
  readonly values: TensorValues;
  readonly parameters: Parameters;
}

/** Number of elements that a shape says; it may be past what a number holds exactly, but then nothing has as many. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Reads the data of a tensor in JSON, nested or flat.
 *
 * @param data What was sent.
 * @param tensor What is known of the tensor.
 *
 * @returns The values.
 *
 * @throws ARGUMENTS_INVALID for another number of values than the shape says, or one that the datatype has not.
 */
export function valuesInJson(
  data: unknown,
  { name, datatype, shape }: Omit<Tensor, "values" | "parameters">,
): unknown[] {
  if (!Array.isArray(data))
    throw invalid(name, `expected data, a list, found ${data === undefined ? "none" : kindOf(data)}`);
  const nested = data.length > 0 && Array.isArray(data[0]);
  const values: unknown[] = nested ? flattened(data, shape, name) : data;
  const expected = elementsOf(shape);
  if (values.length !== expected) {
    throw invalid(name, `expected ${expected} values for the shape [${shape}], found ${values.length}`);
  }
  const read = readers[datatype.kind];
  const result: unknown[] = new Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = read(values[index], datatype);
    if (value === undefined) {
      throw invalid(name, `value ${index + 1}: expected ${datatype.name}, found ${kindOf(values[index])}`);
    }
    result[index] = value;
  }
  return result;
}

/** Lists in lists must have the very shape: what is merely as long would be other rows. */
function flattened(data: readonly unknown[], shape: readonly number[], name: string): unknown[] {
  const flat: unknown[] = [];
  const visit = (value: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (Array.isArray(value)) throw invalid(name, `expected data of the shape [${shape}], found lists nested deeper`);
      flat.push(value);
      return;
    }
    if (!Array.isArray(value) || value.length !== shape[axis]) {
      const found = Array.isArray(value) ? `a list of ${value.length}` : kindOf(value);
      throw invalid(name, `expected data of the shape [${shape}], found ${found} in dimension ${axis + 1}`);
    }
    for (const inner of value) visit(inner, axis + 1);
  };
  visit(data, 0);
  return flat;
}

/** What each kind of datatype takes from JSON; undefined is refused. Null is what is missing in a column. */
const readers: Readonly<Record<Datatype["kind"], (value: unknown, datatype: Datatype) => unknown>> = {
  bool: (value) => (typeof value === "boolean" || value === null ? value : undefined),
  bytes: (value) => (typeof value === "string" || value === null ? value : undefined),
  float(value, datatype) {
    if (value === null) return null;
    if (typeof value === "bigint")
      return datatype.size === 8 && BigInt(Number(value)) === value ? Number(value) : undefined;
    if (typeof value !== "number") return undefined;
    const near = rounded(value, datatype);
    return Number.isFinite(near) ? near : undefined;
  },
  integer(value, { range = [0n, 0n] }) {
    if (value === null) return null;
    if (typeof value === "number" && !Number.isSafeInteger(value)) return undefined;
    if (typeof value !== "number" && typeof value !== "bigint") return undefined;
    return value >= range[0] && value <= range[1] ? value : undefined;
  },
};

/**
 * Reads the data of a tensor in binary (the extension `binary_tensor_data`).
 *
 * @param bytes The bytes of the tensor, all of them.
 * @param tensor What is known of the tensor.
 *
 * @returns The values: those of BYTES are bytes.
 *
 * @throws ARGUMENTS_INVALID when they are not as many bytes as the shape and the datatype take.
 */
export function valuesInBinary(
  bytes: Uint8Array<ArrayBuffer>,
  { name, datatype, shape }: Omit<Tensor, "values" | "parameters">,
): TensorValues {
  const count = elementsOf(shape);
  if (datatype.kind === "bytes") return splitBytes(bytes, count, name);
  if (count * datatype.size !== bytes.length) {
    throw invalid(
      name,
      `expected ${count * datatype.size} bytes for the shape [${shape}] of ${datatype.name}, found ${bytes.length}`,
    );
  }
  const values = datatype.read(bytes);
  if (datatype.kind === "bool") return Array.from(values, (value, index) => booleanOf(value, name, index));
  return values;
}

function booleanOf(value: unknown, name: string, index: number): boolean {
  if (value === 0 || value === 1) return value === 1;
  throw invalid(name, `value ${index + 1}: expected BOOL, a byte of 0 or 1, found ${value}`);
}

/** Each element has four bytes before it that say how many it has. */
function splitBytes(bytes: Uint8Array<ArrayBuffer>, count: number, name: string): Uint8Array[] {
  // Each takes four bytes at least, so that a shape that lies makes no room for what never comes.
  if (count > bytes.length / 4) throw invalid(name, `expected ${count} values, found ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: Uint8Array[] = [];
  let at = 0;
  while (values.length < count) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > bytes.length) {
      throw invalid(
        name,
        `value ${values.length + 1}: expected a length and as many bytes, found ${bytes.length - at} bytes`,
      );
    }
    values.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (at !== bytes.length) throw invalid(name, `expected ${count} values, found ${bytes.length - at} bytes after them`);
  return values;
}

function kindOf(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return truncateText(
    typeof value === "bigint" ? String(value) : typeof value === "string" ? JSON.stringify(value) : shown(value),
  );
}
