/**
 * Metrics of a regression: R², mean absolute error and root mean squared error, as scikit-learn computes them.
 *
 * @param truth True value of each row.
 * @param predicted Predicted value of each row.
 *
 * @returns Metrics by name; R² is left out where all true values are equal.
 */
export function regressionMetrics(truth: Float64Array, predicted: Float64Array): Record<string, number> {
  const rows = truth.length;
  let sum = 0;
  for (const value of truth) sum += value;
  const mean = sum / rows;
  let absolute = 0;
  let squared = 0;
  let spread = 0;
  for (let row = 0; row < rows; row++) {
    const error = (truth[row] as number) - (predicted[row] as number);
    absolute += Math.abs(error);
    squared += error * error;
    spread += ((truth[row] as number) - mean) ** 2;
  }
  return {
    rows,
    ...(spread > 0 && { r2: 1 - squared / spread }),
    mae: absolute / rows,
    rmse: Math.sqrt(squared / rows),
  };
}
