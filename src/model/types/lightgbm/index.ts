import type { ModelFormat } from "../file-model.ts";
import { ownBytes } from "../trees/bytes.ts";
import { lightgbmModel } from "./model.ts";
import { readLightgbm } from "./read.ts";
import { restoreLightgbm } from "./restore.ts";

/** Reader of models of LightGBM 2.2 to 4: text files of all boosting types and objectives. */
export const lightgbm: ModelFormat = {
  name: "lightgbm",
  title: "LightGBM (text)",
  extensions: [".txt", ".lgb", ".model"],
  recognizes: (bytes) => /^tree\r?\nversion=/.test(String.fromCharCode(...bytes.subarray(0, 16))),
  read(bytes, where) {
    const contents = readLightgbm(ownBytes(bytes), where);
    const { quantiles } = contents;
    return { ...lightgbmModel(contents, where), ...(quantiles && { quantiles }) };
  },
  restore: restoreLightgbm,
};
