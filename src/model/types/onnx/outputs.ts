import type { Predictions, Task } from "../file-model.ts";
import { must, OnnxFault } from "./fault.ts";
import { labelsOf, type Node } from "./node.ts";
import type { RawGraph, RawNode } from "./proto/model.ts";
import { isReal, numbers, type Tensor } from "./tensor.ts";

/** Label of a class. */
type Label = string | number;

/** What a model answers. */
export interface Answers {
  readonly task: Task;
  readonly objective: string;
  /** Names of outputs of the graph, in the order in which a run gives them. */
  readonly fetched: readonly string[];
  /** Names of the numbers of a prediction without classes. */
  readonly outputs: readonly string[];
  readonly classes?: readonly Label[];
  readonly hasProbabilities: boolean;
}

/** Outputs of a few rows; undefined is what is no tensor. */
export interface Trial {
  readonly rows: number;
  readonly outputs: readonly (Tensor | undefined)[];
}

/** Operators that pass labels on. */
const passing = new Set(["Cast", "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten"]);
const classifiers = new Set(["TreeEnsembleClassifier", "LinearClassifier", "SVMClassifier"]);
const regressors = new Set(["TreeEnsembleRegressor", "TreeEnsemble", "LinearRegressor", "SVMRegressor"]);

const producerOf = (graph: RawGraph, name: string): RawNode | undefined =>
  graph.nodes.find((node) => node.outputs.includes(name));

/** What labels come from: their names, or the operator where the trace ends. */
function traced(
  graph: RawGraph,
  name: string,
  kind: "string" | "number",
): { labels?: readonly Label[]; operator: string } {
  let value = name;
  for (let steps = 0; steps < 32; steps += 1) {
    const producer = producerOf(graph, value);
    if (producer === undefined) break;
    const node: Node = { ...producer, version: 2 };
    const [input = ""] = producer.inputs;
    if (classifiers.has(producer.operator)) {
      const labels =
        labelsOf(node, "classlabels_ints", "classlabels_strings") ??
        labelsOf(node, "classlabels_int64s", "classlabels_strings");
      return { ...(labels ? { labels } : {}), operator: producer.operator };
    }
    if (producer.operator === "LabelEncoder" && producerOf(graph, input)) {
      const labels = labelsOf(node, "values_int64s", "values_strings") ?? labelsOf(node, "", "classes_strings");
      if (labels && typeof labels[0] === kind) return { labels: [...new Set(labels)], operator: producer.operator };
    }
    if (producer.operator === "ArrayFeatureExtractor" || producer.operator === "Gather") {
      const list = graph.initializers.get(input);
      if (list && (list.type === "string" || !isReal(list.type)))
        return { labels: [...list.data], operator: producer.operator };
    }
    if (!passing.has(producer.operator)) return { operator: producer.operator };
    value = input;
  }
  return { operator: "" };
}

const zipMapOf = (graph: RawGraph): RawNode | undefined => graph.nodes.find(({ operator }) => operator === "ZipMap");

/** Columns of a tensor of rows. */
const columnsOf = ({ data }: Tensor, rows: number): number => data.length / rows;

/** Tells whether scores are probabilities: they are from 0 to 1 and sum to 1 in all rows that were tried. */
function areProbabilities(scores: Tensor, rows: number): boolean {
  const { data } = numbers(scores);
  const width = columnsOf(scores, rows);
  for (let row = 0; width > 0 && row < data.length; row += width) {
    let sum = 0;
    for (const value of data.subarray(row, row + width)) {
      if (!(value >= -1e-6 && value <= 1 + 1e-6)) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > 1e-3) return false;
  }
  return data.length > 0;
}

/** Name of what makes the predictions, for metadata. */
function objectiveOf(graph: RawGraph): string {
  const found = graph.nodes.find(({ operator }) => classifiers.has(operator) || regressors.has(operator));
  return found?.operator ?? graph.nodes.at(-1)?.operator ?? "";
}

/**
 * Finds what a model answers, from its graph and from what it gave for a few rows.
 *
 * @param graph Graph of the file.
 * @param trial Outputs of rows that differ, in the order of the graph's outputs.
 */
