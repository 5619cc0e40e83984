import type { Feature } from "../file-model.ts";
import type { Forest } from "../trees/forest.ts";

/** What is stored of a model of CatBoost. */
export interface CatboostContents {
  readonly format: "catboost";
  readonly layout: 1;
  /** Loss function, by CatBoost's name. */
  readonly objective: string;
  /** Quantiles that the objective finds; read only to measure them. */
  readonly quantiles?: readonly number[];
  readonly features: readonly Feature[];
  /** Of each feature that is a text: texts that nodes ask for, with their codes. */
  readonly codes: readonly (readonly (readonly [string, number])[] | null)[];
  readonly classes: readonly (string | number | boolean)[] | null;
  /** What sums of leaves are multiplied by. */
  readonly scale: number;
  /** What is added to each score. */
  readonly bias: Float64Array;
  readonly forest: Forest;
}
