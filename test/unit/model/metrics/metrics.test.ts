import { describe, expect, it } from "vitest";
import { classificationMetrics } from "../../../../src/model/metrics/classification.ts";
import { regressionMetrics } from "../../../../src/model/metrics/regression.ts";

/** Each number is what scikit-learn 1.7 gives. */
describe("metrics", () => {
  it("are scikit-learn's for two classes", () => {
    const positive = [0.2, 0.7, 0.4, 0.4, 0.9, 0.6, 0.55, 0.5];
    const metrics = classificationMetrics({
      classes: 2,
      truth: Int32Array.from([0, 1, 1, 0, 1, 0, 1, 1]),
      predicted: Int32Array.from(positive, (p) => Number(p > 0.5)),
      probabilities: Float64Array.from(positive.flatMap((p) => [1 - p, p])),
    });
    expect(metrics).toEqual({
      rows: 8,
      accuracy: 0.625,
      balanced_accuracy: expect.closeTo(0.6333333333333333, 12),
      f1: expect.closeTo(0.6666666666666666, 12),
      log_loss: expect.closeTo(0.5399462849675793, 12),
      roc_auc: expect.closeTo(0.7666666666666667, 12),
      confusion_matrix: [
        [2, 1],
        [2, 3],
      ],
    });
  });

  it("are scikit-learn's for three classes, as means over classes", () => {
    const probabilities = [
      [0.7, 0.2, 0.1],
      [0.3, 0.4, 0.3],
      [0.1, 0.1, 0.8],
      [0.2, 0.5, 0.3],
      [0.1, 0.8, 0.1],
      [0.5, 0.3, 0.2],
      [0.25, 0.25, 0.5],
      [0.6, 0.3, 0.1],
    ];
    const metrics = classificationMetrics({
      classes: 3,
      truth: Int32Array.from([0, 1, 2, 2, 1, 0, 2, 1]),
      predicted: Int32Array.from(probabilities, (row) => row.indexOf(Math.max(...row))),
      probabilities: Float64Array.from(probabilities.flat()),
    });
    expect(metrics).toMatchObject({
      accuracy: 0.75,
      balanced_accuracy: expect.closeTo(0.7777777777777777, 12),
      f1: expect.closeTo(0.7555555555555555, 12),
      log_loss: expect.closeTo(0.6891865935266337, 12),
      roc_auc: expect.closeTo(0.9055555555555556, 12),
    });
  });

  it("leave ROC AUC out where a class is missing", () => {
    const metrics = classificationMetrics({
      classes: 2,
      truth: Int32Array.from([1, 1]),
      predicted: Int32Array.from([1, 0]),
      probabilities: Float64Array.from([0.1, 0.9, 0.6, 0.4]),
    });
    expect(metrics).not.toHaveProperty("roc_auc");
  });

  it("are scikit-learn's for a regression", () => {
    const metrics = regressionMetrics(Float64Array.from([1, 2, 3.5, -1]), Float64Array.from([1.5, 2, 3, 0]));
    expect(metrics).toEqual({
      rows: 4,
      r2: expect.closeTo(0.8596491228070176, 12),
      mae: 0.5,
      rmse: expect.closeTo(0.6123724356957945, 12),
    });
  });
});
