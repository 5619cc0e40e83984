import { catboost as catboostFormat } from "./model/types/catboost/index.ts";
import { type LoadableFormat, loadable } from "./model/types/file/load.ts";
import { lightgbm as lightgbmFormat } from "./model/types/lightgbm/index.ts";
import { onnx as onnxFormat } from "./model/types/onnx/index.ts";
import { skops as skopsFormat } from "./model/types/skops/index.ts";
import { xgboost as xgboostFormat } from "./model/types/xgboost/index.ts";

export type { LoadableFormat, LoadedModel, LoadOptions, NamedRow } from "./model/types/file/load.ts";
export type {
  Contributions,
  Feature,
  FeatureColumn,
  FeatureKind,
  FeatureValue,
  FileModel,
  ModelFormat,
  Predictions,
  Task,
} from "./model/types/file-model.ts";

/** Models of XGBoost, in JSON or UBJSON: `await xgboost.load(bytes)`. */
export const xgboost: LoadableFormat = /* @__PURE__ */ loadable(xgboostFormat);
/** Models of LightGBM, in its text files. */
export const lightgbm: LoadableFormat = /* @__PURE__ */ loadable(lightgbmFormat);
/** Models of CatBoost, in JSON. */
export const catboost: LoadableFormat = /* @__PURE__ */ loadable(catboostFormat);
/** Models of scikit-learn, in skops files. */
export const skops: LoadableFormat = /* @__PURE__ */ loadable(skopsFormat);
/** Models in ONNX. */
export const onnx: LoadableFormat = /* @__PURE__ */ loadable(onnxFormat);
