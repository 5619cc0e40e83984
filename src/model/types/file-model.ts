/**
 * Kind of values of a feature: numbers (NaN is missing), one of a list of categories, text, or booleans. Of a category
 * whose names the file does not know, callers send the code: a whole number from 0.
 */
export type FeatureKind = "number" | "category" | "text" | "boolean";

/** Input of a model, in the order in which the model takes them. */
export interface Feature {
  readonly name: string;
  readonly kind: FeatureKind;
  /** Categories in the order of their codes, where the file has them. */
  readonly categories?: readonly (string | number | boolean)[];
  /** Whether the library predicts where this one is missing. */
  readonly missing: boolean;
  /** Whether the model never looks at it, so that any value, or none, will do. */
  readonly ignored?: boolean;
}

/** Value of a feature in one row; null and NaN are missing. */
export type FeatureValue = number | string | boolean | null;

/** Values of one feature, one for each row. */
export type FeatureColumn = Float64Array | readonly FeatureValue[];

/** What a model predicts. */
export type Task = "regression" | "classification" | "ranking" | "clustering" | "outliers" | "transform";

/** Predictions of rows, in their order; lists of several numbers a row hold the first row first. */
export interface Predictions {
  readonly length: number;
  /** Of a regression, ranking or transformation: `outputs.length` numbers for each row. */
  readonly values?: Float64Array;
  /** Of a classification, clustering or search for outliers: an index into `classes` for each row. */
  readonly labels?: Int32Array;
  /** Of a classification: `classes.length` numbers for each row, where the library gives probabilities. */
  readonly probabilities?: Float64Array;
  /**
   * Raw scores before the transformation of the objective, where they are not `values`: decision functions and margins,
   * one number for each row, or one a class. Contributions explain them.
   */
  readonly scores?: Float64Array;
}

/** Contributions of features to raw scores, before any transformation of the objective. */
export interface Contributions {
  /** For each row, for each score (one, or one a class or output): one number a feature. */
  readonly values: Float64Array;
  /** For each score: what a prediction is where nothing is known of the row. */
  readonly baseline: Float64Array;
}

/** Model that was read from a file of a library, ready to predict. */
export interface FileModel {
  /** Name of the format: `xgboost`, `lightgbm`, `catboost`, `skops` or `onnx`. */
  readonly format: string;
  readonly task: Task;
  /** Objective, loss or class of the estimator, by the library's own name. */
  readonly objective: string;
  readonly features: readonly Feature[];
  /** Names of the numbers of a prediction that has no classes. */
  readonly outputs: readonly string[];
  /** Quantile of each number of a prediction, where the objective is to find quantiles and the file says which. */
  readonly quantiles?: readonly number[];
  /** Labels in the order of probabilities; absent where the prediction is a number. */
  readonly classes?: readonly (string | number | boolean)[];
  /** Whether predictions have probabilities. */
  readonly hasProbabilities: boolean;
  /**
   * Predicts rows.
   *
   * @param columns One column for each feature, in the order of `features`.
   * @param length Number of rows.
   *
   * @throws ARGUMENTS_INVALID if a value is none that the feature takes; the message names feature, row and value.
   */
  predictColumns(columns: readonly FeatureColumn[], length: number): Predictions;
  /** Predicts one row: values in the order of `features`. Throws as `predictColumns` does. */
  predictRow(row: readonly FeatureValue[]): Predictions;
  /** Explains one row by TreeSHAP, or exactly for linear models; absent where neither applies. */
  contributions?(row: readonly FeatureValue[]): Contributions;
  /** Global importance of each feature (total gain, or the absolute coefficient), where the file has it. */
  importances?(): Float64Array;
  /** Compact form that predicts fastest: plain data and typed arrays, as the default codec writes them. */
  readonly contents: unknown;
}

/** Model that another engine runs: its predictions come later, and it explains nothing. A `FileModel` is one as well. */
export interface AnyFileModel extends Omit<FileModel, "predictColumns" | "predictRow"> {
  /** Predicts rows, as `predictColumns` of a `FileModel` does. */
  predictColumns(columns: readonly FeatureColumn[], length: number): Predictions | Promise<Predictions>;
}

/** Reader of one format of model files. Portable: no `node:` module, no `eval`, no `new Function`. */
export interface ModelFormat {
  /** Name in `model.type`. */
  readonly name: string;
  /** Library and file, for messages: "XGBoost (JSON or UBJSON)". */
  readonly title: string;
  /** Endings of file names, with the dot. */
  readonly extensions: readonly string[];
  /** Tells from the first bytes (all of them, where the file is small) whether a file is of this format. */
  recognizes(bytes: Uint8Array): boolean;
  /**
   * Reads a file.
   *
   * @param bytes The whole file.
   * @param where Name of the file, with which messages begin.
   *
   * @throws MODEL_FILE_INVALID with the place in the file if it is damaged; MODEL_FILE_UNSUPPORTED with the name of
   *   what it needs and this reader has not.
   */
  read(bytes: Uint8Array, where: string): FileModel | Promise<FileModel>;
  /** Makes the model of its `contents`, as they came back from the store. */
  restore(contents: unknown): FileModel;
}
