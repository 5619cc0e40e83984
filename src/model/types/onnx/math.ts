import { exp, log } from "../trees/exact.ts";

export { exp, log };

/*
 * Functions that ECMAScript leaves to engines, from operations that IEEE 754 defines exactly: every engine computes them
 * alike. They are within a few units in the last place of float64, far below what float32 keeps.
 */

/** Hyperbolic tangent. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0)) return x;
  if (size < 0.5) {
    // Continued fraction of Lambert, from the inside; exact to float64 below one half.
    const square = x * x;
    let value = 21;
    for (let odd = 19; odd >= 1; odd -= 2) value = odd + square / value;
    return x / value;
  }
  const shrunk = exp(-2 * size);
  const value = (1 - shrunk) / (1 + shrunk);
  return x < 0 ? -value : value;
}

/** Error function: its series near zero, the continued fraction of its complement elsewhere. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size > 0)) return x;
  if (size > 6) return Math.sign(x);
  const square = x * x;
  let value: number;
  if (size < 3) {
    let term = size;
    let sum = size;
    for (let n = 1; term > sum * 1e-17; n += 1) {
      term *= (2 * square) / (2 * n + 1);
      sum += term;
    }
    value = 1.1283791670955126 * exp(-square) * sum;
  } else {
    let fraction = size;
    for (let n = 60; n >= 1; n -= 1) fraction = size + n / 2 / fraction;
    value = 1 - (exp(-square) * 0.5641895835477563) / fraction;
  }
  return x < 0 ? -value : value;
}

/** Logistic function. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const grown = exp(x);
  return grown / (1 + grown);
}

/** Power by squaring, for whole exponents: products are exact as long as they fit. */
function wholePower(base: number, exponent: number): number {
  let result = 1;
  let factor = base;
  for (let rest = Math.abs(exponent); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= factor;
    factor *= factor;
  }
  return exponent < 0 ? 1 / result : result;
}

/** Power, with the special cases of IEEE 754. */
export function pow(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  if (exponent === 0.5 && base >= 0) return Math.sqrt(base);
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 1024) return wholePower(base, exponent);
  if (!Number.isFinite(exponent) && Math.abs(base) === 1) return Number.isNaN(exponent) ? exponent : 1;
  const size = exp(exponent * log(Math.abs(base)));
  if (!(base < 0 && Number.isFinite(exponent))) return size;
  if (!Number.isInteger(exponent)) return base === Number.NEGATIVE_INFINITY ? size : Number.NaN;
  return exponent % 2 === 0 ? size : -size;
}

/** Whole number nearest to x; the even one of two that are as near. */
export function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}
