import { classesOf, numbers, type Outcome, type Predictor, type Reader } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { type Data, matrixOf } from "../math/matrix.ts";
import { argmax, exp, tanh } from "../math/special.ts";

/** Kernel of a row with each support vector, as libsvm computes it. */
function kernelOf(fields: Fields, features: number) {
  const vectors = fields.matrix("support_vectors_", null, features);
  const count = vectors.shape[0] ?? 0;
  const kernel = fields.only("kernel", "rbf", "linear", "poly", "sigmoid");
  if (fields.flag("_sparse", false)) throw fields.refuse(`${fields.name} of sparse vectors`);
  const gamma = fields.number("_gamma");
  const shift = kernel === "poly" || kernel === "sigmoid" ? fields.number("coef0") : 0;
  const degree = kernel === "poly" ? fields.count("degree", 0, 1000) : 0;
  const { data } = vectors;
  const values = (row: Float64Array): Float64Array => {
    const out = new Float64Array(count);
    for (let vector = 0; vector < count; vector++) {
      let sum = 0;
      const start = vector * features;
      for (let at = 0; at < features; at++) {
        const own = row[at] as number;
        const other = data[start + at] as number;
        sum += kernel === "rbf" ? (own - other) * (own - other) : own * other;
      }
      if (kernel === "rbf") sum = exp(-gamma * sum);
      else if (kernel === "poly") sum = whole(gamma * sum + shift, degree);
      else if (kernel === "sigmoid") sum = tanh(gamma * sum + shift);
      out[vector] = sum;
    }
    return out;
  };
  return { count, values };
}

/** Power by squaring. */
function whole(base: number, exponent: number): number {
  let out = 1;
  let square = base;
  for (let left = exponent; left > 0; left >>= 1) {
    if (left & 1) out *= square;
    square *= square;
  }
  return out;
}

/** Runs over rows of a matrix. */
function each(data: Data, run: (values: Float64Array, row: number) => void): void {
  const { data: values, rows, width } = matrixOf(data, "finite");
  for (let row = 0; row < rows; row++) run(values.subarray(row * width, (row + 1) * width), row);
}

/** Support vector regression, and the search for outliers with one class. */
export const supportVectorRegressor: Reader = (fields) => {
  const features = fields.count("n_features_in_", 1);
  const kernel = kernelOf(fields, features);
  const weights = fields.numbers("_dual_coef_", 1, kernel.count);
  const intercept = fields.number("_intercept_");
  const sums = (data: Data): Float64Array => {
    const out = new Float64Array(data.rows);
    each(data, (values, row) => {
      out[row] = kernel.values(values).reduce((sum, value, at) => sum + (weights[at] as number) * value, 0) + intercept;
    });
    return out;
  };
  const common = { inputs: numbers(features), hasProbabilities: false };
  if (fields.name !== "OneClassSVM")
    return {
      predictor: { ...common, task: "regression", targets: 1, scores: 0, predict: (data) => ({ values: sums(data) }) },
    };
  const predict = (data: Data): Outcome => {
    const scores = sums(data);
    return { scores, labels: Int32Array.from(scores, (score) => Number(score > 0)) };
  };
  return { predictor: { ...common, task: "outliers", targets: 0, classes: [-1, 1], scores: 1, predict } };
};

