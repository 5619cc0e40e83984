import { odometer, spread } from "../broadcast.ts";
import { must, OnnxFault } from "../fault.ts";
import {
  listIf,
  type Node,
  numberIf,
  numberOf,
  type Operator,
  type Operators,
  tensorIf,
  textOf,
  textsOf,
} from "../node.ts";
import {
  axisOf,
  gathered,
  isReal,
  type NumberTensor,
  numbers,
  reshaped,
  sizeOf,
  span,
  stridesOf,
  type Tensor,
  tensorOf,
  zeros,
} from "../tensor.ts";

/** Tensor of any type. */
export function given(tensor: Tensor | undefined): Tensor {
  if (tensor === undefined) throw new OnnxFault("expected one more input, found none");
  return tensor;
}

/** Numbers of an attribute, or of the input that took its place in later versions. */
export function listAt(node: Node, name: string): (input: Tensor | undefined) => readonly number[] | undefined {
  const fixed = listIf(node, name);
  return (input) => (input ? [...numbers(input).data] : fixed && [...fixed]);
}

const reshape: Operator = (node) => {
  const zeroIsZero = numberOf(node, "allowzero", 0) === 1;
  const shapeAt = listAt(node, "shape");
  return ([x, shape]) => {
    const data = given(x);
    const dims = [...(shapeAt(shape) ?? [])].map((dim, at) => (dim === 0 && !zeroIsZero ? (data.dims[at] ?? 0) : dim));
    const free = dims.indexOf(-1);
    if (free >= 0) {
      dims[free] = 1;
      const known = sizeOf(dims);
      dims[free] = known === 0 ? 0 : data.data.length / known;
    }
    return reshaped(data, dims);
  };
};

const transpose: Operator = (node) => {
  const order = listIf(node, "perm");
  return ([x]) => {
    const data = given(x);
    const rank = data.dims.length;
    const perm = order ? [...order] : data.dims.map((_, axis) => rank - 1 - axis);
    must(
      new Set(perm).size === rank && perm.every((axis) => axis in data.dims),
      () => `expected an order of ${rank} axes, found [${perm}]`,
    );
    const strides = stridesOf(data.dims);
    const dims = perm.map((axis) => data.dims[axis] ?? 1);
    return gathered(
      data,
      dims,
      odometer(
        dims,
        perm.map((axis) => strides[axis] ?? 0),
      ),
    );
  };
};

const squeeze: Operator = (node) => {
  const axesAt = listAt(node, "axes");
  return ([x, axes]) => {
    const data = given(x);
    const chosen = axesAt(axes)?.map((axis) => axisOf(axis, data.dims.length));
    must(
      chosen?.every((axis) => data.dims[axis] === 1) ?? true,
      () => `expected axes of size 1, found [${chosen}] of [${data.dims}]`,
    );
    return reshaped(
      data,
      data.dims.filter((dim, axis) => (chosen ? !chosen.includes(axis) : dim !== 1)),
    );
  };
};

const unsqueeze: Operator = (node) => {
  const axesAt = listAt(node, "axes");
  return ([x, axes]) => {
    const data = given(x);
    const list = axesAt(axes) ?? [];
    const rank = data.dims.length + list.length;
    const chosen = new Set(list.map((axis) => axisOf(axis, rank)));
    must(chosen.size === list.length, () => `expected different axes, found [${list}]`);
    const rest = [...data.dims];
    return reshaped(
      data,
      Array.from({ length: rank }, (_, axis) => (chosen.has(axis) ? 1 : (rest.shift() ?? 1))),
    );
  };
};

const flatten: Operator = (node) => {
  const at = numberOf(node, "axis", 1);
  return ([x]) => {
    const data = given(x);
    const axis = at < 0 ? at + data.dims.length : at;
    return reshaped(data, [span(data.dims, 0, axis), span(data.dims, axis)]);
  };
};

