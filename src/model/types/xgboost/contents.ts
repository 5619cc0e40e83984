import type { Feature } from "../file-model.ts";
import type { Forest } from "../trees/forest.ts";

/** What is stored of a model of XGBoost. */
export interface XgboostContents {
  readonly format: "xgboost";
  readonly layout: 1;
  readonly objective: string;
  /** Whether the outputs of a row are sorted: quantiles that would cross, since the version that does so. */
  readonly sorted: boolean;
  /** Quantiles that the objective finds; read only to measure them. */
  readonly quantiles?: readonly number[];
  readonly features: readonly Feature[];
  /** Scores to start from, one an output. */
  readonly base: Float32Array;
  /** Trees; null for a linear model. */
  readonly forest: Forest | null;
  /** How many of the trees count: those up to the best iteration. */
  readonly trees: number;
  /** Weights of a linear model, those of the first feature first, biases last; null for trees. */
  readonly weights: Float32Array | null;
  /** Total gain, or the sum of absolute weights, of each feature. */
  readonly importances: Float64Array;
}
