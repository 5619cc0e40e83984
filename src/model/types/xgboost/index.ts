import type { ModelFormat } from "../file-model.ts";
import { ownBytes } from "../trees/bytes.ts";
import { xgboostModel } from "./model.ts";
import { readXgboost } from "./read.ts";
import { restoreXgboost } from "./restore.ts";

/** How many bytes tell whose file it is. */
const headBytes = 4096;

/** Reader of models of XGBoost 1.7 to 3.4: gbtree, dart and gblinear, in JSON and UBJSON. */
export const xgboost: ModelFormat = {
  name: "xgboost",
  title: "XGBoost (JSON or UBJSON)",
  extensions: [".ubj", ".json"],
  recognizes(bytes) {
    if (bytes[0] !== 0x7b) return false;
    const head = String.fromCharCode(...bytes.subarray(0, headBytes));
    // JSON begins with one of two fields. So does UBJSON, after the marker and the eight bytes of a length.
    return /^\{\s*"(learner|version)"/.test(head) || /^\{L.{8}(learner|version)/s.test(head);
  },
  read(bytes, where) {
    const contents = readXgboost(ownBytes(bytes), where);
    const { quantiles } = contents;
    return { ...xgboostModel(contents, where), ...(quantiles && { quantiles }) };
  },
  restore: restoreXgboost,
};
