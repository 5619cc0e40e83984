/** The powers of ten that float64 holds exactly. */
export const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Veltkamp's constant: splits a float64 into two halves of 26 bits. */
const splitter = 2 ** 27 + 1;

/**
 * Reads a number the slow way round where one division does not do: 16 to 18 digits with a decimal point. The
 * digits are the exact sum of two floats; so is, but for a hundred bits or so, their quotient, and rounding it is
 * right unless what was neglected could tip it.
 *
 * @param high The first digits, as an integer of up to nine.
 * @param low The digits that follow, as an integer of up to nine.
 * @param lowDigits How many follow.
 * @param decimals How many of all digits are decimals, up to 22.
 *
 * @returns The float64 that is nearest; NaN if that cannot be told.
 */
export function divideDigits(high: number, low: number, lowDigits: number, decimals: number): number {
  const scale = powers[lowDigits] as number;
  const divisor = powers[decimals] as number;
  // Dekker's product: `top + rest` is exactly `high * scale + low`.
  const product = high * scale;
  const sum = product + low;
  const rest = productError(high, scale, product) + (low - (sum - product));
  const quotient = sum / divisor;
  const back = quotient * divisor;
  const remainder = sum - back - productError(quotient, divisor, back) + rest;
  const correction = remainder / divisor;
  // The correction is true to 2^-100 of the quotient; take 16 times that.
  const margin = quotient * 2 ** -96;
  const nearest = quotient + (correction - margin);
  return nearest === quotient + (correction + margin) ? nearest : Number.NaN;
}

/** What rounding took from a product, exactly (Dekker 1971). */
function productError(a: number, b: number, product: number): number {
  const bigA = splitter * a;
  const highA = bigA - (bigA - a);
  const lowA = a - highA;
  const bigB = splitter * b;
  const highB = bigB - (bigB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}