const expand: Operator =
  () =>
  ([x, shape]) => {
    const data = given(x);
    const wanted = [...numbers(shape).data];
    const rank = Math.max(wanted.length, data.dims.length);
    const dims = Array.from({ length: rank }, (_, axis) => {
      const want = wanted[wanted.length - rank + axis] ?? 1;
      const have = data.dims[data.dims.length - rank + axis] ?? 1;
      must(
        want === 1 || have === 1 || want === have,
        () => `expected a shape that [${data.dims}] broadcasts to, found [${wanted}]`,
      );
      return want === 1 ? have : want;
    });
    return gathered(data, dims, spread(data.dims, dims));
  };

const tile: Operator =
  () =>
  ([x, repeats]) => {
    const data = given(x);
    const times = [...numbers(repeats).data];
    must(times.length === data.dims.length, () => `expected ${data.dims.length} repeats, found ${times.length}`);
    const dims = data.dims.map((dim, axis) => dim * (times[axis] ?? 1));
    // Each axis becomes two: how often, and the axis itself.
    const walk = data.dims.flatMap((dim, axis) => [times[axis] ?? 1, dim]);
    const strides = stridesOf(data.dims).flatMap((stride) => [0, stride]);
    return gathered(data, dims, odometer(walk, strides));
  };

const shape: Operator = (node) => {
  const start = numberOf(node, "start", 0);
  const end = numberIf(node, "end");
  return ([x]) => {
    const dims = given(x).dims.slice(start, end);
    return tensorOf("int64", [dims.length], dims);
  };
};

/** Value of a node that is a constant. */
export function constantOf(node: Node): Tensor {
  const tensor = tensorIf(node, "value");
  if (tensor) return tensor;
  const floats = listIf(node, "value_floats");
  if (floats) return tensorOf("float", [floats.length], floats);
  const integers = listIf(node, "value_ints");
  if (integers) return tensorOf("int64", [integers.length], integers);
  const float = numberIf(node, "value_float");
  if (float !== undefined) return tensorOf("float", [], [float]);
  const integer = numberIf(node, "value_int");
  if (integer !== undefined) return tensorOf("int64", [], [integer]);
  const list = textsOf(node, "value_strings");
  if (list.length > 0) return { type: "string", dims: [list.length], data: list };
  if (Object.hasOwn(node.attributes, "value_string"))
    return { type: "string", dims: [], data: [textOf(node, "value_string")] };
  throw new OnnxFault("a constant that is no dense tensor", "unsupported");
}

const filled: Operator = (node) => {
  const value: NumberTensor = numbers(tensorIf(node, "value") ?? tensorOf("float", [1], [0]));
  return ([dims]) => {
    const made = zeros(value.type, [...numbers(dims).data]);
    made.data.fill(value.data[0] ?? 0);
    return made;
  };
};

/** Sums along an axis, each over what stands before. */
const cumulative: Operator = (node) => {
  const exclusive = numberOf(node, "exclusive", 0) === 1;
  const reverse = numberOf(node, "reverse", 0) === 1;
  return ([x, axisTensor]) => {
    const input = numbers(x);
    const axis = axisOf(numbers(axisTensor).data[0] ?? 0, input.dims.length);
    const made = zeros(input.type, input.dims);
    const length = input.dims[axis] ?? 1;
    const step = span(input.dims, axis + 1);
    const round = isReal(input.type) && input.type === "float" ? Math.fround : (value: number) => value;
    for (let outer = 0; outer < made.data.length; outer += length * step) {
      for (let column = 0; column < step; column += 1) {
        let sum = 0;
        for (let at = 0; at < length; at += 1) {
          const place = outer + column + (reverse ? length - 1 - at : at) * step;
          const value = input.data[place] ?? 0;
          made.data[place] = exclusive ? sum : sum + value;
          sum = round(sum + value);
        }
      }
    }
    return made;
  };
};

export const shapes: Operators = {
  Reshape: reshape,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Flatten: flatten,
  Expand: expand,
  Tile: tile,
  Shape: shape,
  Size:
    () =>
    ([x]) =>
      tensorOf("int64", [], [given(x).data.length]),
  Identity:
    () =>
    ([x]) =>
      given(x),
  Constant: (node) => {
    const value = constantOf(node);
    return () => value;
  },
  ConstantOfShape: filled,
  CumSum: cumulative,
};
