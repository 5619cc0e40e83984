import { OnnxFault } from "../fault.ts";
import { exp } from "../math.ts";
import { type Node, oneOf } from "../node.ts";

/** Transformations of scores, as onnxruntime computes them in float32. */
export type Transform = "NONE" | "LOGISTIC" | "SOFTMAX" | "SOFTMAX_ZERO";

/** Transformation that a node asks for. Versions of onnxruntime approximate probits differently, so they are refused. */
export function transformOf(node: Node): Transform {
  const how = oneOf(node, "post_transform", ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"], "NONE");
  if (how === "PROBIT") throw new OnnxFault(`the transformation PROBIT of ${node.operator}`, "unsupported");
  return how;
}

const { fround } = Math;

/** Logistic function in float32. */
export function logistic(x: number): number {
  const value = fround(1 / fround(1 + fround(exp(-Math.abs(x)))));
  return x < 0 ? fround(1 - value) : value;
}

function softmax(scores: Float64Array, single: boolean): void {
  const round = single ? fround : (value: number) => value;
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > most) most = score;
  let sum = 0;
  for (let at = 0; at < scores.length; at += 1) {
    const value = round(exp(round((scores[at] ?? 0) - most)));
    scores[at] = value;
    sum = round(sum + value);
  }
  for (let at = 0; at < scores.length; at += 1) scores[at] = (scores[at] ?? 0) / sum;
}

/** Softmax that leaves out what is zero. */
function softmaxZero(scores: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > most) most = score;
  const shrunk = fround(exp(-most));
  const bound = fround(0.0000001);
  let sum = 0;
  for (let at = 0; at < scores.length; at += 1) {
    const score = scores[at] ?? 0;
    if (score > bound || score < -bound) {
      scores[at] = fround(exp(fround(score - most)));
      sum = fround(sum + (scores[at] ?? 0));
    } else scores[at] = fround(score * shrunk);
  }
  for (let at = 0; at < scores.length; at += 1) scores[at] = (scores[at] ?? 0) / sum;
}

/** Transforms the scores of one row in place, two or more of them. */
export function transformAll(scores: Float64Array, how: Transform, single = true): void {
  if (how === "SOFTMAX") softmax(scores, single);
  else if (how === "SOFTMAX_ZERO") softmaxZero(scores);
  else if (how === "LOGISTIC") {
    for (let at = 0; at < scores.length; at += 1) scores[at] = logistic(fround(scores[at] ?? 0));
  }
}

/** Which second score is written beside the only one: none, one less it, or its opposite. */
export type Second = "none" | "complement" | "opposite";

/**
 * Scores of a row that has only one, as the runtime writes them.
 *
 * @param score The score.
 * @param how Its transformation.
 * @param second Which second one goes before it.
 *
 * @returns One or two scores.
 */
export function transformOne(score: number, how: Transform, second: Second): readonly number[] {
  if (second === "none") return [score];
  if (second === "complement") return [1 - score, score];
  return how === "LOGISTIC" ? [logistic(-score), logistic(score)] : [-score, score];
}