/** Support vector classification: a vote of all pairs of classes, with Platt's probabilities where they were fitted. */
export const supportVectorClassifier: Reader = (fields) => {
  const features = fields.count("n_features_in_", 1);
  const classes = classesOf(fields);
  const count = classes.length;
  const kernel = kernelOf(fields, features);
  const pairs = (count * (count - 1)) / 2;
  const weights = fields.numbers("_dual_coef_", count - 1, kernel.count);
  const intercepts = fields.numbers("_intercept_", pairs);
  const sizes = Array.from(fields.numbers("_n_support", count));
  if (pairs < 1 || sizes.reduce((sum, size) => sum + size, 0) !== kernel.count || sizes.some((size) => size < 0))
    throw fields.wrong("_n_support", `numbers that add up to ${kernel.count}`);
  const starts = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
  const probable = fields.get("probability") === true;
  const slopes = probable ? fields.numbers("_probA", pairs) : new Float64Array();
  const shifts = probable ? fields.numbers("_probB", pairs) : new Float64Array();
  const together = fields.only("decision_function_shape", "ovr", "ovo") === "ovr" && count > 2;
  const ties = fields.flag("break_ties", false) && together;
  const decide = (values: Float64Array): Float64Array => {
    const out = new Float64Array(pairs);
    const part = (from: number, against: number) => {
      let sum = 0;
      const start = starts[from] as number;
      for (let at = start; at < start + (sizes[from] as number); at++)
        sum += (weights[against * kernel.count + at] as number) * (values[at] as number);
      return sum;
    };
    eachPair(count, (first, second, pair) => {
      out[pair] = part(first, second - 1) + part(second, first) + (intercepts[pair] as number);
    });
    return out;
  };
  const width = count === 2 ? 1 : together ? count : pairs;
  const predict = (data: Data): Outcome => {
    const scores = new Float64Array(data.rows * width);
    const votes = new Float64Array(data.rows * count);
    const probabilities = new Float64Array(probable ? data.rows * count : 0);
    each(data, (values, row) => {
      const decisions = decide(kernel.values(values));
      eachPair(count, (first, second, pair) => {
        const to = row * count + ((decisions[pair] as number) > 0 ? first : second);
        votes[to] = (votes[to] as number) + 1;
      });
      if (count === 2) scores[row] = -(decisions[0] as number);
      else if (together) scores.set(oneAgainstAll(decisions, count), row * width);
      else scores.set(decisions, row * width);
      if (probable) probabilities.set(coupled(decisions, slopes, shifts, count), row * count);
    });
    const labels = argmax(ties ? scores : votes, count);
    return { labels, scores, ...(probable ? { probabilities } : {}) };
  };
  const predictor: Predictor = {
    task: "classification",
    inputs: numbers(features),
    targets: 0,
    classes,
    hasProbabilities: probable,
    scores: width,
    predict,
  };
  return { predictor };
};

function eachPair(count: number, run: (first: number, second: number, pair: number) => void): void {
  let pair = 0;
  for (let first = 0; first < count; first++)
    for (let second = first + 1; second < count; second++) run(first, second, pair++);
}

/** Votes of pairs, with sums of their decisions squeezed between them. */
function oneAgainstAll(decisions: Float64Array, count: number): Float64Array {
  const votes = new Float64Array(count);
  const sums = new Float64Array(count);
  eachPair(count, (first, second, pair) => {
    const decision = decisions[pair] as number;
    sums[first] = (sums[first] as number) + decision;
    sums[second] = (sums[second] as number) - decision;
    const to = decision < 0 ? second : first;
    votes[to] = (votes[to] as number) + 1;
  });
  return votes.map((vote, at) => vote + (sums[at] as number) / (3 * (Math.abs(sums[at] as number) + 1)));
}

const minProbability = 1e-7;

/** Probabilities of classes from those of pairs, by the second method of Wu, Lin and Weng (2004), as libsvm has it. */
function coupled(decisions: Float64Array, slopes: Float64Array, shifts: Float64Array, count: number): Float64Array {
  const wins = new Float64Array(count * count);
  eachPair(count, (first, second, pair) => {
    const x = (decisions[pair] as number) * (slopes[pair] as number) + (shifts[pair] as number);
    const e = exp(-Math.abs(x));
    const won = Math.min(Math.max(x >= 0 ? e / (1 + e) : 1 / (1 + e), minProbability), 1 - minProbability);
    wins[first * count + second] = won;
    wins[second * count + first] = 1 - won;
  });
  const win = (a: number, b: number) => wins[a * count + b] as number;
  const q = new Float64Array(count * count);
  for (let t = 0; t < count; t++) {
    let own = 0;
    for (let j = 0; j < count; j++) {
      if (j === t) continue;
      own += win(j, t) * win(j, t);
      q[t * count + j] = -win(j, t) * win(t, j);
    }
    q[t * count + t] = own;
  }
  const p = new Float64Array(count).fill(1 / count);
  const qp = new Float64Array(count);
  for (let round = 0; round < Math.max(100, count); round++) {
    let whole = 0;
    for (let t = 0; t < count; t++) {
      let sum = 0;
      for (let j = 0; j < count; j++) sum += (q[t * count + j] as number) * (p[j] as number);
      qp[t] = sum;
      whole += (p[t] as number) * sum;
    }
    if (qp.every((value) => Math.abs(value - whole) < 0.005 / count)) break;
    for (let t = 0; t < count; t++) {
      const own = q[t * count + t] as number;
      const step = (whole - (qp[t] as number)) / own;
      p[t] = (p[t] as number) + step;
      whole = (whole + step * (step * own + 2 * (qp[t] as number))) / (1 + step) / (1 + step);
      for (let j = 0; j < count; j++) {
        qp[j] = ((qp[j] as number) + step * (q[t * count + j] as number)) / (1 + step);
        p[j] = (p[j] as number) / (1 + step);
      }
    }
  }
  return p;
}
