import { describe, expect, it } from "vitest";
import { onnx } from "../../../src/model/types/onnx/index.ts";
import { rowOf } from "../corpus.ts";
import { convertedModels } from "./corpus.ts";

const models = await Promise.all(
  convertedModels().map(async (made) => ({ ...made, model: await onnx.read(made.file, made.name) })),
);
const explained = models.filter(({ model }) => model.contributions);

describe("contributions of linear graphs", () => {
  it("are there for linear models of one matrix, scaled or not, and for no others", () => {
    const names = explained.map(({ name }) => name);
    expect(names).toContain("linear");
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => /forest|boost|tree|mixed|voting|stack/.test(name))).toEqual([]);
  });

  it.each(explained.map((entry) => [entry.name, entry] as const))("add up to the raw score of %s", (_, entry) => {
    const { model, columns, rows } = entry;
    const width = model.features.length;
    for (let row = 0; row < Math.min(rows, 50); row++) {
      const given = rowOf(columns, row);
      const shares = model.contributions?.(given);
      if (shares === undefined) throw new Error("expected contributions, found none");
      const scores = Array.from(shares.baseline, (baseline, score) =>
        shares.values.subarray(score * width, (score + 1) * width).reduce((sum, share) => sum + share, baseline),
      );
      const { values, probabilities, labels } = model.predictRow(given);
      if (values) {
        for (const [at, score] of scores.entries()) {
          const found = values[at] ?? Number.NaN;
          expect(Math.abs(score - found)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(found)) * width);
        }
      } else if (scores.length > 1) {
        const best = scores.indexOf(Math.max(...scores));
        expect(labels?.[0]).toBe(best);
      } else {
        const [score = Number.NaN] = scores;
        if (probabilities) expect(1 / (1 + Math.exp(-score))).toBeCloseTo(probabilities[1] ?? Number.NaN, 5);
        else expect(labels?.[0]).toBe(score > 0 ? 1 : 0);
      }
    }
    const importances = model.importances?.() ?? new Float64Array();
    expect(importances.length).toBe(width);
    expect(importances.some((value) => value > 0)).toBe(true);
  });
});
