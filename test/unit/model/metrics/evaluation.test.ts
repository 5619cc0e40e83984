import { evaluation, mergeEvaluations } from "mllaunchpad/metrics";
import { describe, expect, it } from "vitest";
import { createFrame, defineModel, diffMeta, type Meta } from "../../../../src/internal.ts";
import { project } from "../../../support/project.ts";

const labels = ["no", "yes", "yes", "no"];
const predictions = ["no", "yes", "no", "no"];

describe("evaluation", () => {
  it("takes scores in every form that models give them in", () => {
    const yes = [0.25, 0.75, 0.5, 0.125];
    const expected = evaluation({ labels, predictions, scores: yes });
    const rows = yes.map((score) => [1 - score, score]);
    for (const scores of [
      Float64Array.from(yes),
      rows.map(([no = 0, other = 0]) => ({ no, yes: other })),
      { no: yes.map((score) => 1 - score), yes: Float64Array.from(yes) },
      createFrame({ no: yes.map((score) => 1 - score), yes }).columns as Record<string, Float64Array>,
    ]) {
      expect(evaluation({ labels, predictions, scores })).toEqual(expected);
    }
    expect(evaluation({ labels, predictions, scores: rows, classes: ["no", "yes"] })).toEqual(expected);
    expect(expected).toMatchObject({ rows: 4, accuracy: 0.75, roc_auc: 1, classes: ["no", "yes"] });
  });

  it("takes the columns of frames, with whole numbers as they are kept", () => {
    const frame = createFrame({ truth: [0n, 1n, 1n], said: [0, 1, 0] });
    const found = evaluation({ labels: frame.column("truth"), predictions: frame.column("said"), classes: [0, 1] });
    expect(found.confusion_matrix).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  it("has the positive class that classes name last", () => {
    const turned = evaluation({ labels, predictions, scores: [0.75, 0.25, 0.5, 0.875], classes: ["yes", "no"] });
    expect(turned).toMatchObject({ roc_auc: 1, recall: 1, precision: 2 / 3 });
  });

  it("slices by missing values, and by the most frequent of many", () => {
    const rows = 400;
    const truth = Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? "a" : "b"));
    const by = {
      some: truth.map((_, row) => (row % 4 === 0 ? null : row % 4)),
      many: truth.map((_, row) => (row < 100 ? "often" : `once ${row}`)),
    };
    const one = evaluation({ labels: truth, predictions: truth, by });
    const slices = one.slices as Record<string, Record<string, unknown>>;
    expect(Object.keys(slices.some ?? {}).sort()).toEqual(["(missing)", "1", "2", "3"]);
    expect(Object.keys(slices.many ?? {})).toHaveLength(51);
    expect(slices.many?.["(others)"]).toEqual({ rows: 251 });
    // What one part may have left out is not said to be whole.
    const merged = mergeEvaluations([
      one,
      evaluation({ labels: ["a", "b"], predictions: ["a", "b"], by: { some: [1, 1], many: ["often", "new"] } }),
    ]);
    const many = (merged.slices as typeof slices).many;
    expect(many?.often).toMatchObject({ rows: 101 });
    expect(many?.new).toBeUndefined();
    expect(many?.["(others)"]).toEqual({ rows: 252 });
  });

  it("leaves out what is not defined: ROC AUC of one class, R² of one value", () => {
    expect(evaluation({ labels: ["b", "b"], predictions: ["b", "a"], scores: [0.9, 0.4] })).not.toHaveProperty(
      "roc_auc",
    );
    expect(evaluation({ labels: [1.5, 1.5], predictions: [1, 2] })).not.toHaveProperty("r2");
  });

  it("is made of labels that a test returns, and a run keeps it as one difference", async () => {
    const said = ["no", "yes", "yes", "yes"];
    let turn = 0;
    const { launchpad } = project(
      defineModel({
        train: () => ({}),
        test: () => ({
          accuracy: "mine",
          evaluation: { labels, predictions: turn++ === 0 ? predictions : said, by: { day: [1, 1, 2, 2] } },
        }),
        predict: () => ({}),
      }),
      { model: { gates: { "slices.day.2.accuracy": ">= 0.5" } } },
    );
    const first = await launchpad.train();
    expect(first.metrics).toMatchObject({ accuracy: "mine", f1: 2 / 3, evaluation: { task: "classification" } });
    expect(first.promoted).toBe(true);
    const second = await launchpad.train();
    const changed = diffMeta(first.meta as Meta, second.meta as Meta).metrics.map(({ path }) => path);
    expect(changed.filter((path) => path.startsWith("metrics.evaluation"))).toEqual(["metrics.evaluation"]);
    expect(changed).toContain("metrics.slices.day.2.recall");
    await launchpad.close();
  });

  it("says of a row of another day what it says of the first", () => {
    const one = evaluation({ labels: [1.5, 2.5], predictions: [1, 2] });
    expect(mergeEvaluations([one, one])).toMatchObject({ rows: 4, mae: 0.5, bias: 0.5 });
    expect(mergeEvaluations([JSON.parse(JSON.stringify(one))])).toMatchObject({ rows: 2, r2: 0 });
  });

  it.each([
    [{ labels: [], predictions: [] }, "labels: expected at least one row, found none."],
    [{ labels, predictions: ["no"] }, "predictions: expected 4, one for each label, found 1."],
    [
      { labels: ["no", null], predictions: ["no", "no"] },
      "labels: row 2: expected text, a number or a boolean, found null. Leave such rows out.",
    ],
    [
      { labels: [1, 0], predictions: [1, 1] },
      'task: expected to be told, because all labels and predictions are whole numbers. Add task: "classification" or "regression".',
    ],
    [
      { labels: [1, 0], predictions: ["1", "0"], scores: [1, 0] },
      "expected classes, labels and predictions of one kind",
    ],
    [
      { labels: ["a", "b", "c"], predictions: ["a", "b", "c"], scores: [1, 0, 1] },
      "scores: expected one for each of 3 classes, found one number a row.",
    ],
    [{ labels, predictions, scores: [[0.5, 0.5]] }, "scores: expected 4, one for each label, found 1."],
    [
      { labels, predictions, scores: labels.map(() => [0.5, 0.5]) },
      "scores: row 1: expected an object by class, because lists have an order that nobody has told.",
    ],
    [
      { labels, predictions, scores: labels.map(() => ({ no: 1 })) },
      'scores: row 1: expected a number for class "yes", found undefined.',
    ],
    [{ labels, predictions, scores: { no: [1, 1, 1, 1] } }, 'scores: expected a column for class "yes", found no.'],
    [{ labels, predictions, scores: [0, 1, Number.NaN, 0] }, "scores: row 3: expected a number, found null."],
    [{ labels, predictions, classes: ["no", "maybe"] }, 'labels: row 2: expected one of "no", "maybe", found "yes".'],
    [{ labels, predictions, classes: ["no", "yes", "no"] }, "classes: expected each of them once."],
    [{ labels: ["a"], predictions: ["a"] }, 'classes: expected at least two, found "a" only.'],
    [{ labels: [1.5], predictions: [Number.POSITIVE_INFINITY] }, "predictions: row 1: expected a number"],
    [
      { labels: [1.5], predictions: [1.5], by: { region: [] } },
      "by.region: expected 1 values, one for each label, found 0.",
    ],
  ])("refuses what it would count wrong: %j", (input, message) => {
    expect(() => evaluation(input as Parameters<typeof evaluation>[0])).toThrow(message);
  });

  it.each([
    [[], "expected at least one evaluation"],
    [[{ accuracy: 1 }], "metrics without the key evaluation"],
    [
      [evaluation({ labels, predictions }), evaluation({ labels: ["a", "b"], predictions: ["a", "b"] })],
      "found a, b and no, yes",
    ],
    [
      [evaluation({ labels, predictions }), evaluation({ labels, predictions, scores: [0, 1, 1, 0] })],
      "the same kind of scores",
    ],
  ])("refuses to merge what does not belong together", (parts, message) => {
    expect(() => mergeEvaluations(parts)).toThrow(message);
  });
});
