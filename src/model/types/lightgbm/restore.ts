import type { FileModel } from "../file-model.ts";
import { damaged, described } from "../trees/faults.ts";
import type { LightgbmContents } from "./contents.ts";
import { lightgbmModel } from "./model.ts";

/**
 * Makes a model of LightGBM of what a store has of it. A package that serves needs this alone, and no reader of files.
 *
 * @param contents Contents of a model that was read.
 *
 * @returns The model.
 */
export function restoreLightgbm(contents: unknown): FileModel {
  const stored = contents as LightgbmContents;
  if (stored?.format !== "lightgbm" || stored.layout !== 1) {
    damaged("The stored model")("format", "contents of LightGBM, layout 1", described(stored?.format));
  }
  return lightgbmModel(stored, "The stored model");
}
