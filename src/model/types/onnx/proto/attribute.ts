import { OnnxFault } from "../fault.ts";
import type { Tensor } from "../tensor.ts";
import { readTensor } from "./tensor.ts";
import { type Cursor, field, inner, integer, message, NumberList, real, repeated, text, wires } from "./wire.ts";

/** Value of an attribute: a number, a text, lists of them, or a tensor. */
export type Attribute = number | string | Float64Array | readonly string[] | Tensor;

/** Reads an `AttributeProto`: its name and its value. */
export function readAttribute(cursor: Cursor): [string, Attribute] {
  const numbers = new NumberList();
  const strings: string[] = [];
  let name = "";
  let type = 0;
  let single: Attribute | undefined;
  let tensor: Tensor | undefined;
  let reference = "";
  const keep = (value: string): void => {
    const last = strings.at(-1);
    // Modes of nodes repeat by the thousand: one text serves them all.
    strings.push(last === value ? last : value);
  };
  message(cursor, {
    1: field(wires.bytes, (at) => {
      name = text(at);
    }),
    2: field(wires.fixed32, (at) => {
      single = real(at, 4);
    }),
    3: field(wires.varint, (at) => {
      single = integer(at);
    }),
    4: field(wires.bytes, (at) => {
      single = text(at);
    }),
    5: field(wires.bytes, (at) => {
      tensor = readTensor(inner(at)).tensor;
    }),
    7: repeated(
      () => numbers,
      wires.fixed32,
      (at) => real(at, 4),
    ),
    8: repeated(() => numbers, wires.varint, integer),
    9: field(wires.bytes, (at) => keep(text(at))),
    20: field(wires.varint, (at) => {
      type = integer(at);
    }),
    21: field(wires.bytes, (at) => {
      reference = text(at);
    }),
  });
  if (reference) throw new OnnxFault(`the attribute ${name}, which refers to one of a function`, "unsupported");
  // Numbers of onnx.proto's AttributeType.
  const values: Record<number, Attribute | undefined> = {
    1: typeof single === "number" ? single : 0,
    2: typeof single === "number" ? single : 0,
    3: typeof single === "string" ? single : "",
    4: tensor,
    6: numbers.toArray(),
    7: numbers.toArray(),
    8: strings,
  };
  const value = values[type];
  if (value === undefined)
    throw new OnnxFault(`the attribute ${name} of type ${type} (a graph, or the like)`, "unsupported");
  return [name, value];
}
