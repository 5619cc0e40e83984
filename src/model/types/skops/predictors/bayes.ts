import { classesOf, type Input, numbers, type Reader } from "../estimator.ts";
import { type Fields, numbersOf } from "../file/fields.ts";
import { type Affine, sums } from "../math/affine.ts";
import { type Data, invalid, type Matrix, matrixOf } from "../math/matrix.ts";
import { argmax, exp, log } from "../math/special.ts";

/** Logarithms of joint likelihoods of rows, one a class. */
type Joint = (matrix: Matrix) => Float64Array;

/** Naive Bayes: of each class the likelihood of what is in a row, feature by feature. */
export const naiveBayes: Reader = (fields) => {
  const features = fields.count("n_features_in_", 1);
  const classes = classesOf(fields);
  const width = classes.length;
  const { joint, inputs } = likelihoods(fields, features, width);
  return {
    predictor: {
      task: "classification",
      inputs: inputs ?? numbers(features),
      targets: 0,
      classes,
      hasProbabilities: true,
      scores: 0,
      predict(data: Data) {
        const logs = joint(matrixOf(data, "finite"));
        return { labels: argmax(logs, width), probabilities: normalised(logs, width) };
      },
    },
  };
};

function normalised(logs: Float64Array, width: number): Float64Array {
  const out = new Float64Array(logs.length);
  for (let start = 0; start < logs.length; start += width) {
    const row = logs.subarray(start, start + width);
    const max = row.reduce((a, b) => Math.max(a, b));
    const shift = Number.isFinite(max) ? max : 0;
    const whole = log(row.reduce((sum, value) => sum + exp(value - shift), 0)) + shift;
    row.forEach((value, at) => {
      out[start + at] = exp(value - whole);
    });
  }
  return out;
}

function likelihoods(fields: Fields, features: number, width: number): { joint: Joint; inputs?: readonly Input[] } {
  if (fields.name === "GaussianNB") return { joint: gaussian(fields, features, width) };
  const priors = fields.numbers("class_log_prior_", width);
  if (fields.name === "CategoricalNB") return categorical(fields, features, width, priors);
  const weights = fields.numbers("feature_log_prob_", width, features);
  const affine = (weights: Float64Array, intercepts: Float64Array): Affine => ({
    inputs: features,
    outputs: width,
    weights,
    intercepts,
  });
  if (fields.name === "MultinomialNB") return { joint: (matrix) => sums(affine(weights, priors), matrix) };
  if (fields.name === "ComplementNB")
    return { joint: (matrix) => sums(affine(weights, width === 1 ? priors : new Float64Array(width)), matrix) };
  const absent = weights.map((value) => log(1 - exp(value)));
  const model = affine(
    weights.map((value, at) => value - (absent[at] as number)),
    priors.map(
      (prior, at) => absent.subarray(at * features, (at + 1) * features).reduce((sum, value) => sum + value, 0) + prior,
    ),
  );
  const threshold = fields.optional("binarize") === undefined ? undefined : fields.number("binarize");
  return {
    joint: (matrix) =>
      sums(
        model,
        threshold === undefined ? matrix : { ...matrix, data: matrix.data.map((value) => Number(value > threshold)) },
      ),
  };
}

function gaussian(fields: Fields, features: number, width: number): Joint {
  const means = fields.numbers("theta_", width, features);
  const variances = fields.numbers("var_", width, features);
  const priors = fields.numbers("class_prior_", width);
  const constants = priors.map((prior, label) => {
    const logs = variances
      .subarray(label * features, (label + 1) * features)
      .reduce((sum, value) => sum + log(2 * Math.PI * value), 0);
    return log(prior) - 0.5 * logs;
  });
  return ({ data, rows }) => {
    const out = new Float64Array(rows * width);
    for (let row = 0; row < rows; row++) {
      for (let label = 0; label < width; label++) {
        let sum = 0;
        for (let at = 0; at < features; at++) {
          const far = (data[row * features + at] as number) - (means[label * features + at] as number);
          sum += (far * far) / (variances[label * features + at] as number);
        }
        out[row * width + label] = (constants[label] as number) - 0.5 * sum;
      }
    }
    return out;
  };
}

function categorical(fields: Fields, features: number, width: number, priors: Float64Array) {
  const tables = fields
    .list("feature_log_prob_")
    .map((table, at) => numbersOf(table, fields.at(`feature_log_prob_[${at}]`), [width, null]));
  if (tables.length !== features) throw fields.wrong("feature_log_prob_", `a table for each of ${features} features`);
  const sizes = tables.map(({ shape }) => shape[1] as number);
  const inputs = sizes.map(
    (size): Input => ({ kind: "category", categories: Array.from({ length: size }, (_, at) => at), missing: false }),
  );
  const joint: Joint = (matrix) => {
    const out = new Float64Array(matrix.rows * width);
    for (let row = 0; row < matrix.rows; row++) {
      for (let column = 0; column < features; column++) {
        const value = matrix.data[row * features + column] as number;
        const code = Math.trunc(value);
        const size = sizes[column] as number;
        if (!(value >= 0 && code < size)) throw invalid(matrix, column, row, `a category from 0 to ${size - 1}`, value);
        for (let label = 0; label < width; label++) {
          const to = row * width + label;
          out[to] = (out[to] as number) + (tables[column]?.data[label * size + code] as number);
        }
      }
      for (let label = 0; label < width; label++)
        out[row * width + label] = (out[row * width + label] as number) + (priors[label] as number);
    }
    return out;
  };
  return { joint, inputs };
}
