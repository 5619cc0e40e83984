import { isRecord } from "../../../schema/types.ts";
import { truncateText } from "../../../util/truncate.ts";
import { jsonOf, textOf } from "../../body/bytes.ts";
import { parseExactJson } from "../../body/exact-json.ts";
import { invalid } from "../invalid.ts";
import { datatypes } from "./datatypes.ts";
import { type Parameters, type Tensor, valuesInBinary, valuesInJson } from "./tensor.ts";

/** Output that a request asks for. */
export interface RequestedOutput {
  readonly name: string;
  /** Whether it is wanted in binary. */
  readonly binary: boolean;
}

/** Inference request. */
export interface InferRequest {
  readonly id: string | undefined;
  readonly inputs: readonly Tensor[];
  /** Undefined where all are wanted. */
  readonly outputs: readonly RequestedOutput[] | undefined;
  /** Whether outputs that the request does not name are wanted in binary. */
  readonly binary: boolean;
}

/** More tensors than any model has inputs. */
const maxTensors = 10_000;

/**
 * Reads an inference request.
 *
 * @param body The body, decompressed.
 * @param headerLength The header `inference-header-content-length`: how many bytes are JSON; absent where all are.
 *
 * @returns The request.
 *
 * @throws ARGUMENTS_INVALID naming what is wrong.
 */
export function readInferRequest(body: Uint8Array<ArrayBuffer>, headerLength: string | null): InferRequest {
  const length = headerLength === null ? body.length : lengthOf(headerLength, body.length);
  const text = textOf(body.subarray(0, length));
  // Only whole numbers of 64 bits can be larger than JSON.parse keeps.
  const parse = text.includes('INT64"') || text.includes("\\u") ? parseExactJson : undefined;
  const json = jsonOf(text, parse);
  if (!isRecord(json)) throw invalid("", "expected an object with inputs");
  const { id, parameters, inputs, outputs } = json;
  if (id !== undefined && typeof id !== "string") throw invalid("id", "expected text");
  const { binary_data_output: binary = false } = parametersOf(parameters, "parameters");
  if (typeof binary !== "boolean") throw invalid("parameters", "binary_data_output: expected true or false");
  return {
    id,
    inputs: inputsOf(inputs, body.subarray(length)),
    outputs: outputs === undefined ? undefined : outputsOf(outputs, binary),
    binary,
  };
}

function lengthOf(header: string, most: number): number {
  const length = /^\d{1,15}$/.test(header.trim()) ? Number(header) : Number.NaN;
  if (length <= most) return length;
  throw invalid(
    "inference-header-content-length",
    `expected the number of bytes of the JSON, ${most} at most, found ${truncateText(header)}`,
  );
}

function inputsOf(given: unknown, binary: Uint8Array<ArrayBuffer>): Tensor[] {
  if (!Array.isArray(given) || given.length > maxTensors) {
    throw invalid("inputs", `expected a list of tensors, ${maxTensors} at most`);
  }
  const names = new Set<string>();
  let at = 0;
  const tensors = given.map((input: unknown, index): Tensor => {
    if (!isRecord(input)) throw invalid(`inputs[${index}]`, "expected an object");
    const name = nameOf(input.name, `inputs[${index}]`, names);
    const datatype = typeof input.datatype === "string" ? datatypes.get(input.datatype) : undefined;
    if (datatype === undefined) {
      const found = typeof input.datatype === "string" ? truncateText(input.datatype) : "none";
      throw invalid(name, `expected datatype, one of ${[...datatypes.keys()].join(", ")}, found ${found}`);
    }
    const shape = shapeOf(input.shape, name);
    const parameters = parametersOf(input.parameters, name);
    if ("shared_memory_region" in parameters)
      throw invalid(name, "expected data, found shared memory, which nobody shares here");
    const tensor = { name, datatype, shape };
    const size = parameters.binary_data_size;
    if (size === undefined) return { ...tensor, parameters, values: valuesInJson(input.data, tensor) };
    if (input.data !== undefined) throw invalid(name, "expected either data or binary_data_size, found both");
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0 || size > binary.length - at) {
      throw invalid(
        name,
        `binary_data_size: expected a number of bytes, ${binary.length - at} at most, found ${truncateText(String(size))}`,
      );
    }
    at += size;
    return { ...tensor, parameters, values: valuesInBinary(binary.subarray(at - size, at), tensor) };
  });
  if (at !== binary.length) {
    throw invalid("inputs", `expected ${at} bytes of binary data, as the inputs say, found ${binary.length}`);
  }
  return tensors;
}

function outputsOf(given: unknown, binary: boolean): RequestedOutput[] {
  if (!Array.isArray(given) || given.length > maxTensors) {
    throw invalid("outputs", `expected a list of outputs, ${maxTensors} at most`);
  }
  const names = new Set<string>();
  return given.map((output: unknown, index) => {
    if (!isRecord(output)) throw invalid(`outputs[${index}]`, "expected an object");
    const name = nameOf(output.name, `outputs[${index}]`, names);
    const parameters = parametersOf(output.parameters, name);
    for (const unsupported of ["classification", "shared_memory_region"]) {
      if (unsupported in parameters)
        throw invalid(name, `${unsupported}: expected no such parameter, which this server has not`);
    }
    const own = parameters.binary_data ?? binary;
    if (typeof own !== "boolean") throw invalid(name, "binary_data: expected true or false");
    return { name, binary: own };
  });
}

function nameOf(given: unknown, where: string, names: Set<string>): string {
  if (typeof given !== "string" || given === "" || given === "__proto__") throw invalid(where, "expected name, a text");
  if (names.has(given)) throw invalid(given, "expected a name once, found it twice");
  names.add(given);
  return given;
}

function shapeOf(given: unknown, name: string): number[] {
  const isSize = (size: unknown) => typeof size === "number" && Number.isSafeInteger(size) && size >= 0;
  const isShape = Array.isArray(given) && given.length <= 16 && given.every(isSize);
  if (!isShape) throw invalid(name, "expected shape, a list of whole numbers from 0");
  // Lists of many lists without anything in them would take room that nobody sent.
  if (given.length > 2 && given.includes(0, 1))
    throw invalid(name, `expected sizes above 0, found the shape [${given}]`);
  return given;
}

function parametersOf(given: unknown, name: string): Parameters {
  if (given === undefined || given === null) return {};
  const isScalar = (value: unknown) => ["string", "number", "boolean", "bigint"].includes(typeof value);
  if (isRecord(given) && Object.values(given).every(isScalar)) return given as Parameters;
  throw invalid(name, "expected parameters, an object of texts, numbers and booleans");
}
