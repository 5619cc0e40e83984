import { odometer } from "../broadcast.ts";
import { must, OnnxFault } from "../fault.ts";
import { numberIf, numberOf, type Operator, type Operators } from "../node.ts";
import { axisOf, gathered, numbers, sizeOf, span, stridesOf, zeros } from "../tensor.ts";
import { given } from "./shape.ts";

/** Index into an axis, which may count from the end. */
function indexOf(index: number, size: number): number {
  if (!(index >= -size && index < size))
    throw new OnnxFault(`expected an index below ${size}, found ${index}`, "arguments");
  return index < 0 ? index + size : index;
}

const gather: Operator = (node) => {
  const at = numberOf(node, "axis", 0);
  return ([x, indices]) => {
    const data = given(x);
    const places = numbers(indices);
    const axis = axisOf(at, data.dims.length);
    const size = data.dims[axis] ?? 0;
    const step = span(data.dims, axis + 1);
    const list = Float64Array.from(places.data, (index) => indexOf(index, size));
    const dims = [...data.dims.slice(0, axis), ...places.dims, ...data.dims.slice(axis + 1)];
    const block = list.length * step;
    return gathered(data, dims, (place) => {
      const outer = Math.floor(place / block);
      const within = place - outer * block;
      const index = Math.floor(within / step);
      return (outer * size + (list[index] ?? 0)) * step + (within - index * step);
    });
  };
};

const gatherElements: Operator = (node) => {
  const at = numberOf(node, "axis", 0);
  return ([x, indices]) => {
    const data = given(x);
    const places = numbers(indices);
    const axis = axisOf(at, data.dims.length);
    const fits =
      places.dims.length === data.dims.length &&
      places.dims.every((dim, each) => each === axis || dim <= (data.dims[each] ?? 0));
    must(fits, () => `expected indices within the shape [${data.dims}], found [${places.dims}]`);
    const size = data.dims[axis] ?? 0;
    const strides = stridesOf(data.dims);
    const step = strides[axis] ?? 1;
    const base = odometer(
      places.dims,
      strides.map((stride, each) => (each === axis ? 0 : stride)),
    );
    return gathered(data, places.dims, (place) => base(place) + indexOf(places.data[place] ?? 0, size) * step);
  };
};

const oneHot: Operator = (node) => {
  const at = numberOf(node, "axis", -1);
  return ([indices, depthTensor, values]) => {
    const places = numbers(indices);
    const depth = Math.trunc(numbers(depthTensor).data[0] ?? 0);
    const { type, data } = numbers(values);
    const axis = axisOf(at, places.dims.length + 1);
    const dims = [...places.dims.slice(0, axis), depth, ...places.dims.slice(axis)];
    const made = zeros(type, dims);
    made.data.fill(data[0] ?? 0);
    const step = span(places.dims, axis);
    places.data.forEach((index, place) => {
      const whole = Math.trunc(index);
      if (whole < -depth || whole >= depth) return;
      const outer = Math.floor(place / step);
      made.data[(outer * depth + (whole < 0 ? whole + depth : whole)) * step + (place % step)] = data[1] ?? 0;
    });
    return made;
  };
};

/** Largest (or smallest) elements of an axis; of equal ones the first. */
const topK: Operator = (node) => {
  const fixed = numberIf(node, "k");
  const at = numberOf(node, "axis", -1);
  const largest = numberOf(node, "largest", 1) === 1;
  return ([x, kTensor]) => {
    const input = numbers(x);
    const axis = axisOf(at, input.dims.length);
    const size = input.dims[axis] ?? 0;
    const k = kTensor ? (numbers(kTensor).data[0] ?? 0) : (fixed ?? 0);
    must(k >= 0 && k <= size, () => `expected at most ${size} elements of axis ${axis}, found ${k}`);
    const dims = input.dims.map((dim, each) => (each === axis ? k : dim));
    const values = zeros(input.type, dims);
    const places = zeros("int64", dims);
    const step = span(dims, axis + 1);
    const order = new Array<number>(size);
    const lists = size === 0 ? 0 : input.data.length / size;
    for (let list = 0; list < lists; list += 1) {
      const outer = Math.floor(list / step);
      const start = outer * size * step + (list % step);
      const value = (index: number) => input.data[start + index * step] ?? 0;
      for (let index = 0; index < size; index += 1) order[index] = index;
      order.sort((a, b) => (largest ? value(b) - value(a) : value(a) - value(b)) || a - b);
      for (let rank = 0; rank < k; rank += 1) {
        const target = (outer * k + rank) * step + (list % step);
        values.data[target] = value(order[rank] ?? 0);
        places.data[target] = order[rank] ?? 0;
      }
    }
    return [values, places];
  };
};

export const picking: Operators = { Gather: gather, GatherElements: gatherElements, OneHot: oneHot, TopK: topK };

/** Tensor of the elements of the last axis at given indices. */
export const lastAxis: Operator =
  () =>
  ([x, indices]) => {
    const data = given(x);
    const places = numbers(indices).data;
    const size = data.dims.at(-1) ?? 1;
    const list = Float64Array.from(places, (index) => indexOf(index, size));
    const dims = data.dims.length > 1 ? [...data.dims.slice(0, -1), list.length] : [1, list.length];
    must(sizeOf(dims) >= 0 && list.length > 0, () => "expected indices, found none");
    return gathered(data, dims, (at) => Math.floor(at / list.length) * size + (list[at % list.length] ?? 0));
  };
