import type { Contributions } from "../../file-model.ts";
import {
  classesOf,
  type Estimator,
  numbers,
  type Outcome,
  type Read,
  type Reader,
  type Step,
  versionOf,
} from "../estimator.ts";
import { damaged } from "../file/failures.ts";
import { Fields } from "../file/fields.ts";
import { type Data, invalid, type Matrix, matrixOf } from "../math/matrix.ts";
import { argmax, exp, expit, softmax } from "../math/special.ts";
import { pairs } from "../predictors/linear.ts";
import { columnTransformer, passed } from "../steps/compose.ts";
import { forestOf, type Tree, type Trees } from "./forest.ts";
import { explainTrees } from "./shap.ts";
import { add } from "./trees.ts";

const maxCategory = 256;

/** Histogram gradient boosting: trees that compare float64, with categories as sets of bits. */
export const histogramBoosting: Reader = (fields, read) => {
  const features = fields.count("n_features_in_", 1);
  const regresses = fields.name === "HistGradientBoostingRegressor";
  const classes = regresses ? undefined : classesOf(fields);
  const loss = regresses
    ? fields.only("loss", "squared_error", "absolute_error", "gamma", "poisson", "quantile")
    : fields.only("loss", "log_loss", "auto", "binary_crossentropy", "categorical_crossentropy");
  const outputs = classes && classes.length > 2 ? classes.length : 1;
  const prepared = preparationOf(fields, read, features);
  const forest = treesOf(fields, features, outputs, prepared.categorical);
  const baseline = fields.matrix("_baseline_prediction", null, null).data;
  if (baseline.length !== outputs) throw fields.wrong("_baseline_prediction", `${outputs} numbers`);
  const start = (data: Data) =>
    Float64Array.from({ length: data.rows * outputs }, (_, at) => baseline[at % outputs] as number);
  const raw = (data: Data): Float64Array => {
    const rows = prepared.rows(data);
    const out = start(data);
    forest.roots.forEach((root, number) => {
      add(forest, root, rows.data, features, out, outputs, number % outputs, 1);
    });
    return out;
  };
  const inner = explainTrees(forest, features, outputs, (data) => prepared.rows(data).data, 1, start);
  const explain = (data: Data): Contributions => {
    const { values, baseline } = inner(data);
    // A preparation puts categories first; contributions are told in the order of the inputs.
    const back = new Float64Array(values.length);
    values.forEach((value, at) => {
      back[at - (at % features) + (prepared.origin[at % features] as number)] = value;
    });
    return { values: back, baseline };
  };
  const common = { inputs: prepared.inputs, hasProbabilities: !regresses, explain };
  if (!classes) {
    const inverse = loss === "gamma" || loss === "poisson" ? exp : (value: number) => value;
    const predict = (data: Data): Outcome => {
      const scores = raw(data);
      return { scores, values: scores.map(inverse) };
    };
    return { predictor: { ...common, task: "regression", targets: 1, scores: 1, predict } };
  }
  const probable = versionOf(fields) < 105;
  const predict = (data: Data): Outcome => {
    const scores = raw(data);
    const probabilities = outputs > 1 ? softmax(scores.slice(), outputs) : pairs(scores.map(expit));
    const labels =
      outputs > 1 || probable
        ? argmax(probabilities, classes.length)
        : Int32Array.from(scores, (score) => Number(score > 0));
    return { labels, scores, probabilities };
  };
  return {
    predictor: { ...common, task: "classification", targets: 0, classes, scores: outputs, predict },
  } satisfies Estimator;
};

interface Preparation {
  readonly inputs: Step["inputs"];
  readonly origin: ArrayLike<number>;
  /** Which features, as the trees count them, are categories. */
  readonly categorical: readonly boolean[];
  rows(data: Data): Matrix;
}

/** Order and codes of categories as the trees compare them. */
function preparationOf(fields: Fields, read: Read, features: number): Preparation {
  const mapper = fields.object("_bin_mapper");
  const categorical = Array.from(mapper.numbers("is_categorical_", features), Boolean);
  const identity = Int32Array.from({ length: features }, (_, at) => at);
  if (fields.optional("_preprocessor") === undefined) {
    const rows = (data: Data) => {
      const matrix = matrixOf(data, "any");
      matrix.data.forEach((value, at) => {
        // Beyond a byte, what the library does is undefined.
        if (categorical[at % features] && !(value < maxCategory) && !Number.isNaN(value))
          throw invalid(matrix, at % features, Math.floor(at / features), `a category below ${maxCategory}`, value);
      });
      return matrix;
    };
    return { inputs: numbers(features, true), origin: identity, categorical, rows };
  }
  const { step } = columnTransformer(fields.object("_preprocessor"), (part) => unchecked(part) ?? read(part));
  if (!step?.origin || step.width !== features) throw fields.wrong("_preprocessor", "a step that keeps each feature");
  const rows = (data: Data) => matrixOf(step.transform(data), "any");
  const inputs = step.inputs.map((input) =>
    input.kind ? { ...input, missing: true } : { kind: "number" as const, missing: true },
  );
  return { inputs, origin: step.origin, categorical, rows };
}

