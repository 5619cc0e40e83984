import type { Contributions } from "../../file-model.ts";
import type { Fields } from "../file/fields.ts";
import { type Data, type Matrix, matrixOf } from "./matrix.ts";

/** Weighted sums of inputs: one row of weights and one intercept for each output. */
export interface Affine {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

/**
 * Reads `coef_` and `intercept_`.
 *
 * @param fields Estimator.
 * @param inputs Number of features.
 */
export function affineOf(fields: Fields, inputs: number): Affine {
  const flat = fields.tensor("coef_").shape.length === 1;
  const { data: weights, shape } = flat ? fields.matrix("coef_", inputs) : fields.matrix("coef_", null, inputs);
  const outputs = flat ? 1 : (shape[0] ?? 1);
  const value = fields.get("intercept_");
  if (typeof value === "number") {
    return { inputs, outputs, weights, intercepts: new Float64Array(outputs).fill(value) };
  }
  const { data } = fields.matrix("intercept_", null);
  if (data.length !== outputs && data.length !== 1) throw fields.wrong("intercept_", `${outputs} numbers`);
  return {
    inputs,
    outputs,
    weights,
    intercepts: Float64Array.from({ length: outputs }, (_, at) => data[at] ?? data[0] ?? 0),
  };
}

/**
 * Computes the sums of rows.
 *
 * @param affine Weights.
 * @param matrix Rows of as many inputs.
 *
 * @returns For each row, for each output: intercept and weighted sum.
 */
export function sums(affine: Affine, matrix: Matrix): Float64Array {
  const { inputs, outputs, weights, intercepts } = affine;
  const { data, rows } = matrix;
  const out = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      const start = row * inputs;
      const first = output * inputs;
      for (let at = 0; at < inputs; at++) sum += (data[start + at] as number) * (weights[first + at] as number);
      out[row * outputs + output] = sum + (intercepts[output] as number);
    }
  }
  return out;
}

/**
 * Explains one row exactly: an input contributes its weight times its value, and the baseline is the intercept. That
 * is what `shap` says with a background of zeros.
 */
export const explainAffine =
  (affine: Affine) =>
  (data: Data): Contributions => {
    const { inputs, outputs, weights, intercepts } = affine;
    const row = matrixOf(data, "any").data;
    const values = Float64Array.from(
      { length: inputs * outputs },
      (_, at) => (weights[at] as number) * (row[at % inputs] as number),
    );
    return { values, baseline: intercepts.slice() };
  };

/** Sum of the absolute weights of each input. */
export const weightOf =
  ({ inputs, weights }: Affine) =>
  (): Float64Array => {
    const out = new Float64Array(inputs);
    weights.forEach((weight, at) => {
      out[at % inputs] = (out[at % inputs] as number) + Math.abs(weight);
    });
    return out;
  };
