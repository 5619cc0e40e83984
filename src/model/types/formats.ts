import { catboost } from "./catboost/index.ts";
import type { ModelFormat } from "./file-model.ts";
import { lightgbm } from "./lightgbm/index.ts";
import { onnx } from "./onnx/index.ts";
import { skops } from "./skops/index.ts";
import { xgboost } from "./xgboost/index.ts";

/** Format of model files, and the export of its `restore.ts` where a package that serves needs that alone. */
export interface KnownFormat {
  readonly format: ModelFormat;
  readonly restore?: string;
}

/** Formats that are read here, by name. The one table of them. */
export const formats: readonly KnownFormat[] = [
  { format: xgboost, restore: "restoreXgboost" },
  { format: lightgbm, restore: "restoreLightgbm" },
  { format: catboost, restore: "restoreCatboost" },
  { format: skops },
  { format: onnx },
];