/** Numbers that are passed on: the library gives them a function that only checks their type. */
function unchecked(fields: Fields): Estimator | undefined {
  const check = fields.name === "FunctionTransformer" ? fields.get("func") : undefined;
  if (!(check instanceof Fields) || check.type !== "functools.partial") return undefined;
  if (check.object("func").type !== "sklearn.utils.validation.check_array") return undefined;
  return { step: passed(fields.count("n_features_in_", 1)) };
}

function treesOf(fields: Fields, features: number, outputs: number, categorical: readonly boolean[]): Trees {
  const known = knownOf(fields, categorical);
  const trees: Tree[] = [];
  const sets: number[] = [];
  fields.list("_predictors").forEach((stage, number) => {
    if (!Array.isArray(stage) || stage.length !== outputs)
      throw damaged(fields.at(`_predictors[${number}]`), `expected ${outputs} trees`);
    for (const tree of stage as readonly Fields[]) trees.push(treeOf(tree, known, sets));
  });
  if (trees.length === 0) throw fields.wrong("_predictors", "trees");
  return forestOf(trees, 1, features, fields.at("_predictors"), Uint32Array.from(sets));
}

/** Bits of the categories that training saw, by feature. */
function knownOf(fields: Fields, categorical: readonly boolean[]): ReadonlyMap<number, Uint32Array> {
  const thresholds = fields.object("_bin_mapper").list("bin_thresholds_");
  const known = new Map<number, Uint32Array>();
  categorical.forEach((is, feature) => {
    if (!is) return;
    const bits = new Uint32Array(8);
    const list = thresholds[feature];
    const values = list && typeof list === "object" && "data" in list ? (list.data as ArrayLike<unknown>) : undefined;
    if (!values) throw fields.wrong("_bin_mapper", "categories of each feature");
    for (const value of Array.from(values)) {
      if (!(Number.isInteger(value) && Number(value) >= 0 && Number(value) < maxCategory))
        throw damaged(fields.at("_bin_mapper.bin_thresholds_"), `expected categories below ${maxCategory}`);
      bits[Number(value) >> 5] = (bits[Number(value) >> 5] as number) | (1 << (Number(value) & 31));
    }
    known.set(feature, bits);
  });
  return known;
}

function treeOf(fields: Fields, known: ReadonlyMap<number, Uint32Array>, sets: number[]): Tree {
  const { fields: columns, length } = fields.records("nodes");
  const column = (name: string) => {
    const values = columns.get(name);
    if (!values) throw damaged(fields.at("nodes"), `expected a column ${name}, found none`);
    return values;
  };
  const leaf = column("is_leaf");
  const compared = column("feature_idx");
  const categorical = column("is_categorical");
  const missing = column("missing_go_to_left");
  const index = column("bitset_idx");
  const raw = fields.matrix("raw_left_cat_bitsets", null, 8);
  const threshold = Float64Array.from(column("num_threshold"));
  const flags = new Uint8Array(length);
  for (let node = 0; node < length; node++) {
    if (leaf[node]) continue;
    flags[node] = (missing[node] ? 1 : 0) | (categorical[node] ? 2 : 0);
    if (!categorical[node]) continue;
    const seen = known.get(compared[node] as number);
    const from = (index[node] as number) * 8;
    if (!seen || from + 8 > raw.data.length)
      throw damaged(fields.at("nodes"), `node ${node}: expected a set of categories`);
    threshold[node] = sets.length / 16;
    sets.push(...raw.data.subarray(from, from + 8), ...seen);
  }
  return {
    feature: Int32Array.from({ length }, (_, node) => (leaf[node] ? -1 : Math.max(0, compared[node] as number))),
    threshold,
    left: column("left"),
    right: column("right"),
    flags,
    cover: column("count"),
    values: Float64Array.from(column("value")),
  };
}
