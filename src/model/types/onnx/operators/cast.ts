import { each } from "../broadcast.ts";
import { OnnxFault } from "../fault.ts";
import { numberOf, type Operator, type Operators } from "../node.ts";
import {
  blanks,
  checkedInteger,
  elementType,
  isReal,
  type NumberTensor,
  type NumberType,
  rangeOf,
  type Tensor,
  zeros,
} from "../tensor.ts";

/** Text of a real number with so many significant digits, as C's %g writes it. */
function general(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "INF" : "-INF";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  const trimmed = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (power >= -4 && power < digits) return trimmed(value.toFixed(Math.max(0, digits - 1 - power)));
  const size = String(Math.abs(power)).padStart(2, "0");
  return `${trimmed(mantissa)}e${power < 0 ? "-" : "+"}${size}`;
}

function toTexts(x: NumberTensor): Tensor {
  const made = blanks(x.dims);
  const digits = x.type === "float" ? 8 : 17;
  const write = isReal(x.type) ? (value: number) => general(value, digits) : String;
  for (let at = 0; at < made.data.length; at += 1) made.data[at] = write(x.data[at] ?? 0);
  return made;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};

/** Number that a text stands for. */
function parsed(text: string, type: NumberType): number {
  const value = decimal.test(text) ? Number(text) : isReal(type) ? words[text.toLowerCase()] : undefined;
  if (value === undefined) throw new OnnxFault(`expected a number, found ${JSON.stringify(text)}`, "arguments");
  return value;
}

/** Whole number of a real one: its fraction is cut off. What fits nowhere becomes what x86 makes of it. */
function whole(type: NumberType): (value: number) => number {
  if (type === "int64" || type === "uint64") {
    return (value) => (Math.abs(value) < 2 ** 63 ? checkedInteger(Math.trunc(value)) : -(2 ** 63));
  }
  const [least, most] = rangeOf("int32") ?? [0, 0];
  return (value) =>
    value >= least && value <= most ? Math.trunc(value) : type === "int32" ? least : Math.trunc(value);
}

const cast =
  (type: Tensor["type"]) =>
  (x: Tensor | undefined): Tensor => {
    if (x === undefined) throw new OnnxFault("expected an input, found none");
    if (x.type === type) return x;
    if (type === "string") return x.type === "string" ? x : toTexts(x);
    if (x.type === "string") {
      const made = zeros(type, x.dims);
      for (let at = 0; at < made.data.length; at += 1) made.data[at] = parsed(x.data[at] ?? "", type);
      return made;
    }
    if (type === "bool") return each(x, type, (value) => (value === 0 ? 0 : 1));
    return isReal(x.type) && !isReal(type) ? each(x, type, whole(type)) : each(x, type, (value) => value);
  };

const castTo: Operator = (node) => {
  const convert = cast(elementType(numberOf(node, "to")));
  return ([x]) => convert(x);
};

export const casts: Operators = {
  Cast: castTo,
  CastLike:
    () =>
    ([x, like]) =>
      cast(like?.type ?? "float")(x),
};
