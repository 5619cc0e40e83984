import { commonDims, spread } from "../broadcast.ts";
import { must } from "../fault.ts";
import { numberOf, type Operator, type Operators } from "../node.ts";
import { isReal, type Numbers, numbers, zeros } from "../tensor.ts";

/**
 * Product of two matrices: float32 sums as onnxruntime does, rounded after each product that was added; all others in float64.
 *
 * @param a Rows by inner, row after row, from `aStart`.
 * @param b Inner by columns, from `bStart`.
 * @param put Takes the sums of one row.
 */
export function product(
  a: Numbers,
  aStart: number,
  b: Numbers,
  bStart: number,
  [rows, inner, columns]: readonly [number, number, number],
  put: (row: number, sums: Float32Array | Float64Array) => void,
): void {
  const sums = a instanceof Float32Array ? new Float32Array(columns) : new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    sums.fill(0);
    for (let at = 0; at < inner; at += 1) {
      const factor = a[aStart + row * inner + at] as number;
      const from = bStart + at * columns;
      for (let column = 0; column < columns; column += 1) {
        sums[column] = (sums[column] as number) + factor * (b[from + column] as number);
      }
    }
    put(row, sums);
  }
}

const matMul: Operator =
  () =>
  ([x, y]) => {
    const a = numbers(x);
    const b = numbers(y);
    must(a.type === b.type, () => `expected two tensors of one type, found ${a.type} and ${b.type}`);
    const left = a.dims.length === 1 ? [1, ...a.dims] : a.dims;
    const right = b.dims.length === 1 ? [...b.dims, 1] : b.dims;
    const [rows = 0, inner = 0] = left.slice(-2);
    const [depth = 0, columns = 0] = right.slice(-2);
    must(
      left.length > 1 && right.length > 1 && inner === depth,
      () => `expected matrices that fit, found [${a.dims}] and [${b.dims}]`,
    );
    const stack = commonDims(left.slice(0, -2), right.slice(0, -2));
    const placeA = spread(left.slice(0, -2), stack);
    const placeB = spread(right.slice(0, -2), stack);
    const full = zeros(a.type, [...stack, rows, columns]);
    const count = stack.reduce((size, dim) => size * dim, 1);
    for (let each = 0; each < count; each += 1) {
      product(
        a.data,
        placeA(each) * rows * inner,
        b.data,
        placeB(each) * inner * columns,
        [rows, inner, columns],
        (row, sums) => full.data.set(sums, (each * rows + row) * columns),
      );
    }
    const dims = [...stack, ...(a.dims.length === 1 ? [] : [rows]), ...(b.dims.length === 1 ? [] : [columns])];
    return { ...full, dims };
  };

function turned(data: Numbers, rows: number, columns: number): Float32Array | Float64Array {
  const made = data instanceof Float32Array ? new Float32Array(data.length) : new Float64Array(data.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) made[column * rows + row] = data[row * columns + column] ?? 0;
  }
  return made;
}

const gemm: Operator = (node) => {
  const alpha = numberOf(node, "alpha", 1);
  const beta = numberOf(node, "beta", 1);
  const [turnA, turnB] = [numberOf(node, "transA", 0) !== 0, numberOf(node, "transB", 0) !== 0];
  return ([x, y, z]) => {
    const a = numbers(x);
    const b = numbers(y);
    const [a0 = 0, a1 = 0] = a.dims;
    const [b0 = 0, b1 = 0] = b.dims;
    const [rows, inner] = turnA ? [a1, a0] : [a0, a1];
    const [depth, columns] = turnB ? [b1, b0] : [b0, b1];
    must(
      a.type === b.type && a.dims.length === 2 && b.dims.length === 2 && inner === depth,
      () => `expected matrices that fit, found [${a.dims}] and [${b.dims}]`,
    );
    const made = zeros(a.type, [rows, columns]);
    const c = z && numbers(z);
    const place = c && spread(c.dims, commonDims(c.dims, made.dims));
    must(isReal(a.type) || (alpha === 1 && beta === 1), () => "expected factors of 1 for integers");
    const left = turnA ? turned(a.data, a0, a1) : a.data;
    const right = turnB ? turned(b.data, b0, b1) : b.data;
    product(left, 0, right, 0, [rows, inner, columns], (row, sums) => {
      for (let column = 0; column < columns; column += 1) {
        const at = row * columns + column;
        const bias = c && place ? beta * (c.data[place(at)] ?? 0) : 0;
        made.data[at] = alpha * (sums[column] ?? 0) + bias;
      }
    });
    return made;
  };
};

export const matrices: Operators = { MatMul: matMul, Gemm: gemm };
