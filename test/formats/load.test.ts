import { createFrame } from "mllaunchpad";
import { xgboost } from "mllaunchpad/formats";
import { expect, it } from "vitest";
import { corpusOf } from "./corpus.ts";

const corpus = corpusOf("xgboost");
const bytes = Buffer.from(corpus.entry("3.4-logistic").file, "base64");

it("loads a model in code: rows, frames and explanations agree", async () => {
  const model = await xgboost.load(bytes, { target: "churned", classes: ["stays", "goes"] });
  const row = { f0: 0.5, f1: null, f2: 1, f3: 2 };
  const answer = model.predict(row);
  expect(answer).toEqual({
    churned: expect.stringMatching(/^(stays|goes)$/),
    probabilities: { stays: expect.any(Number), goes: expect.any(Number) },
  });
  expect(model.predictBatch([row, row])).toEqual([answer, answer]);
  const frame = createFrame({ f0: [0.5], f1: [null], f2: [1], f3: [2], f4: [Number.NaN], f5: [Number.NaN] });
  expect(model.predictBatch(frame)).toEqual([answer]);
  const { contributions, baseline } = model.contributions(row);
  const sum = Object.values(contributions).reduce((total, one) => total + one, Number(baseline));
  expect(1 / (1 + Math.exp(-sum))).toBeCloseTo((answer.probabilities as { goes: number }).goes, 5);
});

it("refuses what is no such file, and a value that a feature does not take", async () => {
  await expect(xgboost.load(new Uint8Array([1, 2, 3]), { name: "churn.ubj" })).rejects.toMatchObject({
    code: "MODEL_FILE_INVALID",
    message: expect.stringMatching(/^churn\.ubj/),
  });
  const model = await xgboost.load(bytes);
  expect(() => model.predict({ f0: "old" })).toThrow(/f0/);
});
