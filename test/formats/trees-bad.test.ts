import { describe, expect, it } from "vitest";
import { catboost } from "../../src/model/types/catboost/index.ts";
import type { ModelFormat } from "../../src/model/types/file-model.ts";
import { lightgbm } from "../../src/model/types/lightgbm/index.ts";
import { xgboost } from "../../src/model/types/xgboost/index.ts";
import { corpusOf, fileOf } from "./corpus.ts";

const text = (format: string, name: string) => new TextDecoder().decode(fileOf(corpusOf(format).entry(name)));
const boosted = text("xgboost", "1.7-squarederror");
const light = text("lightgbm", "new-regression");
const cat = text("catboost", "1.2.10-rmse-symme");
const free = text("catboost", "1.2.10-rmse-depth");

const reading = (format: ModelFormat, content: string | Uint8Array) => () =>
  format.read(typeof content === "string" ? new TextEncoder().encode(content) : content, "model");

/** The file with its first tree altered. */
const tree = (alter: (tree: Record<string, never[] & number[]>) => void): string => {
  const document = JSON.parse(boosted);
  alter(document.learner.gradient_booster.model.trees[0]);
  return JSON.stringify(document);
};

const learner = (alter: (learner: Record<string, Record<string, unknown>>) => void): string => {
  const document = JSON.parse(boosted);
  alter(document.learner);
  return JSON.stringify(document);
};

/** The file with the first line of a name replaced. */
const line = (name: string, value: string) => light.replace(new RegExp(`^${name}=.*$`, "m"), `${name}=${value}`);

