import { commonDims, odometer, spread } from "../broadcast.ts";
import { must } from "../fault.ts";
import { numberIf, numberOf, type Operator, type Operators } from "../node.ts";
import {
  axisOf,
  blanks,
  gathered,
  type NumberTensor,
  numbers,
  span,
  stridesOf,
  type Tensor,
  zeros,
} from "../tensor.ts";
import { given, listAt } from "./shape.ts";

const concat: Operator = (node) => {
  const at = numberOf(node, "axis");
  return (inputs) => {
    const parts = inputs.map(given);
    const first = given(parts[0]);
    const axis = axisOf(at, first.dims.length);
    for (const { type, dims } of parts) {
      const fits =
        dims.length === first.dims.length && dims.every((dim, each) => each === axis || dim === first.dims[each]);
      must(
        type === first.type && fits,
        () => `expected ${first.type} of the shape [${first.dims}] but for axis ${axis}, found ${type} of [${dims}]`,
      );
    }
    const dims = first.dims.map((dim, each) =>
      each === axis ? parts.reduce((sum, part) => sum + (part.dims[axis] ?? 0), 0) : dim,
    );
    const made = first.type === "string" ? blanks(dims) : zeros(first.type, dims);
    const width = span(dims, axis);
    let start = 0;
    for (const part of parts) {
      const block = span(part.dims, axis);
      copyBlocks(part, made, block, width, start);
      start += block;
    }
    return made;
  };
};

function copyBlocks(
  from: Tensor,
  to: Tensor & { readonly data: string[] | NumberTensor["data"] },
  block: number,
  width: number,
  start: number,
): void {
  const source: ArrayLike<string | number> = from.data;
  const target = to.data as (string | number)[];
  const count = block === 0 ? 0 : source.length / block;
  for (let row = 0; row < count; row += 1) {
    const put = row * width + start;
    const take = row * block;
    for (let at = 0; at < block; at += 1) target[put + at] = source[take + at] as string | number;
  }
}

const slice: Operator = (node) => {
  const read = ["starts", "ends", "axes", "steps"].map((name) => listAt(node, name));
  return ([x, ...bounds]) => {
    const data = given(x);
    const [starts = [], ends = [], axes, steps] = read.map((at, index) => at(bounds[index]));
    const strides = stridesOf(data.dims);
    const dims = [...data.dims];
    let first = 0;
    starts.forEach((from, index) => {
      const axis = axisOf(axes?.[index] ?? index, dims.length);
      const step = steps?.[index] ?? 1;
      must(step !== 0, () => "expected steps, found 0");
      const size = data.dims[axis] ?? 0;
      const bound = (value: number, least: number, most: number) =>
        Math.min(Math.max(value < 0 ? value + size : value, least), most);
      const back = step < 0;
      const start = bound(from, 0, back ? size - 1 : size);
      const end = bound(ends[index] ?? size, back ? -1 : 0, size);
      dims[axis] = Math.max(0, Math.ceil((end - start) / step));
      first += start * (strides[axis] ?? 0);
      strides[axis] = (strides[axis] ?? 0) * step;
    });
    return gathered(data, dims, odometer(dims, strides, first));
  };
};

const split: Operator = (node) => {
  const at = numberOf(node, "axis", 0);
  const sizesAt = listAt(node, "split");
  return ([x, given_]) => {
    const data = given(x);
    const axis = axisOf(at, data.dims.length);
    const size = data.dims[axis] ?? 0;
    const parts = numberIf(node, "num_outputs") ?? node.outputs.length;
    const even = Math.ceil(size / parts);
    const sizes =
      sizesAt(given_) ?? Array.from({ length: parts }, (_, part) => Math.max(0, Math.min(even, size - even * part)));
    must(sizes.reduce((sum, each) => sum + each, 0) === size, () => `expected parts of ${size}, found [${sizes}]`);
    const step = span(data.dims, axis + 1);
    let start = 0;
    return sizes.map((part) => {
      const dims = data.dims.map((dim, each) => (each === axis ? part : dim));
      const first = start * step;
      start += part;
      return gathered(data, dims, odometer(dims, stridesOf(data.dims), first));
    });
  };
};

const where: Operator =
  () =>
  ([condition, x, y]) => {
    const test = numbers(condition);
    const a = given(x);
    const b = given(y);
    must(a.type === b.type, () => `expected two tensors of one type, found ${a.type} and ${b.type}`);
    const dims = commonDims(test.dims, a.dims, b.dims);
    const [placeTest, placeA, placeB] = [test, a, b].map((tensor) => spread(tensor.dims, dims));
    const made = a.type === "string" ? blanks(dims) : zeros(a.type, dims);
    const target = made.data as (string | number)[];
    for (let at = 0; at < target.length; at += 1) {
      const chosen = test.data[placeTest?.(at) ?? 0] ? a.data[placeA?.(at) ?? 0] : b.data[placeB?.(at) ?? 0];
      target[at] = chosen as string | number;
    }
    return made;
  };

const nonZero: Operator =
  () =>
  ([x]) => {
    const { dims, data } = numbers(x);
    const found: number[] = [];
    data.forEach((value, at) => {
      if (value !== 0) found.push(at);
    });
    const strides = stridesOf(dims);
    const made = zeros("int64", [dims.length, found.length]);
    dims.forEach((dim, axis) => {
      found.forEach((at, index) => {
        made.data[axis * found.length + index] = Math.floor(at / (strides[axis] ?? 1)) % dim;
      });
    });
    return made;
  };

export const selection: Operators = {
  Concat: concat,
  Slice: slice,
  Split: split,
  Where: where,
  NonZero: nonZero,
};
