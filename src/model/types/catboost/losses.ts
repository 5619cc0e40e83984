import type { Task } from "../file-model.ts";
import { exp } from "../trees/exact.ts";

/** How raw scores become predictions. */
export type Link = "identity" | "sigmoid" | "sigmoids" | "softmax" | "exp" | "uncertainty";

/** What a loss function says of predictions. */
export interface Loss {
  readonly task: Task;
  readonly link: Link;
}

const identity = { task: "regression", link: "identity" } as const;
const ranking = { task: "ranking", link: "identity" } as const;
const binary = { task: "classification", link: "sigmoid" } as const;

/** Loss functions of CatBoost. */
export const losses: Readonly<Record<string, Loss>> = {
  RMSE: identity,
  MAE: identity,
  Quantile: identity,
  MultiQuantile: identity,
  Expectile: identity,
  LogLinQuantile: { task: "regression", link: "exp" },
  LogCosh: identity,
  Lq: identity,
  Huber: identity,
  MAPE: identity,
  MultiRMSE: identity,
  MultiRMSEWithMissingValues: identity,
  Poisson: { task: "regression", link: "exp" },
  Tweedie: { task: "regression", link: "exp" },
  RMSEWithUncertainty: { task: "regression", link: "uncertainty" },
  Cox: identity,
  Logloss: binary,
  CrossEntropy: binary,
  Focal: binary,
  MultiClass: { task: "classification", link: "softmax" },
  MultiClassOneVsAll: { task: "classification", link: "sigmoids" },
  MultiLogloss: { task: "regression", link: "sigmoids" },
  MultiCrossEntropy: { task: "regression", link: "sigmoids" },
  PairLogit: ranking,
  PairLogitPairwise: ranking,
  YetiRank: ranking,
  YetiRankPairwise: ranking,
  QueryRMSE: ranking,
  QuerySoftMax: ranking,
  QueryCrossEntropy: ranking,
  LambdaMart: ranking,
  StochasticRank: ranking,
};

/** Sigmoid of a score. */
export function sigmoid(score: number): number {
  return 1 / (1 + exp(-score));
}

/**
 * Makes predictions of the scores of a row, in place.
 *
 * @param scores Scores of all rows.
 * @param start Where those of the row start.
 * @param count How many a row has.
 * @param link How they become predictions.
 */
export function convert(scores: Float64Array, start: number, count: number, link: Link): void {
  const end = start + count;
  if (link === "exp") for (let i = start; i < end; i++) scores[i] = exp(scores[i] as number);
  if (link === "sigmoids" || link === "sigmoid") {
    for (let i = start; i < end; i++) scores[i] = sigmoid(scores[i] as number);
  }
  // The second score is the logarithm of a deviation; the prediction its square.
  if (link === "uncertainty") scores[start + 1] = exp(2 * (scores[start + 1] as number));
  if (link !== "softmax") return;
  let greatest = scores[start] as number;
  for (let i = start + 1; i < end; i++) greatest = Math.max(greatest, scores[i] as number);
  let sum = 0;
  for (let i = start; i < end; i++) {
    const power = exp((scores[i] as number) - greatest);
    scores[i] = power;
    sum += power;
  }
  for (let i = start; i < end; i++) scores[i] = (scores[i] as number) / sum;
}
