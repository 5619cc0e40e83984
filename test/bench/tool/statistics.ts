/**
 * A quantile, interpolated between neighbours (type 7 of Hyndman and Fan, as in NumPy and R).
 *
 * @param values Any order; NaN for none.
 * @param part From 0 to 1.
 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Half the distance between the quartiles, as a part of the median. */
export function spread(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
}

/**
 * How many times as much: the median of the ratios within the rounds, so that what else the machine did is in both.
 *
 * @param values One value a round.
 * @param others The values of the same rounds that they are compared with.
 */
export function ratio(values: readonly number[], others: readonly number[]): number {
  return median(values.map((value, round) => value / (others[round] ?? Number.NaN)));
}

/**
 * The exponent k with which a time grows, time ~ size^k: the slope of a least-squares line through the logarithms of the three
 * largest sizes. The smaller ones mostly show what has to be done once.
 */
export function exponent(sizes: readonly number[], times: readonly number[]): number {
  const points = sizes.map((size, index) => [Math.log(size), Math.log(times[index] ?? Number.NaN)] as const).slice(-3);
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const products = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const squares = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return products / squares;
}
