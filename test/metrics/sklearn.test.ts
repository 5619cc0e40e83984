import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  type ClassificationCounts,
  calibrationErrorOf,
  calibrationOf,
  type Evaluation,
  evaluation,
  mergeEvaluations,
  thresholdsOf,
} from "mllaunchpad/metrics";
import { beforeAll, describe, expect, it } from "vitest";
import { pythons } from "../support/python.ts";
import { type Case, cases } from "./cases.ts";

interface Curve {
  readonly fpr: number[];
  readonly tpr: number[];
  readonly precision: number[];
  readonly recall: number[];
  readonly calibration?: [number, number, number][];
  readonly error?: number;
}

type Numbers = { readonly [name: string]: unknown };
type Judged = Numbers & { readonly slices: Numbers; readonly curves?: readonly Curve[] };

let judged: Judged[];

beforeAll(async () => {
  const [python] = await pythons("default");
  const judge = fileURLToPath(new URL("judge.py", import.meta.url));
  const { stdout, stderr } = spawnSync(python?.path ?? "", [judge], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (stdout === "") throw new Error(stderr);
  judged = JSON.parse(stdout);
}, 600_000);

function evaluate({ task, kind, classes, labels, predictions, scores, by }: Case): Evaluation {
  return evaluation({ labels, predictions, scores, by, task, ...(kind !== "none" && { classes }) });
}

/** Rows of a case in parts, as processes would have them. */
function parted(whole: Case, parts: number): Evaluation {
  const pick = <T>(values: readonly T[], part: number) => values.filter((_, row) => row % parts === part);
  return mergeEvaluations(
    Array.from({ length: parts }, (_, part) =>
      evaluation({
        task: whole.task,
        labels: pick(whole.labels, part),
        predictions: pick(whole.predictions, part),
        ...(whole.task === "classification" && { classes: whole.classes }),
        ...(whole.scores && { scores: pick<unknown>(whole.scores, part) as number[] }),
        ...(whole.by && {
          by: Object.fromEntries(Object.entries(whole.by).map(([name, column]) => [name, pick(column, part)])),
        }),
      }),
    ),
  );
}

/** Relative to what is expected, or in itself where that is small. */
function near(found: unknown, expected: unknown, path: string): void {
  if (typeof expected === "number") {
    const distance = Math.abs((found as number) - expected) / Math.max(1, Math.abs(expected));
    expect(distance, `${path}: ${found} and ${expected}`).toBeLessThan(1e-9);
  } else if (typeof expected === "object" && expected !== null) {
    expect(Object.keys(found as object), path).toEqual(expect.arrayContaining(Object.keys(expected)));
    for (const [key, value] of Object.entries(expected)) near((found as Numbers)[key], value, `${path}.${key}`);
  } else expect(found, path).toEqual(expected);
}

const points = (xs: readonly number[], ys: readonly number[]) =>
  new Set(xs.map((x, at) => `${x.toFixed(9)} ${(ys[at] as number).toFixed(9)}`));

describe("evaluation, judged by scikit-learn", () => {
  it.each(cases.map((one, at) => [one.name, at] as const))("has every number of %s", (_, at) => {
    const own = evaluate(cases[at] as Case);
    const { curves, slices, ...numbers } = judged[at] as Judged;
    near(own, numbers, "metrics");
    near(own.slices ?? {}, slices, "slices");
    // Nothing but what was judged, the classes and what merges.
    const { evaluation: _counts, classes: _classes, slices: _slices, ...rest } = own;
    expect(Object.keys(rest).sort()).toEqual(Object.keys(numbers).sort());
  });

  it.each(cases.map((one, at) => [one.name, at] as const))("draws the curves of %s, whole and merged", (_, at) => {
    const one = cases[at] as Case;
    const curves = judged[at]?.curves ?? [];
    for (const counts of [evaluate(one).evaluation, parted(one, 7).evaluation]) {
      if (counts.task === "regression") continue;
      expect(counts.curves.length + (counts.curves_left_out ?? 0)).toBe(curves.length);
      for (const [index, curve] of counts.curves.entries()) {
        const expected = curves[index] as Curve;
        const thresholds = thresholdsOf(curve.bins);
        const roc = points(expected.fpr, expected.tpr);
        const precisions = points(expected.recall, expected.precision);
        for (const { truePositives, falsePositives, falseNegatives, trueNegatives } of thresholds) {
          const recall = truePositives / (truePositives + falseNegatives);
          const fall = falsePositives / (falsePositives + trueNegatives);
          expect(roc).toContain(`${fall.toFixed(9)} ${recall.toFixed(9)}`);
          const said = truePositives + falsePositives;
          if (said > 0) {
            const precision = truePositives / said;
            // scikit-learn ends its curve where every row of the class is found.
            if (falseNegatives > 0) expect(precisions).toContain(`${recall.toFixed(9)} ${precision.toFixed(9)}`);
          }
        }
        expect(thresholds.length).toBeGreaterThan(Math.min(20, expected.fpr.length - 1));
        if (expected.calibration) {
          const own = calibrationOf(curve).map(({ rows, predicted, actual }) => [rows, predicted, actual]);
          near(own, expected.calibration, "calibration");
          near(calibrationErrorOf(curve), expected.error, "calibration error");
        }
      }
    }
  });

  it.each(cases.map((one, at) => [one.name, at] as const))("merges the parts of %s into the whole", (_, at) => {
    const one = cases[at] as Case;
    const merged = parted(one, 7);
    const whole = evaluate(one);
    const { roc_auc, roc_auc_within, evaluation: counts, ...others } = merged;
    const { average_precision: _ap, median_absolute_error: _mae, ...judgedNumbers } = judged[at] as Judged;
    for (const [name, value] of Object.entries(others)) {
      if (name !== "classes" && name !== "slices") near(value, judgedNumbers[name], name);
    }
    near(merged.slices ?? {}, (judged[at] as Judged).slices, "slices");
    if (whole.roc_auc !== undefined && (whole.evaluation as ClassificationCounts).curves_left_out === undefined) {
      expect(Math.abs((roc_auc as number) - (judgedNumbers.roc_auc as number))).toBeLessThanOrEqual(
        (roc_auc_within as number) + 1e-12,
      );
      // Rows with the same score count as rows that could have been in any order.
      expect(roc_auc_within).toBeLessThan(0.03);
    } else expect(roc_auc).toBeUndefined();
    // Curves, bins and slices are the same whichever way the rows came.
    near(counts, JSON.parse(JSON.stringify(whole.evaluation)), "counts");
    near(mergeEvaluations([parted(one, 2)]).evaluation, counts, "merged once more");
  });

  it.each(cases.map((one) => [one.name, one] as const))("keeps what is stored of %s small", (_, one) => {
    const limit = one.classes.length > 3 ? 24_000 : one.classes.length === 2 ? 4_500 : 6_000;
    expect(JSON.stringify(evaluate(one)).length).toBeLessThan(limit);
  });
});
