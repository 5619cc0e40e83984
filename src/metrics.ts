export type { Bins } from "./model/metrics/bins.ts";
export type {
  ClassificationCounts,
  Counts,
  Curve,
  Label,
  RegressionCounts,
  RegressionSums,
  Slice,
  Slices,
} from "./model/metrics/counts.ts";
export {
  type CalibrationPoint,
  calibrationErrorOf,
  calibrationOf,
  type Threshold,
  thresholdsOf,
} from "./model/metrics/curves.ts";
export { type Evaluation, type EvaluationInput, evaluation } from "./model/metrics/evaluation.ts";
export { mergeEvaluations } from "./model/metrics/merge.ts";
export type { Scores, Values } from "./model/metrics/read-rows.ts";