describe("a file that is not as it should be is one error with the place", () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      "a circle of nodes",
      reading(
        xgboost,
        tree((t) => t.left_children?.splice(1, 1, 0)),
      ),
      /trees\[0\]: expected a tree, found node 0 twice/,
    ],
    [
      "a child of two parents",
      reading(
        xgboost,
        tree((t) => t.right_children?.splice(0, 1, 1)),
      ),
      /trees\[0\]: expected a tree, found/,
    ],
    [
      "a child out of range",
      reading(
        xgboost,
        tree((t) => t.left_children?.splice(0, 1, 9999)),
      ),
      /trees\[0\], node 0: expected children from 0 to/,
    ],
    [
      "a number of nodes that lies",
      reading(
        xgboost,
        tree((t) => Object.assign(t, { tree_param: { num_nodes: "1000000000" } })),
      ),
      /num_nodes: expected \d+, as many as left_children/,
    ],
    [
      "a feature out of range",
      reading(
        xgboost,
        tree((t) => t.split_indices?.splice(0, 1, 77)),
      ),
      /split_indices: expected features from 0 to 5, found 77/,
    ],
    [
      "a list that is too short",
      reading(
        xgboost,
        tree((t) => t.default_left?.pop()),
      ),
      /default_left: expected \d+ numbers, found/,
    ],
    [
      "a tree that is none",
      reading(xgboost, boosted.replace('"trees":[{', '"trees":[3,{')),
      /trees\[0\]: expected an object, found 3/,
    ],
    [
      "a number of features that lies",
      reading(
        xgboost,
        learner((l) => Object.assign(l.learner_model_param ?? {}, { num_feature: "999999999" })),
      ),
      /num_feature: expected at most 262144 features/,
    ],
    [
      "a base score that is none",
      reading(
        xgboost,
        learner((l) => Object.assign(l.learner_model_param ?? {}, { base_score: "[1,2]" })),
      ),
      /base_score: expected one number/,
    ],
    [
      "an unknown objective",
      reading(
        xgboost,
        learner((l) => Object.assign(l.objective ?? {}, { name: "reg:magic" })),
      ),
      /learner.objective.name: expected one of reg:squarederror.*found reg:magic/,
    ],
    [
      "an unknown booster",
      reading(
        xgboost,
        learner((l) => Object.assign(l.gradient_booster ?? {}, { name: "gbforest" })),
      ),
      /expected gbtree, dart or gblinear, found gbforest/,
    ],
    [
      "a version to come",
      reading(xgboost, boosted.replace(/"version":\[1,7,6\]/, '"version":[4,0,0]')),
      /version: expected XGBoost 1 to 3.4.*found 4.0/,
    ],
    [
      "JSON within JSON, without end",
      reading(xgboost, `{"learner":${"[".repeat(100_000)}`),
      /byte \d+: expected at most 256 levels/,
    ],
    [
      "UBJSON within UBJSON, without end",
      reading(xgboost, new TextEncoder().encode(`{L${"\0".repeat(7)}\x07learner${"[".repeat(100_000)}`)),
      /expected at most 256 levels/,
    ],
    [
      "a length past the end",
      reading(xgboost, Uint8Array.from([0x7b, 0x4c, 0x7f, 255, 255, 255, 255, 255, 255, 255])),
      /byte 1: expected a length|byte \d+: expected a whole number below/,
    ],
    [
      "a list that lies about its length",
      reading(xgboost, Uint8Array.from([0x7b, 0x69, 1, 0x61, 0x5b, 0x24, 0x64, 0x23, 0x6c, 0x7f, 0, 0, 0])),
      /expected a list of \d+ bytes, found 0 until the end/,
    ],
    ["nothing", reading(xgboost, ""), /byte 0: expected/],
    [
      "a circle of nodes of LightGBM",
      reading(lightgbm, line("left_child", "0 0 0 0 0 0 0")),
      /tree 0: expected a tree, found/,
    ],
    [
      "leaves that lie about their number",
      reading(lightgbm, line("num_leaves", "2000000000")),
      /tree 0, num_leaves: expected 1 to \d+/,
    ],
    ["a leaf that nobody reaches", reading(lightgbm, line("left_child", "-1 -1 -1 -1 -1 -1 -1")), /tree 0: expected/],
    [
      "a text for a number",
      reading(lightgbm, line("threshold", "1 2 x 4 5 6 7")),
      /tree 0, threshold: expected a number, found "x"/,
    ],
    [
      "an end that is missing",
      reading(lightgbm, light.slice(0, light.indexOf("end of trees"))),
      /expected .*, found the end of the file/,
    ],
    [
      "an objective of LightGBM that is unknown",
      reading(lightgbm, line("objective", "magic")),
      /the head, objective: expected one of .*found magic/,
    ],
    [
      "a version of LightGBM to come",
      reading(lightgbm, line("version", "v9")),
      /the head, version: expected v2, v3 or v4, found v9/,
    ],
    [
      "leaves of CatBoost that are too few",
      reading(catboost, cat.replace('"leaf_values": [', '"leaf_values": [1.5, ')),
      /oblivious_trees\[0\].*leaf_values/,
    ],
    [
      "a feature of CatBoost that is not there",
      reading(catboost, cat.replace(/"float_feature_index": \d/, '"float_feature_index": 88')),
      /float_feature_index: expected a feature, found 88/,
    ],
    [
      "trees of CatBoost without end",
      reading(catboost, free.replace('"trees": [', `"trees": [${'{"left":'.repeat(5000)}`)),
      /expected at most 256 levels/,
    ],
    [
      "a loss of CatBoost that is unknown",
      reading(catboost, cat.replace('"type": "RMSE"', '"type": "Magic"')),
      /loss_function.type: expected one of .*found Magic/,
    ],
  ])("%s", (_, read, message) => {
    expect(read).toThrow(message);
    expect(read).toThrow(/^model: /);
  });

  it("and is told from files of the others", () => {
    const all = [xgboost, lightgbm, catboost];
    const bytes = [boosted, light, cat].map((content) => new TextEncoder().encode(content));
    expect(bytes.map((file) => all.map((format) => format.recognizes(file)))).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
    expect(xgboost.recognizes(fileOf(corpusOf("xgboost").entry("3.4-logistic")))).toBe(true);
  });
});
