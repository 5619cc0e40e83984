/*
 * Exponential function and logarithm that every engine computes alike: `Math.exp` and `Math.log` are left to engines by
 * ECMAScript, and those of V8 and JavaScriptCore differ in the last place. These use only operations that IEEE 754
 * defines exactly, and are within two units in the last place of the true value.
 */

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

const bits = new DataView(new ArrayBuffer(8));

/** Two to the power of a whole number from -1022 to 1023. */
function powerOfTwo(exponent: number): number {
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/**
 * Computes e to the power of x.
 *
 * @param x Any number.
 *
 * @returns The power, the same in every engine.
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x * Math.LOG2E);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  // Rounding of r itself: what was lost counts at the end, to the first order.
  const lost = high - r - low;
  let sum = 1 / 6227020800;
  sum = sum * r + 1 / 479001600;
  sum = sum * r + 1 / 39916800;
  sum = sum * r + 1 / 3628800;
  sum = sum * r + 1 / 362880;
  sum = sum * r + 1 / 40320;
  sum = sum * r + 1 / 5040;
  sum = sum * r + 1 / 720;
  sum = sum * r + 1 / 120;
  sum = sum * r + 1 / 24;
  sum = sum * r + 1 / 6;
  sum = sum * r + 0.5;
  const power = 1 + (r + (sum * r * r + lost));
  if (k > 1023) return power * 2 * powerOfTwo(k - 1);
  if (k < -1021) return power * powerOfTwo(k + 60) * powerOfTwo(-60);
  return power * powerOfTwo(k);
}

/**
 * Computes the natural logarithm.
 *
 * @param x Any number.
 *
 * @returns The logarithm, the same in every engine.
 */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let scaled = x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    scaled = x * 18014398509481984;
    k = -54;
  }
  bits.setFloat64(0, scaled);
  const head = bits.getUint32(0);
  k += (head >>> 20) - 1022;
  bits.setUint32(0, (head & 0xfffff) | (1022 << 20));
  let m = bits.getFloat64(0);
  if (m < Math.SQRT1_2) {
    m *= 2;
    k--;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let sum = 2 / 25;
  for (let odd = 23; odd >= 3; odd -= 2) sum = sum * z + 2 / odd;
  // log(1 + f) = f - s * (f - z * sum): the form that loses nothing where f is small.
  return k * ln2High + (f - s * (f - z * sum) + k * ln2Low);
}

/**
 * Computes the logarithm of one more than x, exact also where x is tiny.
 *
 * @param x A number above -1.
 *
 * @returns The logarithm, the same in every engine.
 */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (u === Number.POSITIVE_INFINITY) return u;
  return log(u) + (x - (u - 1)) / u;
}

/**
 * Computes one less than e to the power of x, exact also where x is tiny.
 *
 * @param x Any number.
 *
 * @returns The power less one, the same in every engine.
 */
export function expm1(x: number): number {
  if (Math.abs(x) >= 0.5) return exp(x) - 1;
  let sum = 0;
  for (let n = 16; n > 1; n--) sum = ((sum + 1) * x) / n;
  return x * (1 + sum);
}
