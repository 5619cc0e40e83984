import { spread } from "../broadcast.ts";
import { must } from "../fault.ts";
import { exp, log } from "../math.ts";
import { numberOf, type Operator, type Operators } from "../node.ts";
import { axisOf, checkedInteger, isReal, type NumberTensor, numbers, rangeOf, span, zeros } from "../tensor.ts";
import { listAt } from "./shape.ts";

/** Way to reduce a list of numbers to one. */
interface Reduction {
  readonly start: number;
  readonly add: (sum: number, value: number, center: number) => number;
  readonly end?: (sum: number, count: number, center: number, round: (value: number) => number) => number;
  /** Whether numbers are taken from the greatest of their list, so that their exponentials fit. */
  readonly centered?: boolean;
}

const greatest = (x: number, y: number): number => (x > y || Number.isNaN(x) ? x : y);
const least = (x: number, y: number): number => (x < y || Number.isNaN(x) ? x : y);

const reducing =
  ({ start, add, end, centered }: Reduction): Operator =>
  (node) => {
    const keep = numberOf(node, "keepdims", 1) === 1;
    const nothing = numberOf(node, "noop_with_empty_axes", 0) === 1;
    const axesAt = listAt(node, "axes");
    return ([x, axesTensor]) => {
      const input = numbers(x);
      const list = axesAt(axesTensor) ?? [];
      const axes = new Set(list.map((axis) => axisOf(axis, input.dims.length)));
      if (axes.size === 0) {
        if (nothing) return input;
        for (const axis of input.dims.keys()) axes.add(axis);
      }
      const kept = input.dims.map((dim, axis) => (axes.has(axis) ? 1 : dim));
      const place = spread(kept, input.dims);
      const size = span(kept, 0);
      const sums = new Float64Array(size).fill(start);
      const centers = new Float64Array(size);
      const { data } = input;
      if (centered) {
        centers.fill(Number.NEGATIVE_INFINITY);
        for (let at = 0; at < data.length; at += 1)
          centers[place(at)] = greatest(centers[place(at)] ?? 0, data[at] ?? 0);
        for (let at = 0; at < size; at += 1) if (!Number.isFinite(centers[at])) centers[at] = 0;
      }
      for (let at = 0; at < data.length; at += 1) {
        const to = place(at);
        sums[to] = add(sums[to] ?? 0, data[at] ?? 0, centers[to] ?? 0);
      }
      const count = size === 0 ? 0 : data.length / size;
      const result: NumberTensor = zeros(input.type, keep ? kept : input.dims.filter((_, axis) => !axes.has(axis)));
      const round = input.type === "float" ? Math.fround : (value: number) => value;
      const whole = !isReal(input.type);
      // What is reduced of nothing is the least or the greatest that the type has.
      const [lowest, highest] = rangeOf(input.type) ?? [0, 1];
      for (let at = 0; at < size; at += 1) {
        const sum = end ? end(sums[at] ?? 0, count, centers[at] ?? 0, round) : (sums[at] ?? 0);
        result.data[at] = whole ? checkedInteger(Math.trunc(Math.min(Math.max(sum, lowest), highest))) : sum;
      }
      return result;
    };
  };

/** Place of the greatest or least element of an axis. */
const placing =
  (better: (x: number, y: number) => boolean): Operator =>
  (node) => {
    const at = numberOf(node, "axis", 0);
    const keep = numberOf(node, "keepdims", 1) === 1;
    const last = numberOf(node, "select_last_index", 0) === 1;
    return ([x]) => {
      const input = numbers(x);
      const axis = axisOf(at, input.dims.length);
      const length = input.dims[axis] ?? 0;
      must(length > 0, () => `expected elements on axis ${axis}, found none`);
      const step = span(input.dims, axis + 1);
      const dims = input.dims.flatMap((dim, each) => (each === axis ? (keep ? [1] : []) : [dim]));
      const made = zeros("int64", dims);
      for (let list = 0; list < made.data.length; list += 1) {
        const start = Math.floor(list / step) * length * step + (list % step);
        let best = 0;
        for (let index = 1; index < length; index += 1) {
          const value = input.data[start + index * step] ?? 0;
          const standing = input.data[start + best * step] ?? 0;
          if (better(value, standing) || (last && value === standing)) best = index;
        }
        made.data[list] = best;
      }
      return made;
    };
  };

/** Softmax along an axis, or its logarithm. Before version 13 all axes from the given one on count as one. */
const softmax =
  (logarithm: boolean): Operator =>
  (node) => {
    const joined = node.version < 13;
    const at = numberOf(node, "axis", joined ? 1 : -1);
    return ([x]) => {
      const input = numbers(x);
      const axis = at === input.dims.length && joined ? at : axisOf(at, input.dims.length);
      const length = joined ? span(input.dims, axis) : (input.dims[axis] ?? 1);
      const step = joined ? 1 : span(input.dims, axis + 1);
      const made = zeros(input.type, input.dims);
      const lists = length === 0 ? 0 : input.data.length / length;
      for (let list = 0; list < lists; list += 1) {
        const start = Math.floor(list / step) * length * step + (list % step);
        let most = Number.NEGATIVE_INFINITY;
        for (let index = 0; index < length; index += 1) most = greatest(most, input.data[start + index * step] ?? 0);
        let sum = 0;
        for (let index = 0; index < length; index += 1) sum += exp((input.data[start + index * step] ?? 0) - most);
        const shift = log(sum);
        for (let index = 0; index < length; index += 1) {
          const place = start + index * step;
          const value = (input.data[place] ?? 0) - most;
          made.data[place] = logarithm ? value - shift : exp(value) / sum;
        }
      }
      return made;
    };
  };

const sum = (total: number, value: number): number => total + value;
const squares = (total: number, value: number): number => total + value * value;

export const reductions: Operators = {
  ReduceSum: reducing({ start: 0, add: sum }),
  ReduceMean: reducing({ start: 0, add: sum, end: (total, count) => total / count }),
  ReduceProd: reducing({ start: 1, add: (total, value) => total * value }),
  ReduceMax: reducing({ start: Number.NEGATIVE_INFINITY, add: greatest }),
  ReduceMin: reducing({ start: Number.POSITIVE_INFINITY, add: least }),
  ReduceL1: reducing({ start: 0, add: (total, value) => total + Math.abs(value) }),
  ReduceL2: reducing({ start: 0, add: squares, end: Math.sqrt }),
  ReduceSumSquare: reducing({ start: 0, add: squares }),
  ReduceLogSum: reducing({ start: 0, add: sum, end: log }),
  ReduceLogSumExp: reducing({
    start: 0,
    centered: true,
    add: (total, value, center) => total + exp(value - center),
    end: (total, _, center, round) => round(log(round(total))) + center,
  }),
  ArgMax: placing((x, y) => x > y),
  ArgMin: placing((x, y) => x < y),
  Softmax: softmax(false),
  LogSoftmax: softmax(true),
};
