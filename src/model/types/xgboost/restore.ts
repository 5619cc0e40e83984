import type { FileModel } from "../file-model.ts";
import { damaged, described } from "../trees/faults.ts";
import type { XgboostContents } from "./contents.ts";
import { xgboostModel } from "./model.ts";

/**
 * Makes a model of XGBoost of what a store has of it. A package that serves needs this alone, and no reader of files.
 *
 * @param contents Contents of a model that was read.
 *
 * @returns The model.
 */
export function restoreXgboost(contents: unknown): FileModel {
  const stored = contents as XgboostContents;
  if (stored?.format !== "xgboost" || stored.layout !== 1) {
    damaged("The stored model")("format", "contents of XGBoost, layout 1", described(stored?.format));
  }
  return xgboostModel(stored, "The stored model");
}