export function answersOf(graph: RawGraph, { rows, outputs: samples }: Trial): Answers {
  const objective = objectiveOf(graph);
  const all = graph.outputs.map(({ name }, at) => ({ name, sample: samples[at] }));
  const usable = all.filter((output): output is { name: string; sample: Tensor } => output.sample !== undefined);
  const [first] = usable;
  if (first === undefined) throw new OnnxFault("outputs that are no tensors", "unsupported");
  const scores = usable.find(({ sample }) => isReal(sample.type));
  if (isReal(first.sample.type)) {
    const real = usable.filter(({ sample }) => isReal(sample.type));
    const outputs = real.flatMap(({ name, sample }) => {
      const columns = columnsOf(sample, rows);
      return columns === 1 ? [name] : Array.from({ length: columns }, (_, at) => `${name}_${at}`);
    });
    const regression = outputs.length === 1 || graph.nodes.some(({ operator }) => regressors.has(operator));
    return {
      task: regression ? "regression" : "transform",
      objective,
      fetched: real.map(({ name }) => name),
      outputs,
      hasProbabilities: false,
    };
  }
  if (columnsOf(first.sample, rows) !== 1)
    throw new OnnxFault(
      `the output ${JSON.stringify(first.name)} of ${columnsOf(first.sample, rows)} labels a row`,
      "unsupported",
    );
  return labelled(graph, objective, first, scores, rows);
}

function labelled(
  graph: RawGraph,
  objective: string,
  label: { name: string; sample: Tensor },
  scores: { name: string; sample: Tensor } | undefined,
  rows: number,
): Answers {
  const zipMap = zipMapOf(graph);
  const found = traced(graph, label.name, label.sample.type === "string" ? "string" : "number");
  const zipped = zipMap && labelsOf({ ...zipMap, version: 1 }, "classlabels_int64s", "classlabels_strings");
  const width = scores ? columnsOf(scores.sample, rows) : 0;
  const only = { objective, fetched: [label.name], outputs: [], hasProbabilities: false };
  if (found.operator === "ArgMin" && scores)
    return { ...only, task: "clustering", classes: Array.from({ length: width }, (_, at) => at) };
  let classes = zipped ?? found.labels;
  if (classes === undefined && label.sample.type !== "string") {
    if (width === 1) return { ...only, task: "outliers", classes: [-1, 1] };
    if (width > 1) classes = Array.from({ length: width }, (_, at) => at);
    else return { ...only, task: "regression", outputs: [label.name] };
  }
  if (classes === undefined)
    throw new OnnxFault(
      `the output ${JSON.stringify(label.name)}, whose labels nothing in the file lists`,
      "unsupported",
    );
  const probable = scores !== undefined && width === classes.length && areProbabilities(scores.sample, rows);
  if (!probable) return { ...only, task: "classification", classes };
  return {
    task: "classification",
    objective,
    fetched: [label.name, scores.name],
    outputs: [],
    classes,
    hasProbabilities: true,
  };
}

/** Copies outputs of a run into the predictions of all rows, from a row on. */
export type Collect = (tensors: readonly Tensor[], from: number, rows: number) => void;

/**
 * Makes predictions of rows, to be filled run by run.
 *
 * @param answers What the model answers.
 * @param length Number of rows.
 */
export function collector(answers: Answers, length: number): { predictions: Predictions; collect: Collect } {
  const { classes, outputs, hasProbabilities } = answers;
  const check = (tensor: Tensor | undefined, rows: number, width: number): Tensor => {
    if (tensor === undefined) throw new OnnxFault("expected an output, found none");
    must(
      tensor.data.length === rows * width,
      () => `expected ${width} numbers for each of ${rows} rows, found the shape [${tensor.dims}]`,
    );
    return tensor;
  };
  if (classes === undefined) {
    const values = new Float64Array(length * outputs.length);
    const collect: Collect = (tensors, from, rows) => {
      let start = 0;
      for (const tensor of tensors) {
        const width = Math.max(1, tensor.data.length / rows);
        const { data } = numbers(check(tensor, rows, Math.floor(width)));
        for (let at = 0; at < data.length; at += 1) {
          values[(from + Math.floor(at / width)) * outputs.length + start + (at % width)] = data[at] ?? 0;
        }
        start += width;
      }
      must(start === outputs.length, () => `expected ${outputs.length} numbers a row, found ${start}`);
    };
    return { predictions: { length, values }, collect };
  }
  const labels = new Int32Array(length);
  const probabilities = hasProbabilities ? new Float64Array(length * classes.length) : undefined;
  const places = new Map(classes.map((label, at) => [label, at]));
  const collect: Collect = ([label, scores], from, rows) => {
    const found = check(label, rows, 1);
    for (let row = 0; row < rows; row += 1) {
      const place = places.get(found.data[row] ?? 0);
      if (place === undefined)
        throw new OnnxFault(`expected a label of the model, found ${JSON.stringify(found.data[row])}`);
      labels[from + row] = place;
    }
    if (probabilities) probabilities.set(numbers(check(scores, rows, classes.length)).data, from * classes.length);
  };
  return { predictions: { length, labels, ...(probabilities ? { probabilities } : {}) }, collect };
}
