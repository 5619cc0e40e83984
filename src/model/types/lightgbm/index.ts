import type { ModelFormat } from "../file-model.ts";
import { damaged, described } from "../trees/faults.ts";
import type { LightgbmContents } from "./contents.ts";
import { lightgbmModel } from "./model.ts";
import { readLightgbm } from "./read.ts";

/** Reader of models of LightGBM 2.2 to 4: text files of all boosting types and objectives. */
export const lightgbm: ModelFormat = {
  name: "lightgbm",
  title: "LightGBM (text)",
  extensions: [".txt", ".lgb", ".model"],
  recognizes: (bytes) => /^tree\r?\nversion=/.test(String.fromCharCode(...bytes.subarray(0, 16))),
  read: (bytes, where) => lightgbmModel(readLightgbm(bytes, where), where),
  restore(contents) {
    const stored = contents as LightgbmContents;
    if (stored?.format !== "lightgbm" || stored.layout !== 1) {
      damaged("The stored model")("format", "contents of LightGBM, layout 1", described(stored?.format));
    }
    return lightgbmModel(stored, "The stored model");
  },
};
