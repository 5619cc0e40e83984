import { catboost } from "./catboost/index.ts";
import { fileType } from "./file/file-type.ts";
import { pickle } from "./file/pickle.ts";
import { lightgbm } from "./lightgbm/index.ts";
import type { ModelType } from "./model-type.ts";
import { onnx } from "./onnx/index.ts";
import { skops } from "./skops/index.ts";
import { xgboost } from "./xgboost/index.ts";

/** Types of models that need nothing of a runtime: files of other libraries. The one table of them. */
export const portableTypes: readonly ModelType[] = [
  fileType(xgboost, "restoreXgboost"),
  fileType(lightgbm, "restoreLightgbm"),
  fileType(catboost, "restoreCatboost"),
  fileType(skops),
  fileType(onnx),
  pickle,
];
