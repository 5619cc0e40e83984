import type { Bins } from "./bins.ts";

/** A class, as labels name it. */
export type Label = string | number | boolean;

/** What merges: counts and sums of the rows of an evaluation. */
export type Counts = ClassificationCounts | RegressionCounts;

/** Counts and sums of a classification. */
export interface ClassificationCounts {
  readonly format: 1;
  readonly task: "classification";
  readonly classes: readonly Label[];
  /** Rows of true classes, columns of predicted ones. */
  readonly matrix: readonly (readonly number[])[];
  /** What scores are: probabilities of all classes, other numbers that rank, or not there. */
  readonly scores: "probabilities" | "ranks" | "none";
  /** Sums over rows, of probabilities. */
  readonly log_loss?: number;
  readonly brier?: number;
  /** Scores of the positive one of two classes, or of each of more. */
  readonly curves: readonly Curve[];
  /** Classes without a curve, because there are too many. */
  readonly curves_left_out?: number;
  readonly slices?: Readonly<Record<string, Slices>>;
}

/** Scores of one class against the rest. */
export interface Curve {
  /** The class, as its place in `classes`. */
  readonly of: number;
  /** Scores: how many rows of other classes are in a bin, and how many of this one. */
  readonly bins: Bins;
  /** Ten bins of equal width, of probabilities: rows, the sum of the probabilities, rows of the class. */
  readonly calibration?: readonly (readonly [rows: number, sum: number, hits: number])[];
}

/** Counts and sums of a regression. A residual is the true value less the predicted one. */
export interface RegressionCounts extends RegressionSums {
  readonly format: 1;
  readonly task: "regression";
  /** Residuals: how many rows are in a bin. */
  readonly residuals: Bins;
  /** Predicted values: rows in a bin, the sum of their residuals, and that of their squares. */
  readonly predicted: Bins;
  readonly slices?: Readonly<Record<string, Slices>>;
}

/** Sums over the rows of a regression. */
export interface RegressionSums {
  readonly rows: number;
  /** Mean of the true values, and the sum of the squares of what lies between them and it. */
  readonly mean: number;
  readonly spread: number;
  /** Sums of residuals, of their amounts, of their squares, and of their amounts relative to the true values. */
  readonly bias: number;
  readonly absolute: number;
  readonly squared: number;
  readonly relative: number;
  /** The largest amount of a residual. */
  readonly max: number;
}

/** Counts by the values of a column. */
export interface Slices {
  readonly values: readonly Slice[];
  /** Rows of values that were too many to keep. */
  readonly left_out: number;
}

/** Counts of the rows that have one value. */
export interface Slice {
  readonly value: Label | null;
  /** Of a classification, three numbers for each class: rows of it, rows predicted as it, and hits. */
  readonly classes?: readonly number[];
  readonly sums?: RegressionSums;
}

/** How many bins of scores are kept: of the one curve of two classes, and of each of more. */
export const maxBins = (classes: number): number => (classes === 2 ? 256 : 64);

/** How many classes have a curve. */
export const maxCurves = 20;

/** How many bins of residuals and of predicted values are kept. */
export const maxResidualBins = 64;

/** How many values of a column are slices. */
export const maxSlices = 50;
