import type { Feature, FeatureKind } from "../file-model.ts";
import { ForestBuilder } from "../trees/builder.ts";
import { Section, type Taker, type Value } from "../trees/document.ts";
import { damaged, described, type Fault, unsupported } from "../trees/faults.ts";
import type { Forest } from "../trees/forest.ts";
import { parseJson } from "../trees/json.ts";
import { limits } from "../trees/limits.ts";
import { type CategoryNames, readCategories } from "./categories.ts";
import type { XgboostContents } from "./contents.ts";
import { marginsOf, objectives } from "./objectives.ts";
import { addTree } from "./trees.ts";
import { parseUbjson } from "./ubjson.ts";

/** Trees of a file, which are read as they come: the rest of the document stands after them. */
interface Trees {
  builder: ForestBuilder | undefined;
  width: number;
  /** Leaves before each tree. */
  readonly leaves: number[];
  readonly gains: Map<number, number>;
}

/**
 * Reads a model of XGBoost.
 *
 * @param bytes The whole file, in JSON or UBJSON.
 * @param where Name of the file.
 *
 * @returns What is stored of it.
 */
export function readXgboost(bytes: Uint8Array, where: string): XgboostContents {
  const fault = damaged(where);
  const trees: Trees = { builder: undefined, width: 1, leaves: [], gains: new Map() };
  const take: Taker = (item, index) => {
    const place = `learner.gradient_booster.model.trees[${index}]`;
    if (trees.builder === undefined) {
      const first = new Section(item, place, fault).section("tree_param");
      trees.width = Math.max(1, first.whole("size_leaf_vector", 1));
      if (trees.width > limits.maxOutputs) {
        fault(first.at("size_leaf_vector"), `at most ${limits.maxOutputs}`, String(trees.width));
      }
      trees.builder = new ForestBuilder({ single: true, width: trees.width }, fault);
    }
    trees.leaves.push(trees.builder.leaves);
    addTree(item, place, trees.builder, trees.gains, trees.width, fault);
  };
  // After the brace JSON has a name in quotes, or space before it; UBJSON has the marker of a length.
  const json = bytes[1] !== undefined && (bytes[1] === 34 || bytes[1] <= 32);
  const document = json ? parseJson(bytes, fault, { trees: take }) : parseUbjson(bytes, fault, { trees: take });
  return contentsOf(new Section(document, "", fault), trees, where, fault);
}

function contentsOf(root: Section, trees: Trees, where: string, fault: Fault): XgboostContents {
  if (root.get("learner") === undefined && root.get("Model") !== undefined) {
    const advice = 'Write the file with booster.save_model("model.ubj").';
    throw unsupported(where, "Model", "a model file", "a snapshot of memory", advice);
  }
  const [major = 0, minor = 0] = root.get("version") === undefined ? [] : root.numbers("version");
  const learner = root.section("learner");
  const settings = learner.section("learner_model_param");
  const objectiveName = learner.section("objective").text("name");
  const objective = Object.hasOwn(objectives, objectiveName) ? objectives[objectiveName] : undefined;
  const newer = major > 3 || (major === 3 && minor > 4 && /^reg:(quantile|expectile)error$/.test(objectiveName));
  if (newer) {
    const advice = "Its predictions may be made otherwise: use a newer Launchpad, or an older XGBoost.";
    throw unsupported(where, "version", `XGBoost 1 to 3.4 for ${objectiveName}`, `${major}.${minor}`, advice);
  }
  if (objective === undefined) {
    const known = `one of ${Object.keys(objectives).join(", ")}`;
    throw unsupported(where, "learner.objective.name", known, objectiveName, "Train with one of these.");
  }
  const featureCount = settings.whole("num_feature");
  if (!(featureCount >= 0 && featureCount <= limits.maxFeatures)) {
    fault(settings.at("num_feature"), `at most ${limits.maxFeatures} features`, String(featureCount));
  }
  const outputs = Math.max(1, settings.whole("num_class", 0), settings.whole("num_target", 1));
  if (outputs > limits.maxOutputs) fault(settings.at("num_class"), `at most ${limits.maxOutputs}`, String(outputs));
  if (objectiveName.startsWith("multi:") && outputs < 2) fault(settings.at("num_class"), "2 or more", String(outputs));
  const base = marginsOf(baseScores(settings, outputs, fault), objective.margin);

  const booster = learner.section("gradient_booster");
  const name = booster.text("name");
  if (name === "gblinear") {
    const weights = Float32Array.from(booster.section("model").numbers("weights", (featureCount + 1) * outputs));
    const importances = new Float64Array(featureCount);
    weights.subarray(0, featureCount * outputs).forEach((weight, i) => {
      const feature = Math.floor(i / outputs);
      importances[feature] = (importances[feature] as number) + Math.abs(weight);
    });
    const features = featuresOf(learner, featureCount, new Map(), fault);
    return {
      format: "xgboost",
      layout: 1,
      objective: objectiveName,
      sorted: false,
      features,
      base,
      forest: null,
      trees: 0,
      weights,
      importances,
    };
  }
  if (name !== "gbtree" && name !== "dart") {
    throw unsupported(where, booster.at("name"), "gbtree, dart or gblinear", name, "Train with one of these.");
  }
  const inner = name === "dart" && booster.get("gbtree") !== undefined ? booster.section("gbtree") : booster;
  const model = inner.section("model");
  if (!Array.isArray(model.get("trees"))) fault(model.at("trees"), "a list", described(model.get("trees")));
  const builder = trees.builder ?? new ForestBuilder({ single: true, width: 1 }, fault);
  if (builder.maxFeature >= featureCount) {
    fault("split_indices", `features from 0 to ${featureCount - 1}`, String(builder.maxFeature));
  }
  if (trees.width > 1 && trees.width !== outputs) fault("size_leaf_vector", String(outputs), String(trees.width));
  const groups = groupsOf(model, builder.trees, trees.width === 1 ? outputs : 1, fault);
  const forest = builder.finish(featureCount, groups);
  const drops = model.get("weight_drop") !== undefined ? model : booster;
  if (drops.get("weight_drop") !== undefined) scale(forest, trees, drops, fault);
  else if (name === "dart") fault(booster.at("weight_drop"), "the weights of trees", "nothing");
  const importances = new Float64Array(featureCount);
  for (const [feature, gain] of trees.gains) importances[feature] = gain;
  return {
    format: "xgboost",
    layout: 1,
    objective: objectiveName,
    ...quantilesOf(learner.section("objective")),
    sorted: objectiveName === "reg:quantileerror" && major === 3 && minor >= 4,
    features: featuresOf(learner, featureCount, readCategories(model, major === 3 && minor < 4, where, fault), fault),
    base,
    forest,
    trees: countedTrees(learner, model, builder.trees, groups, fault),
    weights: null,
    importances,
  };
}

