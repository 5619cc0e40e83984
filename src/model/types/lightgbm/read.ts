import type { Feature } from "../file-model.ts";
import { ForestBuilder } from "../trees/builder.ts";
import type { Value } from "../trees/document.ts";
import { damaged, described, type Fault, unsupported } from "../trees/faults.ts";
import { missing } from "../trees/grid.ts";
import { parseJson } from "../trees/json.ts";
import { limits } from "../trees/limits.ts";
import type { LightgbmContents } from "./contents.ts";
import { objectiveNames, objectiveOf } from "./objectives.ts";
import { Lines } from "./text.ts";
import { addTree, fieldsOf, finished, type GrowingLeaves } from "./trees.ts";

/** Names of categories of a column of pandas. */
type Names = readonly (string | number | boolean)[];

/**
 * Reads a model of LightGBM.
 *
 * @param bytes The whole file, as `save_model` writes it.
 * @param where Name of the file.
 *
 * @returns What is stored of it.
 */
export function readLightgbm(bytes: Uint8Array, where: string): LightgbmContents {
  const fault = damaged(where);
  const lines = new Lines(bytes, fault);
  const head = readHead(lines, fault);
  const text = (name: string): string => head.get(name) ?? fault(`the head, ${name}`, "a line with it", "nothing");
  const whole = (name: string): number => {
    const value = text(name);
    if (!/^\d{1,9}$/.test(value)) fault(`the head, ${name}`, "a whole number", described(value));
    return Number(value);
  };
  const version = text("version");
  if (!/^v[234]$/.test(version)) {
    const advice = "Write the file anew with a LightGBM from 2.2 to 4.";
    throw unsupported(where, "the head, version", "v2, v3 or v4", version, advice);
  }
  const count = whole("max_feature_idx") + 1;
  const outputs = head.has("num_tree_per_iteration") ? whole("num_tree_per_iteration") : whole("num_class");
  if (count > limits.maxFeatures) fault("the head, max_feature_idx", `below ${limits.maxFeatures}`, String(count - 1));
  if (!(outputs >= 1 && outputs <= limits.maxOutputs)) {
    fault("the head, num_tree_per_iteration", `1 to ${limits.maxOutputs}`, String(outputs));
  }
  const objective = head.get("objective") ?? "custom";
  if (objectiveOf(objective, outputs) === undefined) {
    const known = `one of ${objectiveNames.join(", ")}, for ${outputs} outputs`;
    throw unsupported(where, "the head, objective", known, objective, "Train with one of these.");
  }

  const builder = new ForestBuilder({ single: false, width: 1 }, fault);
  const gains = new Map<number, number>();
  const leaves: GrowingLeaves = { linear: [], constants: [], starts: [], features: [], coefficients: [] };
  readTrees(lines, builder, gains, leaves, fault);
  const claimed = head.get("tree_sizes");
  const sizes = claimed === undefined ? builder.trees : claimed.split(" ").filter((size) => size !== "").length;
  if (sizes !== builder.trees) fault("the head, tree_sizes", `${builder.trees}, as many as trees`, String(sizes));
  if (builder.trees % outputs !== 0) fault("the trees", `a multiple of ${outputs}`, String(builder.trees));
  const greatest = leaves.features.reduce((most, feature) => Math.max(most, feature), builder.maxFeature);
  if (greatest >= count || leaves.features.some((feature) => feature < 0)) {
    fault("split_feature", `features from 0 to ${count - 1}`, String(greatest));
  }
  if (leaves.linear.length !== 0 && leaves.linear.length !== builder.leaves) {
    fault("is_linear", "linear models in all trees", "in some");
  }
  const forest = builder.finish(
    count,
    Int32Array.from({ length: builder.trees }, (_, tree) => tree % outputs),
  );
  const categorical = new Set<number>();
  forest.grid.slotFeature.forEach((feature, slot) => {
    if (forest.grid.slotMissing[slot] === missing.category) categorical.add(feature);
  });
  const names = text("feature_names").split(" ");
  if (names.length !== count) fault("the head, feature_names", `${count} names`, String(names.length));
  const importances = new Float64Array(count);
  for (const [feature, gain] of gains) importances[feature] = gain;
  const tail = readTail(lines, where, fault);
  return {
    format: "lightgbm",
    layout: 1,
    objective,
    ...(objective === "quantile" && tail.alpha !== undefined && { quantiles: [tail.alpha] }),
    features: featuresOf(names, categorical, tail, where, fault),
    outputs,
    divisor: head.has("average_output") ? Math.max(1, builder.trees / outputs) : 1,
    forest,
    leaves: leaves.linear.length === 0 ? null : finished(leaves),
    importances,
  };
}

