import type { Metrics } from "../define.ts";
import { mergeBins } from "./bins.ts";
import {
  type ClassificationCounts,
  type Counts,
  type Curve,
  maxBins,
  maxResidualBins,
  type RegressionCounts,
  type Slices,
} from "./counts.ts";
import { areaOf } from "./curves.ts";
import { classificationResult, type Evaluation, regressionResult } from "./evaluation.ts";
import { wrong } from "./read-rows.ts";
import { mergeSums } from "./regression-sums.ts";
import { mergeSlices } from "./slices.ts";

/**
 * Metrics of the rows of several evaluations together: of the parts of a test, of processes, of days. Each number is that of
 * one evaluation of all rows, but for `roc_auc`, which comes of bins: `roc_auc_within` says how far it may be off.
 * `average_precision` and `median_absolute_error` need every row and are left out.
 *
 * @param parts What `evaluation` made, or what was stored of it.
 *
 * @returns Metrics, which merge again.
 *
 * @throws DATA_INVALID where there is none, or they differ in their task, classes or kind of scores.
 */
export function mergeEvaluations(parts: readonly Metrics[]): Evaluation {
  const counts = parts.map((part) => part.evaluation as Counts | undefined);
  const classifications = counts.filter((part) => part?.task === "classification") as ClassificationCounts[];
  const regressions = counts.filter((part) => part?.task === "regression") as RegressionCounts[];
  if (parts.length === 0) throw wrong("expected at least one evaluation, found none.");
  if (regressions.length === parts.length) return mergeRegressions(regressions);
  if (classifications.length === parts.length) return mergeClassifications(classifications);
  throw wrong("expected evaluations of one task, found several, or metrics without the key evaluation.");
}

function mergeRegressions(parts: readonly RegressionCounts[]): Evaluation {
  const bins = (key: "residuals" | "predicted") =>
    mergeBins(
      parts.map((part) => part[key]),
      maxResidualBins,
    );
  return regressionResult(
    {
      format: 1,
      task: "regression",
      ...mergeSums(parts),
      residuals: bins("residuals"),
      predicted: bins("predicted"),
      ...slicesOf(parts),
    },
    {},
  );
}

function mergeClassifications(parts: readonly ClassificationCounts[]): Evaluation {
  const [first] = parts as readonly [ClassificationCounts];
  for (const part of parts) {
    if (JSON.stringify(part.classes) !== JSON.stringify(first.classes)) {
      throw wrong(
        `expected evaluations of the same classes, found ${part.classes.join(", ")} and ${first.classes.join(", ")}. Name them by classes: [...].`,
      );
    }
    if (part.scores !== first.scores) {
      throw wrong(`expected evaluations with the same kind of scores, found ${part.scores} and ${first.scores}.`);
    }
  }
  const sum = (key: "log_loss" | "brier") => parts.reduce((total, part) => total + (part[key] ?? 0), 0);
  const curves = first.curves.map((curve, at) =>
    mergeCurves(
      parts.flatMap((part) => part.curves[at] ?? []),
      curve.of,
      first.classes.length,
    ),
  );
  return classificationResult(
    {
      ...first,
      matrix: first.matrix.map((line, row) =>
        line.map((_, column) => parts.reduce((total, part) => total + (part.matrix[row]?.[column] ?? 0), 0)),
      ),
      ...(first.scores === "probabilities" && { log_loss: sum("log_loss"), brier: sum("brier") }),
      curves,
      ...slicesOf(parts),
    },
    areas(curves, first),
  );
}

function mergeCurves(curves: readonly Curve[], of: number, classes: number): Curve {
  const calibrations = curves.flatMap((curve) => (curve.calibration ? [curve.calibration] : []));
  const [first] = calibrations;
  return {
    of,
    bins: mergeBins(
      curves.map((curve) => curve.bins),
      maxBins(classes),
    ),
    ...(first && {
      calibration: first.map((_, bin) => {
        const sum = (at: 0 | 1 | 2) => calibrations.reduce((total, own) => total + (own[bin]?.[at] ?? 0), 0);
        return [sum(0), sum(1), sum(2)] as const;
      }),
    }),
  };
}

function areas(
  curves: readonly Curve[],
  { classes, scores, curves_left_out }: ClassificationCounts,
): Record<string, number> {
  if (curves.length === 0 || curves_left_out !== undefined || (classes.length > 2 && scores !== "probabilities"))
    return {};
  const own = curves.map((curve) => areaOf(curve.bins));
  const known = own.filter((area) => area !== undefined);
  if (known.length < own.length) return {};
  const mean = (key: "area" | "within") => known.reduce((total, area) => total + area[key], 0) / known.length;
  return { roc_auc: mean("area"), roc_auc_within: mean("within") };
}

/** Slices of the columns that all of them are sliced by. */
function slicesOf(parts: readonly Counts[]): { slices?: Record<string, Slices> } {
  const names = Object.keys(parts[0]?.slices ?? {}).filter((name) => parts.every((part) => part.slices?.[name]));
  if (names.length === 0) return {};
  return {
    slices: Object.fromEntries(
      names.map((name) => [name, mergeSlices(parts.flatMap((part) => part.slices?.[name] ?? []))]),
    ),
  };
}
