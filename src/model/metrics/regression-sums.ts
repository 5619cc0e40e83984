import { binsOf } from "./bins.ts";
import { maxResidualBins, type RegressionCounts, type RegressionSums } from "./counts.ts";

/**
 * Counts of a regression.
 *
 * @param truth True value of each row.
 * @param predicted Predicted value of each row.
 *
 * @returns Whatever merges: sums, and histograms of residuals and of predicted values.
 */
export function countResiduals(truth: Float64Array, predicted: Float64Array): Omit<RegressionCounts, "slices"> {
  const residuals = truth.map((value, row) => value - (predicted[row] as number));
  return {
    format: 1,
    task: "regression",
    ...sumResiduals(truth, predicted),
    residuals: binsOf(residuals, maxResidualBins, 1, (numbers) => {
      numbers[0] = (numbers[0] as number) + 1;
    }),
    predicted: binsOf(predicted, maxResidualBins, 3, (numbers, row) => {
      const residual = residuals[row] as number;
      numbers[0] = (numbers[0] as number) + 1;
      numbers[1] = (numbers[1] as number) + residual;
      numbers[2] = (numbers[2] as number) + residual * residual;
    }),
  };
}

/**
 * Sums over rows of a regression.
 *
 * @param truth True value of each row.
 * @param predicted Predicted value of each row.
 *
 * @returns The sums.
 */
export function sumResiduals(truth: Float64Array, predicted: Float64Array): RegressionSums {
  const rows = truth.length;
  const mean = truth.reduce((sum, value) => sum + value, 0) / rows;
  const sums = { rows, mean, spread: 0, bias: 0, absolute: 0, squared: 0, relative: 0, max: 0 };
  for (let row = 0; row < rows; row++) {
    const value = truth[row] as number;
    const residual = value - (predicted[row] as number);
    const amount = Math.abs(residual);
    sums.spread += (value - mean) ** 2;
    sums.bias += residual;
    sums.absolute += amount;
    sums.squared += residual * residual;
    sums.relative += amount / Math.max(Number.EPSILON, Math.abs(value));
    sums.max = Math.max(sums.max, amount);
  }
  return sums;
}

/**
 * Sums over the rows of several.
 *
 * @param parts Sums of some rows each.
 *
 * @returns The sums over all of them (Chan, Golub and LeVeque 1979 for the spread).
 */
export function mergeSums(parts: readonly RegressionSums[]): RegressionSums {
  return parts.reduce((a, b) => {
    const rows = a.rows + b.rows;
    const delta = b.mean - a.mean;
    return {
      rows,
      mean: a.mean + (delta * b.rows) / rows,
      spread: a.spread + b.spread + (delta * delta * a.rows * b.rows) / rows,
      bias: a.bias + b.bias,
      absolute: a.absolute + b.absolute,
      squared: a.squared + b.squared,
      relative: a.relative + b.relative,
      max: Math.max(a.max, b.max),
    };
  });
}

/**
 * Metrics of a regression, as scikit-learn computes them.
 *
 * @param sums Sums over its rows.
 *
 * @returns Metrics by name; R² is left out where all true values are equal. `bias` is the mean of true less predicted values.
 */
export function metricsOfSums(sums: RegressionSums): Record<string, number> {
  const { rows, spread } = sums;
  return {
    rows,
    ...(spread > 0 && { r2: 1 - sums.squared / spread }),
    mae: sums.absolute / rows,
    rmse: Math.sqrt(sums.squared / rows),
    mape: sums.relative / rows,
    max_error: sums.max,
    bias: sums.bias / rows,
  };
}
