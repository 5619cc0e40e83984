/** One weight for each number of an encoded row. */
export type Weights = readonly number[];

/** How much weights are held back, so that few rows with many columns are not learned by heart. */
const penalty = 1;

/** The score of a row: what a regression predicts, or how much speaks for a class. */
export function score(weights: Weights, row: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (row[i] ?? 0), 0);
}

/**
 * Fits a ridge regression: the weights with the least squared error, plus `penalty` times the squared weights without the
 * intercept's. They solve (X'X + penalty) w = X'y.
 */
export function fitRidge(rows: readonly (readonly number[])[], targets: readonly number[]): Weights {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const right = new Array<number>(size).fill(0);
  rows.forEach((row, r) => {
    for (const [i, line] of matrix.entries()) {
      const value = row[i] ?? 0;
      if (value === 0) continue;
      right[i] = (right[i] ?? 0) + value * (targets[r] ?? 0);
      for (let j = 0; j < size; j++) line[j] = (line[j] ?? 0) + value * (row[j] ?? 0);
    }
  });
  for (const [i, line] of matrix.entries()) if (i > 0) line[i] = (line[i] ?? 0) + penalty;
  return solve(matrix, right);
}

/**
 * Fits a logistic regression for any number of classes (softmax), by gradient descent with Nesterov's momentum.
 *
 * @param labels For each row, the position of its class.
 * @param steps How many steps at most; it ends where the slope is next to nothing.
 *
 * @returns The weights of each class.
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
  steps = 300,
): Weights[] {
  const size = rows[0]?.length ?? 0;
  const zeros = () => Array.from({ length: classes }, () => new Array<number>(size).fill(0));
  // The gradient changes by no more than half the mean squared length of a row: a step of its inverse cannot overshoot.
  const length = rows.reduce((sum, row) => sum + score(row, row), 0) / rows.length;
  const step = 1 / (length / 2 + penalty / rows.length);
  let weights = zeros();
  let before = weights;
  for (let count = 0; count < steps; count++) {
    const momentum = count / (count + 3);
    const ahead = weights.map((line, k) =>
      line.map((weight, i) => weight + momentum * (weight - (before[k]?.[i] ?? 0))),
    );
    const gradient = zeros();
    rows.forEach((row, r) => {
      const likely = probabilities(ahead, row);
      for (const [k, line] of gradient.entries()) {
        const error = (likely[k] ?? 0) - (labels[r] === k ? 1 : 0);
        for (let i = 0; i < size; i++) line[i] = (line[i] ?? 0) + error * (row[i] ?? 0);
      }
    });
    const slopes = gradient.map((line, k) =>
      line.map((slope, i) => (slope + (i === 0 ? 0 : penalty * (ahead[k]?.[i] ?? 0))) / rows.length),
    );
    before = weights;
    weights = ahead.map((line, k) => line.map((weight, i) => weight - step * (slopes[k]?.[i] ?? 0)));
    if (slopes.every((line) => line.every((slope) => Math.abs(slope) < 0.0005))) break;
  }
  return weights;
}

/** How likely each class is. */
export function probabilities(weights: readonly Weights[], row: readonly number[]): number[] {
  const scores = weights.map((line) => score(line, row));
  // Without the greatest, large scores would be past what a number can hold.
  const greatest = Math.max(...scores);
  const powers = scores.map((one) => Math.exp(one - greatest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Solves linear equations by Gaussian elimination; the greatest pivot keeps rounding small. */
function solve(matrix: number[][], right: number[]): number[] {
  const lines = matrix.map((line, i) => [...line, right[i] ?? 0]);
  const size = lines.length;
  const at = (i: number, j: number) => lines[i]?.[j] ?? 0;
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot;
    for (let i = pivot + 1; i < size; i++) if (Math.abs(at(i, pivot)) > Math.abs(at(best, pivot))) best = i;
    const [upper = [], lower = []] = [lines[best], lines[pivot]];
    lines[pivot] = upper;
    lines[best] = lower;
    for (const line of lines.slice(pivot + 1)) {
      const factor = (line[pivot] ?? 0) / at(pivot, pivot);
      for (let j = pivot; j <= size; j++) line[j] = (line[j] ?? 0) - factor * at(pivot, j);
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let rest = at(i, size);
    for (let j = i + 1; j < size; j++) rest -= at(i, j) * (solution[j] ?? 0);
    solution[i] = rest / at(i, i);
  }
  return solution;
}
