import { exp, expm1, log } from "../../trees/exact.ts";

export { exp, expm1, log, log1p } from "../../trees/exact.ts";

/** Hyperbolic tangent. */
export function tanh(x: number): number {
  if (Math.abs(x) > 22) return Math.sign(x);
  const e = expm1(2 * Math.abs(x));
  const value = e / (e + 2);
  return x < 0 ? -value : x === 0 ? x : value;
}

/** x to the power of y, for x of at least 0. */
export function power(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === 0.5) return Math.sqrt(x);
  return exp(y * log(x));
}

/** Logistic function, as scipy's `expit`. */
export function expit(x: number): number {
  return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

/** Turns scores of rows into probabilities, in place. */
export function softmax(scores: Float64Array, width: number): Float64Array {
  for (let start = 0; start < scores.length; start += width) {
    let max = Number.NEGATIVE_INFINITY;
    for (let at = start; at < start + width; at++) max = Math.max(max, scores[at] ?? 0);
    let sum = 0;
    for (let at = start; at < start + width; at++) {
      const value = exp((scores[at] ?? 0) - max);
      scores[at] = value;
      sum += value;
    }
    for (let at = start; at < start + width; at++) scores[at] = (scores[at] ?? 0) / sum;
  }
  return scores;
}

/** Index of the first highest number of each row; NaN counts as highest, as numpy has it. */
export function argmax(values: Float64Array, width: number): Int32Array {
  const out = new Int32Array(values.length / width);
  for (let row = 0; row < out.length; row++) {
    let best = 0;
    for (let at = 1; at < width; at++) {
      const value = values[row * width + at] ?? 0;
      const highest = values[row * width + best] ?? 0;
      if (Number.isNaN(highest)) break;
      if (value > highest || Number.isNaN(value)) best = at;
    }
    out[row] = best;
  }
  return out;
}
