import type { FileModel } from "../file-model.ts";
import { damaged, described } from "../trees/faults.ts";
import type { CatboostContents } from "./contents.ts";
import { catboostModel } from "./model.ts";

/**
 * Makes a model of CatBoost of what a store has of it. A package that serves needs this alone, and no reader of files.
 *
 * @param contents Contents of a model that was read.
 *
 * @returns The model.
 */
export function restoreCatboost(contents: unknown): FileModel {
  const stored = contents as CatboostContents;
  if (stored?.format !== "catboost" || stored.layout !== 1) {
    damaged("The stored model")("format", "contents of CatBoost, layout 1", described(stored?.format));
  }
  return catboostModel(stored, "The stored model");
}
