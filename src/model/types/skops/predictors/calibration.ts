import { classesOf, type Outcome, predictorOf, type Reader } from "../estimator.ts";
import type { Fields } from "../file/fields.ts";
import type { Data } from "../math/matrix.ts";
import { argmax, expit } from "../math/special.ts";
import { functionOf, interpolate } from "../steps/scalers.ts";
import { common, mean, responseOf } from "./ensembles.ts";
import { pairs, scaled } from "./linear.ts";

/** Classifiers whose scores are made probabilities by another curve. */
export const calibrated: Reader = (fields, read) => {
  const classes = classesOf(fields);
  const width = classes.length;
  const parts = fields.objects("calibrated_classifiers_").map((part) => {
    part.only("method", "sigmoid", "isotonic");
    const one = predictorOf(part.object("estimator"), read);
    const response = responseOf(one, one.scores > 0 ? "decision_function" : "predict_proba", part);
    const curves = part.objects(part.get("calibrators") === undefined ? "calibrators_" : "calibrators").map(curveOf);
    const places = (one.classes ?? []).map((label) => classes.indexOf(label));
    if (width === 2) places.shift();
    if (curves.length !== response.width || places.length < curves.length || places.includes(-1))
      throw part.wrong("calibrators", `${response.width} curves`);
    const of = (data: Data): Float64Array => {
      const scores = response.of(data);
      const out = new Float64Array(data.rows * width);
      scores.forEach((score, at) => {
        const curve = at % curves.length;
        out[Math.floor(at / curves.length) * width + (places[curve] as number)] = (
          curves[curve] as (x: number) => number
        )(score);
      });
      const all = width === 2 ? pairs(out.filter((_, at) => at % 2 === 1)) : scaled(out, width);
      return all.map((value) => (value > 1 && value <= 1 + 1e-5 ? 1 : value));
    };
    return { one, of };
  });
  if (parts.length === 0) throw fields.wrong("calibrated_classifiers_", "classifiers");
  const predict = (data: Data): Outcome => {
    const probabilities = mean(
      parts.map(({ of }) => of(data)),
      new Array(parts.length).fill(1),
    );
    return { labels: argmax(probabilities, width), probabilities };
  };
  return {
    predictor: {
      task: "classification",
      inputs: common(parts.map(({ one }) => one)),
      targets: 0,
      classes,
      hasProbabilities: true,
      scores: 0,
      predict,
    },
  };
};

function curveOf(fields: Fields): (score: number) => number {
  if (fields.name === "_SigmoidCalibration") {
    const slope = fields.number("a_");
    const shift = fields.number("b_");
    return (score) => expit(-(slope * score + shift));
  }
  if (fields.name !== "IsotonicRegression") throw fields.refuse(fields.type);
  fields.only("out_of_bounds", "clip");
  const xs = fields.numbers("X_thresholds_", null);
  const ys = fields.numbers("y_thresholds_", xs.length);
  if (xs.length === 0) throw fields.wrong("X_thresholds_", "numbers");
  return (score) => interpolate(score, xs, ys);
}

/** Regression of a transformed target, whose predictions are transformed back. */
export const transformedTarget: Reader = (fields, read) => {
  const inner = predictorOf(fields.object("regressor_"), read);
  const transformer = fields.object("transformer_");
  if (inner.targets !== 1) throw fields.refuse(`${fields.name} with several outputs`);
  const back = inverseOf(transformer);
  return {
    predictor: {
      ...inner,
      scores: 0,
      explain: undefined,
      predict: (data) => ({ values: (inner.predict(data).values as Float64Array).map(back) }),
    },
  };
};

function inverseOf(fields: Fields): (value: number) => number {
  if (fields.name === "FunctionTransformer") {
    const options = fields.optional("inv_kw_args");
    if (options instanceof Map && options.size > 0) throw fields.refuse(`${fields.name} with inv_kw_args`);
    return functionOf(fields, "inverse_func");
  }
  if (fields.name === "StandardScaler") {
    const scale = fields.flag("with_std") ? (fields.numbers("scale_", 1)[0] as number) : 1;
    const mean = fields.flag("with_mean") ? (fields.numbers("mean_", 1)[0] as number) : 0;
    return (value) => value * scale + mean;
  }
  if (fields.name !== "MinMaxScaler") throw fields.refuse(`TransformedTargetRegressor of ${fields.type}`);
  const scale = fields.numbers("scale_", 1)[0] as number;
  const min = fields.numbers("min_", 1)[0] as number;
  return (value) => (value - min) / scale;
}

/** Estimator that is not to be fitted again. */
export const frozen: Reader = (fields, read) => read(fields.object("estimator"));
