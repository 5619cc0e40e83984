import type { Feature } from "../file-model.ts";
import type { Forest } from "../trees/forest.ts";

/** Linear models in leaves. */
export interface LinearLeaves {
  /** Whether a leaf has a model. */
  readonly linear: Uint8Array;
  /** Constant of each leaf. */
  readonly constants: Float64Array;
  /** Start of each leaf's features and coefficients, and the end of the last. */
  readonly starts: Int32Array;
  readonly features: Int32Array;
  readonly coefficients: Float64Array;
}

/** What is stored of a model of LightGBM. */
export interface LightgbmContents {
  readonly format: "lightgbm";
  readonly layout: 1;
  /** Objective and its parameters, as the file has them; "custom" if it has none. */
  readonly objective: string;
  /** Quantiles that the objective finds; read only to measure them. */
  readonly quantiles?: readonly number[];
  readonly features: readonly Feature[];
  /** Scores of a row. */
  readonly outputs: number;
  /** What scores are divided by: the iterations of a random forest, else 1. */
  readonly divisor: number;
  readonly forest: Forest;
  /** Models of leaves; null if all are numbers. */
  readonly leaves: LinearLeaves | null;
  /** Total gain of each feature. */
  readonly importances: Float64Array;
}
