import type { SignatureField } from "../../../api/signature.ts";
import { readJson } from "../../../schema/json-limits.ts";
import { invalid } from "../invalid.ts";
import type { Tensor } from "./tensor.ts";
import { textIn } from "./text.ts";

/** What a field takes, where it is known: the kinds of datatypes by its own. */
const takes: Readonly<Record<SignatureField["dtype"], readonly Tensor["datatype"]["kind"][]>> = {
  float64: ["float", "integer"],
  int64: ["float", "integer"],
  bool: ["bool"],
  // As in JSON, a whole number is a text of digits; what has a fraction has no one text.
  str: ["bytes", "integer"],
  bytes: ["bytes"],
  json: ["bool", "bytes", "float", "integer"],
};

/** Datatypes that a field may come in, for messages. */
const words: Readonly<Record<SignatureField["dtype"], string>> = {
  float64: "FP64 or another datatype of numbers",
  int64: "INT64 or another datatype of numbers",
  bool: "BOOL",
  str: "BYTES",
  bytes: "BYTES",
  json: "another datatype",
};

/**
 * Reader of the values of a tensor as arguments: what JSON would have brought.
 *
 * @param tensor The tensor.
 * @param field The field that it is for; undefined for one that the model does not describe.
 *
 * @returns A function from the place of a value to the argument; null is what is missing (NaN).
 *
 * @throws ARGUMENTS_INVALID when the datatype does not fit the field; so does the function for a value that no argument holds.
 */
export function cellReader(tensor: Tensor, field: SignatureField | undefined): (index: number) => unknown {
  const { name, datatype, values, parameters } = tensor;
  const { kind } = datatype;
  const dtype = field?.dtype ?? "json";
  if (!takes[dtype].includes(kind)) throw invalid(name, `expected ${words[dtype]}, found ${datatype.name}`);
  const refuse = (index: number, expected: string, found: string) =>
    invalid(name, `value ${index + 1}: expected ${expected}, found ${found}`);
  switch (kind) {
    case "bool":
      return (index) => values[index];
    case "float":
      return (index) => {
        const value = values[index] as number | null;
        if (value === null || Number.isNaN(value)) return null;
        // JSON has no infinities, so that no model expects them.
        if (!Number.isFinite(value)) throw refuse(index, "a number, or NaN for what is missing", String(value));
        return value;
      };
    case "integer":
      return (index) => {
        const value = values[index] as number | bigint | null;
        if (value === null) return null;
        if (dtype === "str") return String(value);
        if (typeof value === "number") return value;
        const number = Number(value);
        if (BigInt(number) === value) return number;
        throw refuse(index, "a whole number that a double holds exactly", String(value));
      };
    case "bytes": {
      if (dtype === "bytes") return (index) => fileOf(values[index], tensor, index);
      const isJson = parameters.content_type === "json" || (dtype === "json" && field !== undefined);
      return (index) => {
        const value = values[index];
        const text = value === null || typeof value === "string" ? value : textIn(value as Uint8Array);
        if (text === undefined) throw refuse(index, "text in UTF-8", "other bytes");
        return isJson && text !== null ? jsonOr(text, field === undefined) : text;
      };
    }
  }
}

/** A value in JSON; for a field that may be text as well, what is no JSON is text. */
function jsonOr(text: string, strict: boolean): unknown {
  const value = readJson(text);
  if (value !== undefined) return value;
  if (!strict) return text;
  throw invalid("", "expected JSON, as content_type says, found other text");
}

function fileOf(value: unknown, { name, parameters }: Tensor, index: number): unknown {
  if (value === null) return null;
  const type =
    typeof parameters.content_type === "string" && parameters.content_type.includes("/") ? parameters.content_type : "";
  const bytes = typeof value === "string" ? base64Bytes(value) : (value as Uint8Array<ArrayBuffer>);
  if (bytes === undefined) throw invalid(name, `value ${index + 1}: expected a file in base64, found other text`);
  return new File([bytes], name, { type });
}

function base64Bytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
