import type { SignatureField, SignatureSide } from "../../../api/signature.ts";
import { invalid } from "../invalid.ts";
import { limitRows } from "../max-rows.ts";
import { newRow } from "../new-row.ts";
import { cellReader } from "./cells.ts";
import { elementsOf, type Tensor } from "./tensor.ts";

/**
 * Rows of values by name that tensors hold: one tensor a column, of the shape [n] or [n,1], or, where all are numbers, one
 * matrix [n,k] of any name.
 *
 * @param inputs What the model takes.
 * @param tensors The tensors of a request.
 *
 * @returns One row for each element of the first dimension, in their order.
 *
 * @throws ARGUMENTS_INVALID when the tensors do not fit the inputs; BODY_TOO_LARGE for too many rows.
 */
export function rowsOf(inputs: SignatureSide, tensors: readonly Tensor[]): unknown[] {
  const [first] = tensors;
  // A model that takes nothing is asked once; one that takes something says what is missing.
  if (first === undefined) return [{}];
  const [count] = first.shape;
  if (count === undefined)
    throw invalid(first.name, "expected a shape whose first dimension is the number of rows, found []");
  limitRows(count);
  for (const { name, shape } of tensors) {
    if (shape[0] !== count)
      throw invalid(name, `expected ${count} rows as ${first.name} has, found the shape [${shape}]`);
  }
  if (inputs.form === "value") return valuesOf(inputs, tensors, count);
  const columns = matrixColumns(inputs, tensors) ?? tensors.map((tensor) => columnOf(tensor, inputs));
  const create = newRow(columns.map(({ name }) => name));
  const rows: unknown[] = new Array(count);
  for (let row = 0; row < count; row++) {
    const values = create();
    for (const { name, read } of columns) values[name] = read(row);
    rows[row] = values;
  }
  return rows;
}

interface Column {
  readonly name: string;
  read(row: number): unknown;
}

/** Rows of a model whose input is no object: a tensor of any name. */
function valuesOf(inputs: SignatureSide, tensors: readonly Tensor[], count: number): unknown[] {
  const [field] = inputs.fields;
  const [tensor] = tensors;
  if (tensors.length !== 1 || tensor === undefined || field === undefined) {
    throw invalid("inputs", `expected one tensor, found ${tensors.length}`);
  }
  const read = columnReader(tensor, field);
  return Array.from({ length: count }, (_, row) => read(row));
}

function columnOf(tensor: Tensor, { fields }: SignatureSide): Column {
  const field = fields.find(({ name }) => name === tensor.name);
  return { name: tensor.name, read: columnReader(tensor, field) };
}

/** Reader of the value of each row: a scalar, or a list where the field is one. */
function columnReader(tensor: Tensor, field: SignatureField | undefined): (row: number) => unknown {
  const { name, shape } = tensor;
  const read = cellReader(tensor, field);
  const own = shape.slice(1);
  const isScalar = field === undefined ? elementsOf(own) === 1 : field.shape.length === 0;
  if (isScalar) {
    if (own.length === 0 || (own.length === 1 && own[0] === 1)) return read;
    throw invalid(name, `expected the shape [${shape[0]}] or [${shape[0]},1], found [${shape}]`);
  }
  const wanted = field?.shape ?? own;
  const fits = wanted.length === own.length && wanted.every((size, axis) => size === -1 || size === own[axis]);
  if (!fits) throw invalid(name, `expected the shape [${[shape[0], ...wanted]}], found [${shape}]`);
  const width = elementsOf(own);
  return (row) => nested(read, own, row * width);
}

/** The lists of lists that a part of a tensor is. */
function nested(read: (index: number) => unknown, shape: readonly number[], start: number): unknown {
  const [length = 0, ...inner] = shape;
  if (inner.length === 0) return Array.from({ length }, (_, index) => read(start + index));
  const width = elementsOf(inner);
  return Array.from({ length }, (_, index) => nested(read, inner, start + index * width));
}

/** The columns of a matrix of numbers, in the order in which the model describes its inputs; undefined if there is none. */
function matrixColumns({ form, fields }: SignatureSide, tensors: readonly Tensor[]): readonly Column[] | undefined {
  const [matrix, ...more] = tensors;
  if (form !== "fields" || matrix === undefined || more.length > 0) return undefined;
  const { name, shape, datatype } = matrix;
  const own = fields.find((field) => field.name === name);
  // A column by its own name is one, and so is a list.
  if (own && (own.shape.length > 0 || shape.length === 1 || shape[1] === 1)) return undefined;
  if (shape.length !== 2) return undefined;
  const numbers = fields.filter((field) => field.shape.length === 0 && isNumber(field));
  const needed = fields.filter(({ optional }) => !optional);
  const other = needed.find((field) => !numbers.includes(field));
  if (other) {
    if (own) return undefined;
    throw invalid(name, `expected one tensor for each input, because ${other.name} is no number, found a matrix`);
  }
  const [, width] = shape;
  const chosen = [numbers, needed].find((some) => some.length === width);
  if (chosen === undefined) {
    const names = numbers.map((field) => field.name).join(", ");
    throw invalid(name, `expected the shape [${shape[0]},${numbers.length}] for ${names}, found [${shape}]`);
  }
  if (datatype.kind !== "float" && datatype.kind !== "integer") {
    throw invalid(name, `expected a matrix of numbers, found ${datatype.name}`);
  }
  return chosen.map((field, column) => {
    const read = cellReader(matrix, field);
    return { name: field.name, read: (row) => read(row * chosen.length + column) };
  });
}

function isNumber({ dtype }: SignatureField): boolean {
  return dtype === "float64" || dtype === "int64";
}
