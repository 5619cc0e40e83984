import { must } from "../fault.ts";
import { type Numbers, numbers, type Tensor } from "../tensor.ts";

/** Rows of features: a matrix, or one row. */
export interface Rows {
  readonly data: Numbers;
  readonly rows: number;
  readonly columns: number;
}

/** Rows of a tensor of one or two axes. */
export function rowsOf(tensor: Tensor | undefined): Rows {
  const { dims, data } = numbers(tensor);
  must(dims.length === 1 || dims.length === 2, () => `expected a matrix, found the shape [${dims}]`);
  const [first = 0, second = 0] = dims;
  return dims.length === 1 ? { data, rows: 1, columns: first } : { data, rows: first, columns: second };
}

/** The same rows in float32, in which most operators of `ai.onnx.ml` compute whatever they are given. */
export function singleRows(tensor: Tensor | undefined): Rows & { readonly data: Float32Array } {
  const found = rowsOf(tensor);
  return { ...found, data: found.data instanceof Float32Array ? found.data : Float32Array.from(found.data) };
}
