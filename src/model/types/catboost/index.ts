import type { ModelFormat } from "../file-model.ts";
import { damaged, described } from "../trees/faults.ts";
import type { CatboostContents } from "./contents.ts";
import { catboostModel } from "./model.ts";
import { readCatboost } from "./read.ts";

/** How many bytes tell whose file it is. */
const headBytes = 4096;

/** Reader of models of CatBoost 1.x in JSON: symmetric and other trees, numbers and one-hot categories. */
export const catboost: ModelFormat = {
  name: "catboost",
  title: "CatBoost (JSON)",
  extensions: [".json"],
  recognizes(bytes) {
    const head = String.fromCharCode(...bytes.subarray(0, headBytes));
    return /^\s*\{\s*"(features_info|model_info|oblivious_trees|ctr_data)"/.test(head);
  },
  read: (bytes, where) => catboostModel(readCatboost(bytes, where), where),
  restore(contents) {
    const stored = contents as CatboostContents;
    if (stored?.format !== "catboost" || stored.layout !== 1) {
      damaged("The stored model")("format", "contents of CatBoost, layout 1", described(stored?.format));
    }
    return catboostModel(stored, "The stored model");
  },
};
