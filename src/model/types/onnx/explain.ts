import type { Contributions, FeatureValue } from "../file-model.ts";
import { tensorsOf } from "./columns.ts";
import type { Plan } from "./graph.ts";
import type { Inputs } from "./inputs.ts";
import { listOf, type Node, numberOf, textOf } from "./node.ts";
import { isReal, numbers } from "./tensor.ts";

/** Explanation of a linear model. */
export interface Explained {
  contributions(row: readonly FeatureValue[]): Contributions;
  /** Absolute coefficient of each feature as it is given, summed over scores. */
  importances(): Float64Array;
}

/** Operators that give a linear model its features as they are, but for offset and scale. */
const passing = new Set(["Cast", "Identity", "Scaler"]);

/** Operators that make answers of the scores of one model, and join it to no other. */
const finishing = new Set(
  "ArrayFeatureExtractor Cast Flatten Identity LabelEncoder Normalizer Reshape Squeeze ZipMap".split(" "),
);

/** What a feature is multiplied by, after something was taken from it. */
interface Scaling {
  readonly offset: Float64Array;
  readonly scale: Float64Array;
}

function scalingOf(nodes: readonly Node[], width: number): Scaling | undefined {
  const scaling = { offset: new Float64Array(width), scale: new Float64Array(width).fill(1) };
  for (const node of nodes) {
    if (node.operator !== "Scaler") continue;
    const [offset, scale] = [listOf(node, "offset"), listOf(node, "scale")];
    for (let at = 0; at < width; at += 1) {
      const own = scale[scale.length === 1 ? 0 : at] ?? 0;
      const before = scaling.scale[at] ?? 0;
      if (before === 0) return undefined;
      scaling.offset[at] = (scaling.offset[at] ?? 0) + (offset[offset.length === 1 ? 0 : at] ?? 0) / before;
      scaling.scale[at] = before * own;
    }
  }
  return scaling;
}

/**
 * Finds how a graph explains itself: exactly, where its only model is linear and takes the features of one matrix, scaled or as
 * they are. Trees of ONNX do not say how many training rows came to a node, so that nothing could be proved of their Shapley values.
 *
 * @param plan Nodes.
 * @param inputs What the model takes.
 *
 * @returns The explanation; undefined for any other graph.
 */
export function explainedBy({ nodes }: Plan, inputs: Inputs): Explained | undefined {
  const models = nodes.filter(({ operator }) => operator === "LinearRegressor" || operator === "LinearClassifier");
  const [group, ...others] = inputs.groups;
  const [model] = models;
  const joins = nodes.some((node) => node !== model && !passing.has(node.operator) && !finishing.has(node.operator));
  if (
    model === undefined ||
    joins ||
    models.length > 1 ||
    group === undefined ||
    others.length > 0 ||
    !isReal(group.type)
  )
    return undefined;
  // The numbers of a regression are its scores; what is made of them otherwise would explain nothing that is answered.
  if (model.operator === "LinearRegressor" && textOf(model, "post_transform", "NONE") !== "NONE") return undefined;
  const before: Node[] = [];
  for (let name = model.inputs[0]; name !== group.input; ) {
    const made = nodes.find(({ outputs }) => outputs.includes(name ?? ""));
    if (made === undefined || !passing.has(made.operator)) return undefined;
    before.unshift(made);
    name = made.inputs[0];
  }
  const coefficients = listOf(model, "coefficients");
  const intercepts = listOf(model, "intercepts");
  const width = group.columns;
  const targets = model.operator === "LinearRegressor" ? numberOf(model, "targets", 1) : intercepts.length;
  const scaling = scalingOf(before, width);
  if (scaling === undefined || coefficients.length !== targets * width) return undefined;
  const { offset, scale } = scaling;
  const slope = (target: number, at: number) => (coefficients[target * width + at] ?? 0) * (scale[at] ?? 0);
  return {
    contributions(row) {
      const [tensor] = tensorsOf(
        inputs,
        row.map((value) => [value]),
        0,
        1,
      );
      const { data } = numbers(tensor);
      const values = Float64Array.from({ length: targets * width }, (_, place) => {
        const at = place % width;
        return slope(Math.floor(place / width), at) * ((data[at] ?? 0) - (offset[at] ?? 0));
      });
      return { values, baseline: Float64Array.from({ length: targets }, (_, target) => intercepts[target] ?? 0) };
    },
    importances: () =>
      Float64Array.from({ length: width }, (_, at) => {
        let sum = 0;
        for (let target = 0; target < targets; target += 1) sum += Math.abs(slope(target, at));
        return sum;
      }),
  };
}
