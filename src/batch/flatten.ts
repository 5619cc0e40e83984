import type { Signature } from "../api/signature.ts";
import { predictionName } from "../api/signature.ts";
import { createColumn, type TypedColumn } from "../data/frame/column.ts";
import { frameOf } from "../data/frame/frame.ts";
import type { Cell, DType, Frame } from "../data/types.ts";
import { isLaunchpadError, LaunchpadError } from "../errors.ts";
import type { FramePredictions } from "../model/define.ts";

/** Values of a column that predictions make. */
type Values = Float64Array | readonly unknown[];

/**
 * Makes columns of predictions. An object makes a column of each of its values, an object in it those with both names
 * (`probabilities.setosa`); a list makes one column of its JSON; what is no object makes the column `prediction`. Numbers are `float64`,
 * unless the model's output says that they are whole.
 *
 * @param predictions One for each row, as JSON has it.
 * @param signature What the model gives.
 *
 * @returns A frame of as many rows.
 *
 * @throws PREDICT_FAILED when a column has values of several types.
 */
export function flattened(predictions: readonly unknown[], signature: Signature): Frame {
  const columns = new Map<string, unknown[]>();
  const put = (name: string, value: unknown, row: number) => {
    let column = columns.get(name);
    if (column === undefined) {
      column = new Array(predictions.length).fill(null);
      columns.set(name, column);
    }
    column[row] = value;
  };
  const add = (name: string, value: unknown, row: number): void => {
    if (Array.isArray(value)) put(name || predictionName, JSON.stringify(value), row);
    else if (typeof value !== "object" || value === null) put(name || predictionName, value, row);
    else for (const [key, inner] of Object.entries(value)) add(name === "" ? key : `${name}.${key}`, inner, row);
  };
  // What is described is there, also where no row has it.
  if (signature.outputs.form === "fields") {
    for (const { name, dtype, shape } of signature.outputs.fields) {
      if (dtype !== "json" && shape.length === 0) columns.set(name, new Array(predictions.length).fill(null));
    }
  }
  for (const [row, prediction] of predictions.entries()) add("", prediction, row);
  return predictionFrame(columns as ReadonlyMap<string, Values>, predictions.length, signature);
}

/**
 * Makes a frame of predictions in columns.
 *
 * @param columns The columns.
 * @param length How many rows there are.
 * @param signature What the model gives.
 *
 * @returns The frame, with the dtypes that `flattened` gives.
 *
 * @throws PREDICT_FAILED when a column has values of several types.
 */
export function predictionFrame(
  columns: ReadonlyMap<string, Values> | FramePredictions,
  length: number,
  signature: Signature,
): Frame {
  const typed = new Map<string, TypedColumn>();
  for (const [name, values] of columns) typed.set(name, columnOf(name, values, signature));
  return frameOf(typed, length);
}

function columnOf(name: string, values: Values, { outputs }: Signature): TypedColumn {
  const told = outputs.fields.find((field) => field.name === name);
  const dtype = told && told.shape.length === 0 ? plain[told.dtype] : undefined;
  if (values instanceof Float64Array && dtype !== "int64") return { dtype: "float64", values };
  const cells = values as readonly Cell[];
  const first = cells.find((cell) => cell !== null);
  const own = dtype ?? (typeof first === "number" ? "float64" : undefined);
  // Whole numbers of which some are missing are floats, as in pandas.
  const isWhole = own === "int64" && cells.every((cell) => Number.isSafeInteger(cell));
  try {
    return createColumn(name, cells, own === "int64" && !isWhole ? "float64" : own);
  } catch (error) {
    if (!isLaunchpadError(error)) throw error;
    throw new LaunchpadError(
      "PREDICT_FAILED",
      `[model] predictions as a table: ${error.message}. Write them as JSON Lines with --stream, or correct the model`,
      { cause: error },
    );
  }
}

/** Dtypes of frames, by those of fields. */
const plain: Readonly<Partial<Record<string, DType>>> = {
  float64: "float64",
  int64: "int64",
  bool: "bool",
  str: "str",
};