/** Fields before the first tree. */
function readHead(lines: Lines, fault: Fault): Map<string, string> {
  const head = new Map<string, string>();
  const first = lines.next();
  if (first === undefined || lines.text(first.start, Math.min(first.end, first.start + 16)) !== "tree") {
    fault("line 1", "'tree'", first === undefined ? "the end of the file" : "something else");
  }
  for (;;) {
    const line = lines.next() ?? fault("the head", "trees after it", "the end of the file");
    if (line.end === line.start) {
      // An empty line ends the head; a model without trees has nothing but the end of them after it.
      return head;
    }
    const { name, value } = lines.name(line);
    head.set(name, lines.text(value, line.end));
  }
}

function readTrees(
  lines: Lines,
  builder: ForestBuilder,
  gains: Map<number, number>,
  leaves: GrowingLeaves,
  fault: Fault,
): void {
  for (;;) {
    const line = lines.next() ?? fault("the trees", "'end of trees'", "the end of the file");
    if (line.end === line.start) continue;
    const text = lines.text(line.start, Math.min(line.end, line.start + 40));
    if (text === "end of trees") return;
    const place = `tree ${builder.trees}`;
    if (text !== `Tree=${builder.trees}`) fault(`line ${line.number}`, `'Tree=${builder.trees}'`, described(text));
    addTree(lines, fieldsOf(lines, place, fault), place, builder, gains, leaves, fault);
  }
}

/** What stands after the trees: features that training took for categories, and names of categories. */
interface Tail {
  readonly categorical: readonly number[];
  readonly names: readonly Names[];
  /** Parameter of objectives, the quantile among them. */
  readonly alpha: number | undefined;
}

function readTail(lines: Lines, where: string, fault: Fault): Tail {
  let categorical: readonly number[] = [];
  let names: readonly Names[] = [];
  let parameters = false;
  let alpha: number | undefined;
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const start = lines.text(line.start, Math.min(line.end, line.start + 24));
    const place = `line ${line.number}`;
    if (start === "parameters:") parameters = true;
    if (start === "parser:") {
      throw unsupported(where, place, "rows of numbers", "a parser of its own", "Train on numbers or data frames.");
    }
    if (start === "end of parameters") parameters = false;
    if (parameters && start.startsWith("[categorical_feature: ")) {
      const text = lines.text(line.start + 22, line.end).replace("]", "");
      if (/^\d+(,\d+)*$/.test(text)) categorical = text.split(",").map(Number);
      else if (text !== "") fault(`${place}, categorical_feature`, "numbers of features", described(text));
    }
    if (parameters && start.startsWith("[alpha: "))
      alpha = Number(lines.text(line.start + 8, line.end).replace("]", ""));
    if (start.startsWith("pandas_categorical:")) {
      const document = parseJson(lines.bytes(line.start + 19, line.end), (at, expected, found) =>
        fault(`${place}, pandas_categorical, ${at}`, expected, found),
      );
      names = namesOf(document, `${place}, pandas_categorical`, fault);
    }
  }
  return { categorical, names, alpha };
}

function namesOf(document: Value, place: string, fault: Fault): readonly Names[] {
  if (document === null || (ArrayBuffer.isView(document) && document.length === 0)) return [];
  if (!Array.isArray(document)) fault(place, "a list of lists", described(document));
  return document.map((list: Value, i: number) => {
    if (ArrayBuffer.isView(list)) return Array.from(list);
    if (!Array.isArray(list)) fault(`${place}[${i}]`, "a list", described(list));
    return list.map((name: Value) => {
      if (typeof name === "string" || typeof name === "number" || typeof name === "boolean") return name;
      return fault(`${place}[${i}]`, "texts, numbers, true or false", described(name));
    });
  });
}

function featuresOf(
  names: readonly string[],
  categorical: ReadonlySet<number>,
  tail: Tail,
  where: string,
  fault: Fault,
): Feature[] {
  const own = new Map<number, Names>();
  if (tail.names.length > 0) {
    // Names are those of the columns that pandas had as categories, in their order: all that training took for such,
    // unless somebody named others besides, and then the file does not say which.
    if (tail.names.length !== tail.categorical.length) {
      throw unsupported(
        where,
        "pandas_categorical",
        `categories of the ${tail.categorical.length} features of categorical_feature`,
        `${tail.names.length} lists`,
        "Make all of them categories of the data frame, and train with categorical_feature='auto'.",
      );
    }
    tail.categorical.forEach((feature, i) => {
      if (feature >= names.length) fault("categorical_feature", `below ${names.length}`, String(feature));
      own.set(feature, tail.names[i] as Names);
    });
  }
  return names.map((name, i): Feature => {
    const categories = own.get(i);
    if (categories !== undefined) return { name, kind: "category", categories, missing: true };
    const kind = categorical.has(i) || tail.categorical.includes(i) ? "category" : "number";
    return { name, kind, missing: true };
  });
}
