import { classesOf, numbers, type Outcome, type Reader } from "../estimator.ts";
import { type Fields, numbersOf } from "../file/fields.ts";
import { sums } from "../math/affine.ts";
import { type Data, made, matrixOf } from "../math/matrix.ts";
import { argmax, exp, expit, softmax, tanh } from "../math/special.ts";
import { pairs } from "./linear.ts";

type Activation = (values: Float64Array, width: number) => Float64Array;

const activations: Readonly<Record<string, Activation>> = {
  identity: (values) => values,
  exp: (values) => values.map(exp),
  logistic: (values) => values.map(expit),
  tanh: (values) => values.map(tanh),
  relu: (values) => values.map((value) => Math.max(value, 0)),
  softmax: (values, width) => softmax(values, width),
};

function layersOf(fields: Fields, features: number): (data: Data) => Float64Array {
  const biases = fields
    .list("intercepts_")
    .map((item, at) => numbersOf(item, fields.at(`intercepts_[${at}]`), [null]).data);
  let inputs = features;
  const names = ["activation", "out_activation_"].map((name) => String(fields.only(name, ...Object.keys(activations))));
  const layers = fields.list("coefs_").map((item, at, all) => {
    const intercepts = biases[at] ?? new Float64Array();
    const outputs = intercepts.length;
    const { data } = numbersOf(item, fields.at(`coefs_[${at}]`), [inputs, outputs]);
    // Weights of an output lie one after the other here.
    const weights = data.map((_, to) => data[(to % inputs) * outputs + Math.floor(to / inputs)] as number);
    const layer = {
      inputs,
      outputs,
      weights,
      intercepts,
      activate: activations[names[at === all.length - 1 ? 1 : 0] as string] as Activation,
    };
    inputs = outputs;
    return layer;
  });
  if (layers.length === 0 || inputs !== fields.count("n_outputs_", 1))
    throw fields.wrong("coefs_", "layers up to the outputs");
  return (data) =>
    layers.reduce(
      (matrix, layer) =>
        made(data.rows, layer.outputs, layer.activate(sums(layer, matrix), layer.outputs), fields.name),
      matrixOf(data, "finite"),
    ).data;
}

/** Networks of fully connected layers. */
export const network: Reader = (fields) => {
  const features = fields.count("n_features_in_", 1);
  const run = layersOf(fields, features);
  const outputs = fields.count("n_outputs_", 1);
  const common = { inputs: numbers(features), scores: 0 };
  if (fields.name === "MLPRegressor")
    return {
      predictor: {
        ...common,
        task: "regression",
        targets: outputs,
        hasProbabilities: false,
        predict: (data) => ({ values: run(data) }),
      },
    };
  const classes = classesOf(fields);
  if (outputs > 1 && fields.get("out_activation_") !== "softmax")
    throw fields.refuse(`${fields.name} with several labels a row`);
  if (classes.length !== (outputs === 1 ? 2 : outputs)) throw fields.wrong("classes_", "a class for each output");
  const predict = (data: Data): Outcome => {
    const values = run(data);
    if (outputs > 1) return { labels: argmax(values, outputs), probabilities: values };
    return { labels: Int32Array.from(values, (value) => Number(value > 0.5)), probabilities: pairs(values) };
  };
  return { predictor: { ...common, task: "classification", targets: 0, classes, hasProbabilities: true, predict } };
};

/** The nearest of centres. */
export const clusters: Reader = (fields) => {
  const features = fields.count("n_features_in_", 1);
  const { data: weights, shape } = fields.matrix("cluster_centers_", null, features);
  const outputs = shape[0] ?? 0;
  // Highest is what is nearest: twice the product with a centre less the centre's square.
  const intercepts = Float64Array.from({ length: outputs }, (_, at) =>
    weights.subarray(at * features, (at + 1) * features).reduce((sum, value) => sum - 0.5 * value * value, 0),
  );
  const affine = { inputs: features, outputs, weights, intercepts };
  return {
    predictor: {
      task: "clustering",
      inputs: numbers(features),
      targets: 0,
      classes: Array.from({ length: outputs }, (_, at) => at),
      hasProbabilities: false,
      scores: 0,
      predict: (data) => ({ labels: argmax(sums(affine, matrixOf(data, "finite")), outputs) }),
    },
  };
};
