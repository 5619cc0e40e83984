import { ForestBuilder } from "../trees/builder.ts";
import { type Fields, isFields, Section, type Taker, type Value } from "../trees/document.ts";
import { damaged, described, type Fault, unsupported } from "../trees/faults.ts";
import { parseJson } from "../trees/json.ts";
import { limits } from "../trees/limits.ts";
import type { CatboostContents } from "./contents.ts";
import { readFeatures } from "./features.ts";
import { losses } from "./losses.ts";
import { addFree, addSymmetric, type Common, widthOf } from "./trees.ts";

/**
 * Reads a model of CatBoost.
 *
 * @param bytes The whole file, as `save_model(format="json")` writes it.
 * @param where Name of the file.
 *
 * @returns What is stored of it.
 */
export function readCatboost(bytes: Uint8Array, where: string): CatboostContents {
  const fault = damaged(where);
  let common: Common | undefined;
  const waiting: (() => void)[] = [];
  const commonOf = (root: Fields, first: Value, place: string): Common => {
    if (common !== undefined) return common;
    const features = readFeatures(new Section(root.features_info, "features_info", fault), where, fault);
    const width = widthOf(first, place, fault);
    if (width > limits.maxOutputs) fault(place, `at most ${limits.maxOutputs} numbers a leaf`, String(width));
    common = { features, width, builder: new ForestBuilder({ single: false, width }, fault), where, fault };
    return common;
  };
  // CatBoost sorts its fields, so features stand before trees; where somebody wrote them anew, trees wait.
  const taker =
    (name: string, add: typeof addFree): Taker =>
    (item, index, root) => {
      const place = `${name}[${index}]`;
      const run = () => add(item, place, commonOf(root, item, place));
      if (root.features_info === undefined) waiting.push(run);
      else run();
    };
  const takers = { oblivious_trees: taker("oblivious_trees", addSymmetric), trees: taker("trees", addFree) };
  const document = parseJson(bytes, fault, takers);
  const root = new Section(document, "", fault);
  for (const add of waiting) add();
  const symmetric = root.get("oblivious_trees");
  if (!Array.isArray(symmetric ?? root.get("trees"))) {
    fault("oblivious_trees", "a list of trees", described(symmetric ?? root.get("trees")));
  }
  if (symmetric !== undefined && root.get("trees") !== undefined)
    fault("trees", "nothing beside oblivious_trees", "a list");
  const info = root.section("model_info");
  const objective = info.section("params").section("loss_function").text("type");
  const quantiles = quantilesOf(info, objective);
  const loss = Object.hasOwn(losses, objective) ? losses[objective] : undefined;
  if (loss === undefined) {
    const known = `one of ${Object.keys(losses).join(", ")}`;
    throw unsupported(where, "model_info.params.loss_function.type", known, objective, "Train with one of these.");
  }
  if (info.get("binclass_probability_threshold") !== undefined) {
    const advice = "Write the file without it, and compare the probability with it yourself.";
    throw unsupported(where, "model_info", "no threshold of its own", "binclass_probability_threshold", advice);
  }
  const { scale, bias } = scaleOf(root, fault);
  const features = common?.features ?? readFeatures(root.section("features_info"), where, fault);
  const width = common?.width ?? bias.length;
  const spread = bias.length === width ? bias : new Float64Array(width).fill(bias[0] as number);
  if (bias.length !== width && bias.length !== 1) fault("scale_and_bias", `${width} numbers`, String(bias.length));
  const binary = loss.link === "sigmoid";
  if (binary && width !== 1) fault("leaf_values", `one number a leaf for ${objective}`, String(width));
  if (loss.link === "uncertainty" && width !== 2)
    fault("leaf_values", `two numbers a leaf for ${objective}`, String(width));
  const builder = common?.builder ?? new ForestBuilder({ single: false, width }, fault);
  return {
    format: "catboost",
    layout: 1,
    objective,
    ...(quantiles && { quantiles }),
    features: features.features,
    codes: features.codes,
    classes: loss.task === "classification" ? classesOf(info, binary ? 2 : width, fault) : null,
    scale,
    bias: spread,
    forest: builder.finish(features.features.length, new Int32Array(builder.trees)),
  };
}

/** Quantiles of a loss, 0.5 unless told: a text, of several with commas. */
function quantilesOf(info: Section, objective: string): readonly number[] | undefined {
  if (objective !== "Quantile" && objective !== "MultiQuantile") return undefined;
  const loss = info.section("params").section("loss_function");
  const { alpha } = isFields(loss.get("params")) ? { alpha: loss.section("params").get("alpha") } : {};
  return String(alpha ?? 0.5)
    .split(",")
    .map(Number);
}

function scaleOf(root: Section, fault: Fault): { readonly scale: number; readonly bias: Float64Array } {
  const value = root.get("scale_and_bias");
  if (value === undefined) return { scale: 1, bias: new Float64Array(1) };
  const [scale, bias] = root.list("scale_and_bias");
  // Before 1.0 the bias was one number.
  const numbers = typeof bias === "number" ? [bias] : ArrayBuffer.isView(bias) ? Array.from(bias) : [];
  if (typeof scale !== "number" || numbers.length === 0)
    fault("scale_and_bias", "a number and a list", described(value));
  return { scale, bias: Float64Array.from(numbers) };
}

/** Labels of classes in the order of scores; whole numbers from 0 where the file has none. */
function classesOf(info: Section, count: number, fault: Fault): (string | number | boolean)[] {
  const parameters = info.get("class_params");
  if (!isFields(parameters)) return Array.from({ length: count }, (_, i) => i);
  const section = info.section("class_params");
  const names = section.get("class_names") === undefined ? [] : section.list("class_names");
  if (names.length === 0) return Array.from({ length: count }, (_, i) => i);
  if (names.length !== count) fault(section.at("class_names"), `${count} names`, String(names.length));
  return names.map((name, i) => {
    if (typeof name === "string" || typeof name === "number" || typeof name === "boolean") return name;
    return fault(`${section.at("class_names")}[${i}]`, "a text, a number, true or false", described(name));
  });
}
