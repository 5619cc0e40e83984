import type { Contributions, FeatureKind, Task } from "../file-model.ts";
import type { Fields } from "./file/fields.ts";
import type { Scalar } from "./file/values.ts";
import type { Data } from "./math/matrix.ts";

/** What an estimator takes in one column. */
export interface Input {
  /** Absent where it passes values on as they are. */
  readonly kind?: FeatureKind;
  readonly categories?: readonly (string | number | boolean)[];
  readonly missing: boolean;
  /** Whether nothing looks at it. */
  readonly ignored?: boolean;
}

/** Step that turns columns into columns. */
export interface Step {
  readonly inputs: readonly Input[];
  /** Number of columns that it makes. */
  readonly width: number;
  /** For each column that it makes: the only input that it depends on; absent where it depends on several. */
  readonly origin?: ArrayLike<number> | undefined;
  transform(data: Data): Data;
}

/** What an estimator says of rows; lists of several numbers a row hold the first row first. */
export interface Outcome {
  /** Of a regression: one number a target. */
  readonly values?: Float64Array;
  /** Indices of classes. */
  readonly labels?: Int32Array;
  readonly probabilities?: Float64Array;
  /** Decision function: one number, or one a class. */
  readonly scores?: Float64Array;
}

/** Estimator that predicts. */
export interface Predictor {
  readonly task: Task;
  readonly inputs: readonly Input[];
  /** Number of targets of a regression; 0 of others. */
  readonly targets: number;
  readonly classes?: readonly Scalar[];
  readonly hasProbabilities: boolean;
  /** Number of `scores` of a row; 0 where there are none. */
  readonly scores: number;
  predict(data: Data): Outcome;
  /** Contributions of inputs to `scores`, or to the values of a regression, of one row. */
  explain?: ((data: Data) => Contributions) | undefined;
  importances?: (() => Float64Array) | undefined;
}

/** Estimator as it was read. An estimator that does both is used as a step within others and predicts at their end. */
export interface Estimator {
  readonly step?: Step;
  readonly predictor?: Predictor;
}

/** Reads an estimator of any class. */
export type Read = (fields: Fields) => Estimator;

/** Reader of the estimators of one class. */
export type Reader = (fields: Fields, read: Read) => Estimator;

/** Inputs of an estimator that takes numbers. */
export const numbers = (count: number, missing = false): readonly Input[] =>
  Array.from({ length: count }, () => ({ kind: "number" as const, missing }));

/** Estimator that predicts, read by `read`. */
export function predictorOf(fields: Fields, read: Read): Predictor {
  const { predictor } = read(fields);
  if (!predictor) throw fields.refuse(`${fields.name} as a model that predicts`);
  return predictor;
}

/** Labels of a classifier. */
export function classesOf(fields: Fields, name = "classes_"): readonly Scalar[] {
  const classes = fields.get(name);
  if (Array.isArray(classes) && classes.some((item) => typeof item === "object"))
    throw fields.refuse(`${fields.name} with several outputs`);
  const list = fields.scalars(name);
  if (list.length === 0 || list.some((label) => label === null)) throw fields.wrong(name, "labels of classes");
  return list;
}

/** Version of scikit-learn that wrote an estimator, as a number: 1.10 is 110, 1.3 is 103. */
export function versionOf(fields: Fields): number {
  const version = fields.get("_sklearn_version");
  const match = /^(\d+)\.(\d+)/.exec(typeof version === "string" ? version : "");
  if (!match) throw fields.wrong("_sklearn_version", "a version of scikit-learn");
  return Number(match[1]) * 100 + Number(match[2]);
}
