import type { ModelFormat } from "../file-model.ts";
import { ownBytes } from "../trees/bytes.ts";
import { catboostModel } from "./model.ts";
import { readCatboost } from "./read.ts";
import { restoreCatboost } from "./restore.ts";

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
  read(bytes, where) {
    const contents = readCatboost(ownBytes(bytes), where);
    const { quantiles } = contents;
    return { ...catboostModel(contents, where), ...(quantiles && { quantiles }) };
  },
  restore: restoreCatboost,
};