/** Quantiles: a list in a text, before 2.1 in parentheses. */
function quantilesOf(objective: Section): { readonly quantiles?: readonly number[] } {
  if (objective.get("quantile_loss_param") === undefined) return {};
  const text = objective.section("quantile_loss_param").text("quantile_alpha");
  return { quantiles: (text.match(/[\d.][\d.eE+-]*/g) ?? []).map(Number) };
}

/** Base scores: one number, or since 3.1 a list in a text; since 2.0 also in parentheses. */
function baseScores(settings: Section, outputs: number, fault: Fault): number[] {
  const text = settings.text("base_score");
  const numbers = text
    .trim()
    .replace(/^[[(](.*)[\])]$/, "$1")
    .split(",")
    .map((part) => (/\d/.test(part) ? Number(part) : Number.NaN));
  if (!numbers.every(Number.isFinite) || (numbers.length !== 1 && numbers.length !== outputs)) {
    fault(settings.at("base_score"), `one number, or one for each of ${outputs} outputs`, described(text));
  }
  return numbers.length === outputs ? numbers : new Array<number>(outputs).fill(numbers[0] as number);
}

function groupsOf(model: Section, trees: number, outputs: number, fault: Fault): Int32Array {
  const groups = Int32Array.from(model.numbers("tree_info", trees));
  groups.forEach((group, tree) => {
    if (!(group >= 0 && group < outputs))
      fault(`${model.at("tree_info")}[${tree}]`, `0 to ${outputs - 1}`, String(group));
  });
  return groups;
}

/** Multiplies the leaves of each tree by the weight that dropout gave it. */
function scale(forest: Forest, trees: Trees, drops: Section, fault: Fault): void {
  const weights = drops.numbers("weight_drop");
  if (weights.length > trees.leaves.length) {
    fault(drops.at("weight_drop"), `at most ${trees.leaves.length} numbers`, String(weights.length));
  }
  for (let tree = 0; tree < weights.length; tree++) {
    const weight = Math.fround(weights[tree] as number);
    const start = (trees.leaves[tree] as number) * trees.width;
    const end = (trees.leaves[tree + 1] ?? forest.values.length / trees.width) * trees.width;
    for (let i = start; i < end; i++) forest.values[i] = (forest.values[i] as number) * weight;
  }
}

/** Trees up to the best iteration, if training stopped early: those that the wrapper for scikit-learn counts. */
function countedTrees(learner: Section, model: Section, trees: number, groups: Int32Array, fault: Fault): number {
  const best = learner.optionalSection("attributes")?.get("best_iteration");
  if (best === undefined) return trees;
  const iteration = typeof best === "string" && /^\d{1,9}$/.test(best) ? Number(best) : undefined;
  if (iteration === undefined) {
    return fault("learner.attributes.best_iteration", "a whole number", described(best));
  }
  if (model.get("iteration_indptr") !== undefined) {
    const ends = model.numbers("iteration_indptr");
    const end = ends[iteration + 1] ?? trees;
    if (!(Number.isInteger(end) && end >= 0 && end <= trees)) {
      fault(`${model.at("iteration_indptr")}[${iteration + 1}]`, `0 to ${trees}`, String(end));
    }
    return end;
  }
  const parallel = model.section("gbtree_model_param").whole("num_parallel_tree", 1);
  const perIteration = Math.max(1, parallel) * (groups.reduce((most, group) => Math.max(most, group), 0) + 1);
  return Math.min(trees, (iteration + 1) * perIteration);
}

const kinds: Readonly<Record<string, FeatureKind>> = { c: "category", i: "boolean" };

function featuresOf(learner: Section, count: number, categories: CategoryNames, fault: Fault): Feature[] {
  const list = (name: string): readonly string[] => {
    const value: Value | undefined = learner.get(name);
    if (value === undefined) return [];
    const texts = learner.texts(name);
    if (texts.length !== 0 && texts.length !== count) fault(learner.at(name), `${count} texts`, String(texts.length));
    return texts;
  };
  const names = list("feature_names");
  const types = list("feature_types");
  return Array.from({ length: count }, (_, i): Feature => {
    const own = categories.get(i);
    const kind = own !== undefined ? "category" : (kinds[types[i] ?? ""] ?? "number");
    return { name: names[i] ?? `f${i}`, kind, ...(own !== undefined ? { categories: own } : {}), missing: true };
  });
}
