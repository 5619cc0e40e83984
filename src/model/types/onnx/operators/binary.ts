import { combine, commonDims, spread } from "../broadcast.ts";
import { must, OnnxFault } from "../fault.ts";
import { pow } from "../math.ts";
import { numberOf, type Operator, type Operators } from "../node.ts";
import {
  checkedInteger,
  isReal,
  type NumberTensor,
  type NumberType,
  numbers,
  rangeOf,
  type Tensor,
} from "../tensor.ts";

/** Two tensors of numbers of the same type. */
function pair(inputs: readonly (Tensor | undefined)[]): [NumberTensor, NumberTensor] {
  const a = numbers(inputs[0]);
  const b = numbers(inputs[1]);
  must(a.type === b.type, () => `expected two tensors of one type, found ${a.type} and ${b.type}`);
  return [a, b];
}

/** Arithmetic in a type: integers of 64 bits that a number cannot hold are refused, shorter ones wrap as in C. */
const fitting = (type: NumberType, apply: (x: number, y: number) => number): ((x: number, y: number) => number) =>
  type === "int64" || type === "uint64" ? (x, y) => checkedInteger(apply(x, y)) : apply;

const arithmetic =
  (apply: (x: number, y: number) => number, whole = apply): Operator =>
  () =>
  (inputs) => {
    const [a, b] = pair(inputs);
    return combine(a, b, a.type, fitting(a.type, isReal(a.type) ? apply : whole));
  };

function divided(x: number, y: number): number {
  if (y === 0) throw new OnnxFault("expected a divisor, found 0", "arguments");
  return Math.trunc(x / y);
}

function multiplied(x: number, y: number): number {
  const product = x * y;
  return Number.isSafeInteger(product) || Math.abs(x) > 2 ** 32 || Math.abs(y) > 2 ** 32 ? product : Math.imul(x, y);
}

const comparing =
  (apply: (x: number, y: number) => boolean): Operator =>
  () =>
  (inputs) =>
    combine(...pair(inputs), "bool", (x, y) => (apply(x, y) ? 1 : 0));

const logical =
  (apply: (x: number, y: number) => number): Operator =>
  () =>
  (inputs) => {
    const [a, b] = pair(inputs);
    must(a.type === "bool", () => `expected bool, found ${a.type}`);
    return combine(a, b, "bool", apply);
  };

/** Operator that takes any number of tensors, two at a time. */
const many =
  (apply: (x: number, y: number) => number, mean = false): Operator =>
  () =>
  (inputs) => {
    let result = numbers(inputs[0]);
    // A sum of floats is rounded after each step, as it is where each step is an operator.
    for (const next of inputs.slice(1)) {
      const [a, b] = pair([result, next]);
      result = combine(a, b, a.type, fitting(a.type, apply));
    }
    if (mean)
      result = combine(
        result,
        { type: result.type, dims: [], data: Float64Array.of(inputs.length) },
        result.type,
        (x, y) => x / y,
      );
    return result;
  };

const modulo: Operator = (node) => {
  const asInC = numberOf(node, "fmod", 0) === 1;
  return (inputs) => {
    const [a, b] = pair(inputs);
    const real = isReal(a.type);
    return combine(a, b, a.type, (x, y) => {
      if (y === 0 && !real) throw new OnnxFault("expected a divisor, found 0", "arguments");
      const rest = x % y;
      return !asInC && rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
    });
  };
};

/** Powers; those of integers lose their fraction, as a cast in C does. */
const power: Operator = () => (inputs) => {
  const a = numbers(inputs[0]);
  const b = numbers(inputs[1]);
  if (isReal(a.type)) return combine(a, b, a.type, pow);
  const [least, most] = rangeOf(a.type) ?? [0, 1];
  return combine(a, b, a.type, (x, y) => {
    const value = Math.trunc(pow(x, y));
    if (!(value >= least && value <= most))
      throw new OnnxFault(`expected a power within ${a.type}, found ${value}`, "arguments");
    return fitting(a.type, () => value)(x, y);
  });
};

const equal: Operator = () => (inputs) => {
  const [first, second] = inputs;
  if (first?.type !== "string" || second?.type !== "string") {
    return combine(...pair(inputs), "bool", (x, y) => (x === y ? 1 : 0));
  }
  const dims = commonDims(first.dims, second.dims);
  const placeA = spread(first.dims, dims);
  const placeB = spread(second.dims, dims);
  const data = new Uint8Array(dims.reduce((size, dim) => size * dim, 1));
  for (let at = 0; at < data.length; at += 1) data[at] = first.data[placeA(at)] === second.data[placeB(at)] ? 1 : 0;
  return { type: "bool", dims, data };
};

export const binary: Operators = {
  Add: arithmetic((x, y) => x + y),
  Sub: arithmetic((x, y) => x - y),
  Mul: arithmetic((x, y) => x * y, multiplied),
  Div: arithmetic((x, y) => x / y, divided),
  Pow: power,
  Mod: modulo,
  Less: comparing((x, y) => x < y),
  LessOrEqual: comparing((x, y) => x <= y),
  Greater: comparing((x, y) => x > y),
  GreaterOrEqual: comparing((x, y) => x >= y),
  Equal: equal,
  And: logical((x, y) => x & y),
  Or: logical((x, y) => x | y),
  Xor: logical((x, y) => x ^ y),
  Max: many((x, y) => (x > y || Number.isNaN(x) ? x : y)),
  Min: many((x, y) => (x < y || Number.isNaN(x) ? x : y)),
  Sum: many((x, y) => x + y),
  Mean: many((x, y) => x + y, true),
};
