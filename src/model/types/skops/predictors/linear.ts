import { classesOf, numbers, type Outcome, type Predictor, type Reader, versionOf } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import { type Affine, affineOf, explainAffine, sums, weightOf } from "../math/affine.ts";
import { matrixOf } from "../math/matrix.ts";
import { argmax, exp, expit, softmax } from "../math/special.ts";

const featuresOf = (fields: Fields) => fields.count("n_features_in_", 1);

/** Linear regression of any kind of fit: least squares, ridge, lasso, elastic net, SGD, support vectors. */
export const linearRegressor: Reader = (fields) => {
  const affine = affineOf(fields, featuresOf(fields));
  return { predictor: regression(affine) };
};

/** Generalised linear models: a linear predictor and the inverse of a link. */
export const generalisedRegressor: Reader = (fields) => {
  const affine = affineOf(fields, featuresOf(fields));
  if (fields.name !== "TweedieRegressor") return { predictor: regression(affine, exp) };
  const link = fields.only("link", "auto", "identity", "log");
  const logarithmic = link === "log" || (link === "auto" && fields.number("power") > 0);
  return { predictor: regression(affine, logarithmic ? exp : undefined) };
};

function regression(affine: Affine, inverse?: (value: number) => number): Predictor {
  return {
    task: "regression",
    inputs: numbers(affine.inputs),
    targets: affine.outputs,
    hasProbabilities: false,
    scores: inverse ? affine.outputs : 0,
    predict: (data) => {
      const scores = sums(affine, matrixOf(data, "finite"));
      return inverse ? { scores, values: scores.map(inverse) } : { values: scores };
    },
    explain: explainAffine(affine),
    importances: weightOf(affine),
  };
}

/** Turns decisions into probabilities of `classes` classes. */
type Probabilities = (scores: Float64Array, classes: number) => Float64Array;

/** Classifier by weighted sums: one of two classes by the sign, one of more by the highest. */
export function linearClassifier(fields: Fields, affine: Affine, probabilities?: Probabilities): Predictor {
  const classes = classesOf(fields);
  const binary = affine.outputs === 1;
  if (classes.length !== (binary ? 2 : affine.outputs)) throw fields.wrong("classes_", "a class for each row of coef_");
  return {
    task: "classification",
    inputs: numbers(affine.inputs),
    targets: 0,
    classes,
    hasProbabilities: Boolean(probabilities),
    scores: affine.outputs,
    predict: (data): Outcome => {
      const scores = sums(affine, matrixOf(data, "finite"));
      const labels = binary ? Int32Array.from(scores, (score) => Number(score > 0)) : argmax(scores, affine.outputs);
      if (!probabilities) return { labels, scores };
      return { labels, scores, probabilities: probabilities(scores, classes.length) };
    },
    explain: explainAffine(affine),
    importances: weightOf(affine),
  };
}

/** Logistic function of each score, scaled to a sum of 1 where there are more than two classes. */
export const oneAgainstRest: Probabilities = (scores, classes) => {
  if (classes === 2) return pairs(scores.map(expit));
  const out = scores.map(expit);
  return scaled(out, classes);
};

/** Probabilities of two classes of that of the second. */
export function pairs(second: Float64Array): Float64Array {
  const out = new Float64Array(second.length * 2);
  second.forEach((value, row) => {
    out[row * 2] = 1 - value;
    out[row * 2 + 1] = value;
  });
  return out;
}

/** Divides each row by its sum; a row of zeros becomes even, as scikit-learn has it since 1.9. */
export function scaled(values: Float64Array, width: number): Float64Array {
  for (let start = 0; start < values.length; start += width) {
    let sum = 0;
    for (let at = start; at < start + width; at++) sum += values[at] as number;
    for (let at = start; at < start + width; at++) values[at] = sum === 0 ? 1 / width : (values[at] as number) / sum;
  }
  return values;
}

const multinomial: Probabilities = (scores, classes) => {
  if (classes > 2 || scores.length === 0) return softmax(scores.slice(), classes);
  const both = new Float64Array(scores.length * 2);
  scores.forEach((score, row) => {
    both[row * 2] = -score;
    both[row * 2 + 1] = score;
  });
  return softmax(both, 2);
};

/** Logistic regression: multinomial, or one class against the rest. */
export const logistic: Reader = (fields) => {
  const affine = affineOf(fields, featuresOf(fields));
  const classes = classesOf(fields).length;
  const how = fields.only("multi_class", "absent", "auto", "deprecated", "ovr", "warn", "multinomial");
  const solver = fields.text("solver");
  const version = versionOf(fields);
  const separate = solver === "liblinear" || (solver === "newton-cholesky" && version < 106);
  const rest =
    how === "ovr" || how === "warn" || (how !== "multinomial" && (classes <= 2 || (how !== "absent" && separate)));
  return { predictor: linearClassifier(fields, affine, rest ? oneAgainstRest : multinomial) };
};

/** Linear classifiers that only decide. */
export const decisive: Reader = (fields) => ({
  predictor: linearClassifier(fields, affineOf(fields, featuresOf(fields))),
});

/** Discriminant analysis: logistic function of two classes, softmax of more. */
export const discriminant: Reader = (fields) => ({
  predictor: linearClassifier(fields, affineOf(fields, featuresOf(fields)), (scores, classes) =>
    classes === 2 ? pairs(scores.map(expit)) : softmax(scores.slice(), classes),
  ),
});

/** Stochastic gradient descent: probabilities follow from the loss, if it has any. */
export const sgdClassifier: Reader = (fields) => {
  const affine = affineOf(fields, featuresOf(fields));
  const loss = fields.text("loss");
  const probabilities = loss === "log_loss" ? oneAgainstRest : loss === "modified_huber" ? modifiedHuber : undefined;
  return { predictor: linearClassifier(fields, affine, probabilities) };
};

const modifiedHuber: Probabilities = (scores, classes) => {
  const out = scores.map((score) => (Math.min(1, Math.max(-1, score)) + 1) / 2);
  return classes === 2 ? pairs(out) : scaled(out, classes);
};
