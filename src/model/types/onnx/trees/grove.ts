/** How a node compares a value with its threshold, by the numbers that TreeEnsemble version 5 gives. */
export const modes = {
  BRANCH_LEQ: 0,
  BRANCH_LT: 1,
  BRANCH_GTE: 2,
  BRANCH_GT: 3,
  BRANCH_EQ: 4,
  BRANCH_NEQ: 5,
  BRANCH_MEMBER: 6,
  LEAF: 7,
} as const;

/** Bit of a mode: a missing value goes the way of what is true. */
export const missingIsTrue = 8;

/** Trees in arrays, one element a node or a leaf. Plain data: what a store keeps. */
export interface Grove {
  readonly feature: Int32Array;
  readonly threshold: Float32Array | Float64Array;
  /** Two for each node: where a true comparison leads, and a false one. Below 0 is a leaf: its number is the complement. */
  readonly next: Int32Array;
  /** Mode of each node, with the bit for missing values. */
  readonly mode: Uint8Array;
  readonly roots: Int32Array;
  /** Where the votes of each leaf begin, and the end of the last. */
  readonly votes: Int32Array;
  readonly voteTarget: Int32Array;
  readonly voteWeight: Float32Array | Float64Array;
  /** Members of a node with a set lie from its threshold on, so many; the first number is how many. */
  readonly sets: Float64Array;
  /** One more than the greatest feature. */
  readonly features: number;
  /** Whether thresholds and weights are float64. */
  readonly double: boolean;
  /** Whether all votes are for one target. */
  readonly oneTarget: boolean;
  /** Whether no vote is negative. */
  readonly positive: boolean;
}
