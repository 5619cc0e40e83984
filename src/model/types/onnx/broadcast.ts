import { OnnxFault } from "./fault.ts";
import { type NumberTensor, type NumberType, sizeOf, stridesOf, zeros } from "./tensor.ts";

/** Shape to which shapes broadcast, as in NumPy. */
export function commonDims(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((dims) => dims.length));
  return Array.from({ length: rank }, (_, axis) => {
    let common = 1;
    for (const dims of shapes) {
      const dim = dims[dims.length - rank + axis] ?? 1;
      if (dim === 1 || dim === common) continue;
      if (common !== 1)
        throw new OnnxFault(`expected shapes that broadcast, found ${shapes.map((s) => `[${s}]`).join(" and ")}`);
      common = dim;
    }
    return common;
  });
}

/**
 * Places in a tensor that broadcasts to another shape.
 *
 * @param dims Its shape.
 * @param to Shape that it broadcasts to.
 *
 * @returns The place in the tensor, by place in the other shape.
 */
export function spread(dims: readonly number[], to: readonly number[]): (at: number) => number {
  const size = sizeOf(dims);
  if (size === sizeOf(to)) return (at) => at;
  if (size === 1) return () => 0;
  const padded = [...new Array<number>(to.length - dims.length).fill(1), ...dims];
  const first = padded.findIndex((dim) => dim !== 1);
  if (padded.every((dim, axis) => axis < first || dim === to[axis])) return (at) => at % size;
  const last = padded.findLastIndex((dim) => dim !== 1);
  if (padded.every((dim, axis) => axis > last || dim === to[axis])) {
    const block = sizeOf(to.slice(last + 1));
    return (at) => Math.floor(at / block);
  }
  const strides = stridesOf(padded).map((stride, axis) => (padded[axis] === 1 ? 0 : stride));
  return odometer(to, strides);
}

/** Places of a walk over a shape in order, with a step for each axis. Places are kept, as they are asked for by number. */
export function odometer(dims: readonly number[], strides: readonly number[], start = 0): (at: number) => number {
  const places = new Int32Array(sizeOf(dims));
  const index = new Array<number>(dims.length).fill(0);
  let place = start;
  for (let at = 0; at < places.length; at += 1) {
    places[at] = place;
    for (let axis = dims.length - 1; axis >= 0; axis -= 1) {
      const step = strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      place += step;
      index[axis] = next;
      if (next < (dims[axis] ?? 0)) break;
      place -= step * next;
      index[axis] = 0;
    }
  }
  return (at) => places[at] ?? 0;
}

/** Combines two tensors element by element. */
export function combine(
  a: NumberTensor,
  b: NumberTensor,
  type: NumberType,
  apply: (x: number, y: number) => number,
): NumberTensor {
  const dims = commonDims(a.dims, b.dims);
  const made = zeros(type, dims);
  const { data } = made;
  const placeA = spread(a.dims, dims);
  const placeB = spread(b.dims, dims);
  const left = a.data;
  const right = b.data;
  for (let at = 0; at < data.length; at += 1) data[at] = apply(left[placeA(at)] ?? 0, right[placeB(at)] ?? 0);
  return made;
}

/** Applies a function to each element. */
export function each(x: NumberTensor, type: NumberType, apply: (value: number) => number): NumberTensor {
  const made = zeros(type, x.dims);
  const { data } = made;
  const source = x.data;
  for (let at = 0; at < data.length; at += 1) data[at] = apply(source[at] ?? 0);
  return made;
}
