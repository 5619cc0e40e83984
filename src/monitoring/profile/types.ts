/** Distribution of a number: bins at quantiles, so that each has about as many values. */
export interface NumberProfile {
  readonly kind: "number";
  /** The least value there was; the greatest is the last of `edges`. */
  readonly min: number;
  /** Upper ends of the bins, ascending: a bin holds what is above the end before it, up to its own. */
  readonly edges: readonly number[];
  /** How many values there were in each bin. */
  readonly counts: readonly number[];
  readonly mean: number;
  /** The sample standard deviation; 0 for fewer than two values. */
  readonly std: number;
  readonly missing: number;
}

/** Distribution of a category: the most frequent values. */
export interface CategoryProfile {
  readonly kind: "category";
  /** The most frequent first; booleans as `true` and `false`. */
  readonly values: readonly string[];
  readonly counts: readonly number[];
  /** How many were none of these. */
  readonly other: number;
  readonly missing: number;
}

/** What has no distribution that could be kept: text, times, lists, objects. Only whether it is there. */
export interface PresenceProfile {
  readonly kind: "presence";
  readonly present: number;
  readonly missing: number;
}

/** Distribution of one input, or of one value of predictions. */
export type FieldProfile = NumberProfile | CategoryProfile | PresenceProfile;

/** Probabilities of classes in predictions, and the performance that they promise (see `estimatePerformance`). */
export interface ProbabilityProfile {
  /** Names of the values, as in `outputs`, one for each class. */
  readonly outputs: readonly string[];
  /** What `createPerformanceCounts` counted of the predictions that `outputs` are of. */
  readonly counts: readonly number[];
}

/** Profile of what a model was made from: kept in its metadata, under `profile`. */
export interface Profile {
  /** The form of this object. */
  readonly format: 1;
  /** How many rows of data the distributions of inputs are of: a fair sample of all. */
  readonly rows: number;
  /** How many rows there were. */
  readonly rows_seen: number;
  /** The data sources that inputs were found in. */
  readonly sources: readonly string[];
  readonly inputs: Readonly<Record<string, FieldProfile>>;
  /** How many predictions `outputs` are of. */
  readonly predictions: number;
  /** Values in predictions by their path in the JSON, steps separated by dots; a prediction that is one value is `prediction`. */
  readonly outputs: Readonly<Record<string, FieldProfile>>;
  readonly probabilities?: ProbabilityProfile;
}
