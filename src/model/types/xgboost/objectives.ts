import type { Task } from "../file-model.ts";
import { exp, expm1, log, log1p } from "../trees/exact.ts";

/** How raw scores become predictions. */
export type Link = "identity" | "sigmoid" | "exp" | "step" | "softmax" | "argmax" | "ascending";

/** What an objective says of predictions. */
export interface Objective {
  readonly task: Task;
  readonly link: Link;
  /** Score for a `base_score`, which files hold as a prediction. */
  readonly margin: "identity" | "logit" | "log" | "ascending";
}

const identity = { task: "regression", link: "identity", margin: "identity" } as const;
const ranking = { task: "ranking", link: "identity", margin: "identity" } as const;
const exponential = { task: "regression", link: "exp", margin: "log" } as const;

/** Objectives of XGBoost from 1.7 to 3.4. */
export const objectives: Readonly<Record<string, Objective>> = {
  "reg:squarederror": identity,
  "reg:linear": identity,
  "reg:squaredlogerror": identity,
  "reg:pseudohubererror": identity,
  "reg:absoluteerror": identity,
  "reg:quantileerror": identity,
  "reg:expectileerror": { task: "regression", link: "ascending", margin: "ascending" },
  "reg:logistic": { task: "regression", link: "sigmoid", margin: "logit" },
  "reg:gamma": exponential,
  "reg:tweedie": exponential,
  "count:poisson": exponential,
  "survival:cox": exponential,
  "survival:aft": exponential,
  "binary:logistic": { task: "classification", link: "sigmoid", margin: "logit" },
  "binary:logitraw": identity,
  "binary:hinge": { task: "classification", link: "step", margin: "identity" },
  "multi:softmax": { task: "classification", link: "argmax", margin: "identity" },
  "multi:softprob": { task: "classification", link: "softmax", margin: "identity" },
  "rank:pairwise": ranking,
  "rank:ndcg": ranking,
  "rank:map": ranking,
};

const { fround } = Math;
const epsilon = fround(1e-6);

/** Sigmoid in float32, with the cap that keeps the power finite. */
export function sigmoid(score: number): number {
  const power = fround(exp(Math.min(-score, fround(88.7))));
  return fround(1 / fround(fround(power + 1) + fround(1e-16)));
}

/** Exponential in float32. */
export function exponentialOf(score: number): number {
  return fround(exp(score));
}

/**
 * Makes probabilities of scores in float32, as XGBoost does: the sum of powers alone is a double.
 *
 * @param scores Scores of all rows.
 * @param start Where those of the row start.
 * @param count Number of classes.
 * @param into Takes the probabilities at the same places.
 */
export function softmax(scores: ArrayLike<number>, start: number, count: number, into: Float64Array): void {
  let greatest = scores[start] as number;
  for (let i = 1; i < count; i++) greatest = Math.max(greatest, scores[start + i] as number);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const power = fround(exp(fround((scores[start + i] as number) - greatest)));
    into[start + i] = power;
    sum += power;
  }
  const single = fround(sum);
  for (let i = 0; i < count; i++) into[start + i] = fround((into[start + i] as number) / single);
}

/**
 * Makes an ascending row of scores of which all but the first are steps.
 *
 * @param scores Scores of all rows, in place.
 * @param start Where those of the row start.
 * @param count Number of outputs.
 */
export function ascend(scores: Float32Array | Float64Array, start: number, count: number): void {
  let value = scores[start] as number;
  for (let i = 1; i < count; i++) {
    const x = scores[start + i] as number;
    const power = fround(exp(x > 0 ? -x : x));
    const step = x > 0 ? fround(x + fround(log1p(power))) : fround(log1p(power));
    value = fround(value + fround(epsilon + step));
    scores[start + i] = value;
  }
}

/**
 * Makes the scores to start from of a `base_score`.
 *
 * @param base One number an output, as the file holds them.
 * @param margin What the objective says of them.
 *
 * @returns Scores in float32.
 */
export function marginsOf(base: readonly number[], margin: Objective["margin"]): Float32Array {
  const scores = Float32Array.from(base);
  if (margin === "logit") {
    return scores.map((p) => {
      const inside = Math.min(Math.max(p, epsilon), fround(1 - epsilon));
      return -fround(log(fround(fround(1 / inside) - 1)));
    });
  }
  if (margin === "log") return scores.map((value) => log(value));
  if (margin === "ascending") {
    for (let i = scores.length - 1; i > 0; i--) {
      const step = fround(fround((scores[i] as number) - (scores[i - 1] as number)) - epsilon);
      const x = Math.max(step, epsilon);
      scores[i] = fround(x + fround(log(-fround(expm1(-x)))));
    }
  }
  return scores;
}
