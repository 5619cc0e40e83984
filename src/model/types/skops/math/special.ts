/**
 * Elementary functions from additions and multiplications alone: engines differ in the last bits of `Math.exp` and its
 * like, and the same model must say the same on all of them. Errors stay within two units in the last place.
 */

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const words = new DataView(new ArrayBuffer(8));

/** 2 to a whole power, of normal numbers. */
function power2(exponent: number): number {
  words.setUint32(0, (exponent + 1023) << 20);
  words.setUint32(4, 0);
  return words.getFloat64(0);
}

/** e^r - 1 for |r| up to 0.35, from its Taylor series. */
function smallExpm1(r: number): number {
  let sum = 1;
  for (let term = 14; term > 1; term--) sum = 1 + (sum * r) / term;
  return r * sum;
}

/** e to the power of x. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x / Math.LN2);
  const r = x - k * ln2High - k * ln2Low;
  const value = 1 + smallExpm1(r);
  if (k > 1000) return value * power2(1000) * power2(k - 1000);
  return k < -1000 ? value * power2(k + 1000) * power2(-1000) : value * power2(k);
}

/** e^x - 1, exact near zero. */
export const expm1 = (x: number): number => (Math.abs(x) < 0.35 ? smallExpm1(x) : exp(x) - 1);

/** log(1 + f) for f from -0.3 to 0.42, from the series of atanh. */
function smallLog1p(f: number): number {
  const s = f / (2 + f);
  const z = s * s;
  let sum = 0;
  for (let term = 25; term > 1; term -= 2) sum = z * (1 / term + sum);
  // f - f²/2 + ... in a form that keeps the first term exact.
  return f - s * (f - 2 * sum);
}

/** Natural logarithm. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  let scaled = x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    scaled = x * 2 ** 54;
    k = -54;
  }
  words.setFloat64(0, scaled);
  const high = words.getUint32(0);
  k += (high >>> 20) - 1023;
  words.setUint32(0, (high & 0xfffff) | (1023 << 20));
  let m = words.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  return k * ln2High + (smallLog1p(m - 1) + k * ln2Low);
}

/** log(1 + x), exact near zero. */
export function log1p(x: number): number {
  if (x > -0.29 && x < 0.41) return smallLog1p(x);
  const sum = 1 + x;
  if (!(sum > 0) || sum === Number.POSITIVE_INFINITY) return log(sum);
  // What the sum lost comes back through the derivative.
  return log(sum) + (x - (sum - 1)) / sum;
}

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
