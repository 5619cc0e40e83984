import { LaunchpadError } from "../../../errors.ts";
import { isRecord } from "../../../schema/types.ts";
import type { Json } from "../../../util/json.ts";
import type { Discovered } from "./discover.ts";

/** Values of a tensor as they are sent. */
export interface Encoded {
  readonly datatype: "FP64" | "INT64" | "BOOL" | "BYTES";
  /** Shape of the value of one row. */
  readonly shape: readonly number[];
  /** In binary, little-endian. */
  readonly bytes?: Uint8Array;
  /** In JSON, a list, where that is wanted. */
  readonly data?: string;
}

/** Element of a tensor; null is what is missing. */
type Element = number | bigint | boolean | string | null;

interface Encoding {
  readonly datatype: Encoded["datatype"];
  /** Takes what a model gave; undefined if the datatype has no such value. */
  element(value: Json): Element | undefined;
  binary(elements: readonly Element[], name: string): Uint8Array;
}

const encoder = new TextEncoder();

/** Writes UTF-8. A call of the encoder takes longer than a short text of ASCII. */
function writeText(value: string, bytes: Uint8Array, start: number): number {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code >= 0x80) return encoder.encodeInto(value, bytes.subarray(start)).written;
    bytes[start + at] = code;
  }
  return value.length;
}

const text: Encoding = {
  datatype: "BYTES",
  element: (value) => (typeof value === "string" ? value : undefined),
  binary(elements, name) {
    // A character takes three bytes at most, as UTF-16 counts them.
    const most = elements.reduce<number>((sum, element) => sum + 4 + 3 * String(element).length, 0);
    const bytes = new Uint8Array(most);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const element of elements) {
      const length = writeText(present(element, name) as string, bytes, at + 4);
      view.setUint32(at, length, true);
      at += 4 + length;
    }
    return bytes.subarray(0, at);
  },
};

/** The one table from a field's datatype to that of its tensor. */
const encodings: Readonly<Record<Discovered["dtype"], Encoding>> = {
  float64: {
    datatype: "FP64",
    element: (value) => (typeof value === "number" ? value : undefined),
    binary(elements) {
      const view = new DataView(new ArrayBuffer(8 * elements.length));
      for (let index = 0; index < elements.length; index++) {
        view.setFloat64(8 * index, (elements[index] ?? Number.NaN) as number, true);
      }
      return new Uint8Array(view.buffer);
    },
  },
  int64: {
    datatype: "INT64",
    element: (value) => {
      if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
      // A bigint of the model that a number does not hold has become a text of its digits.
      if (typeof value !== "string" || !/^-?\d{1,20}$/.test(value)) return undefined;
      const whole = BigInt(value);
      return BigInt.asIntN(64, whole) === whole ? whole : undefined;
    },
    binary(elements, name) {
      const view = new DataView(new ArrayBuffer(8 * elements.length));
      for (const [index, element] of elements.entries()) {
        view.setBigInt64(8 * index, BigInt(present(element, name) as number | bigint), true);
      }
      return new Uint8Array(view.buffer);
    },
  },
  bool: {
    datatype: "BOOL",
    element: (value) => (typeof value === "boolean" ? value : undefined),
    binary: (elements, name) => Uint8Array.from(elements, (element) => Number(present(element, name))),
  },
  str: text,
  bytes: text,
  json: { ...text, element: (value) => JSON.stringify(value) },
};

/** Binary has no value for what is missing, but for NaN. */
function present(element: Element, name: string): Element {
  if (element !== null) return element;
  throw misfit(name, "expected a value in each row, found none in some, which binary tensors cannot say: ask for JSON");
}

function misfit(name: string, what: string): LaunchpadError {
  return new LaunchpadError("RESULT_INVALID", `[api] the output ${name}: ${what}`, {
    detail: `The output ${name} is no tensor: ${what}.`,
  });
}

/**
 * Encodes an output.
 *
 * @param field The output.
 * @param values Its values, one for each row; undefined where it is absent.
 * @param binary Whether it is wanted in binary.
 *
 * @returns The tensor.
 *
 * @throws RESULT_INVALID for values that are none of the field's, or of lists of different lengths.
 */
export function encoded(field: Discovered, values: readonly (Json | undefined)[], binary: boolean): Encoded {
  const { name, dtype, keys } = field;
  const { datatype, element, binary: write } = encodings[dtype];
  const shape = field.shape.map((size) => (size === -1 ? undefined : size));
  const elements: Element[] = [];
  const takeOne = (value: Json | undefined): void => {
    // JSON has a text for null; the others have no element for what is missing.
    const own = dtype !== "json" && (value ?? null) === null ? null : element(value ?? null);
    if (own === undefined) throw misfit(name, `expected ${datatype} in each row, found something else`);
    elements.push(own);
  };
  const take = (value: Json | undefined, axis: number): void => {
    if (axis < shape.length) {
      const items = keys && axis === 0 && isRecord(value) ? keys.map((key) => value[key] as Json) : value;
      if (!Array.isArray(items)) throw misfit(name, "expected a list in each row, found something else");
      shape[axis] ??= items.length;
      if (items.length !== shape[axis]) {
        throw misfit(
          name,
          `expected lists of one length, found ${shape[axis]} and ${items.length}. Ask for one row at a time`,
        );
      }
      for (const item of items) take(item, axis + 1);
      return;
    }
    takeOne(value);
  };
  if (shape.length === 0) for (const value of values) takeOne(value);
  else for (const value of values) take(value, 0);
  const sizes = shape.map((size) => size ?? 0);
  if (binary) return { datatype, shape: sizes, bytes: write(elements, name) };
  return { datatype, shape: sizes, data: jsonList(elements) };
}

/** Bigints keep their digits, which no number would. */
function jsonList(elements: readonly Element[]): string {
  if (!elements.some((element) => typeof element === "bigint")) return JSON.stringify(elements);
  return `[${elements.map((element) => (typeof element === "bigint" ? String(element) : JSON.stringify(element))).join()}]`;
}
