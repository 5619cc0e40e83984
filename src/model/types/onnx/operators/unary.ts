import { each } from "../broadcast.ts";
import { must } from "../fault.ts";
import { erf, exp, log, roundEven, sigmoid, tanh } from "../math.ts";
import { numberIf, numberOf, type Operator, type Operators } from "../node.ts";
import { isReal, numbers } from "../tensor.ts";

/** Operator on each element, which keeps its type. */
const keeping =
  (apply: (x: number) => number): Operator =>
  () =>
  ([x]) => {
    const input = numbers(x);
    return each(input, input.type, apply);
  };

/** Operator on each real number. */
const real =
  (apply: (x: number) => number): Operator =>
  () =>
  ([x]) => {
    const input = numbers(x);
    must(isReal(input.type), () => `expected float or double, found ${input.type}`);
    return each(input, input.type, apply);
  };

/** Question about each element. */
const asking =
  (apply: (x: number) => boolean): Operator =>
  () =>
  ([x]) =>
    each(numbers(x), "bool", (value) => (apply(value) ? 1 : 0));

/** Operator with a factor for what is negative. */
const leaky =
  (fallback: number, apply: (x: number, alpha: number) => number): Operator =>
  (node) => {
    const alpha = numberOf(node, "alpha", fallback);
    return ([x]) => {
      const input = numbers(x);
      return each(input, input.type, (value) => (value >= 0 ? value : apply(value, alpha)));
    };
  };

export const unary: Operators = {
  Abs: keeping(Math.abs),
  Neg: keeping((x) => -x),
  Sign: keeping(Math.sign),
  Floor: real(Math.floor),
  Ceil: real(Math.ceil),
  Round: real(roundEven),
  Sqrt: real(Math.sqrt),
  Reciprocal: real((x) => 1 / x),
  Exp: real(exp),
  Log: real(log),
  Sigmoid: real(sigmoid),
  Tanh: real(tanh),
  Erf: keeping(erf),
  Relu: keeping((x) => (x > 0 || Number.isNaN(x) ? x : 0)),
  Softplus: real((x) => (x > 0 ? x + log(exp(-x) + 1) : log(exp(x) + 1))),
  LeakyRelu: leaky(0.01, (x, alpha) => alpha * x),
  Elu: leaky(1, (x, alpha) => alpha * (exp(x) - 1)),
  Not: asking((x) => x === 0),
  IsNaN: asking((x) => Number.isNaN(x)),
  IsInf: (node) => {
    const positive = numberOf(node, "detect_positive", 1) !== 0;
    const negative = numberOf(node, "detect_negative", 1) !== 0;
    return ([x]) =>
      each(numbers(x), "bool", (value) =>
        (positive && value === Number.POSITIVE_INFINITY) || (negative && value === Number.NEGATIVE_INFINITY) ? 1 : 0,
      );
  },
  // Bounds are attributes before version 11, inputs since then.
  Clip: (node) => {
    const least = numberIf(node, "min");
    const most = numberIf(node, "max");
    return ([x, low, high]) => {
      const input = numbers(x);
      const from = low ? (numbers(low).data[0] ?? 0) : (least ?? Number.NEGATIVE_INFINITY);
      const to = high ? (numbers(high).data[0] ?? 0) : (most ?? Number.POSITIVE_INFINITY);
      return each(input, input.type, (value) => {
        return Math.min(Math.max(value, from), to);
      });
    };
  },
};
