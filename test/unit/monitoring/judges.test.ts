import { describe, expect, it } from "vitest";
import { jensenShannon, populationStability } from "../../../src/monitoring/drift/distances.ts";
import { addOutcome, noOutcomes, productionMetrics } from "../../../src/monitoring/log/production.ts";
import { chiSquareTail, hypergeometricTail, normalLimit } from "../../../src/monitoring/statistics/distributions.ts";

/** Numbers of scipy 1 and scikit-learn 1: chi2.sf, hypergeom.sf, norm.isf, spatial.distance.jensenshannon, and metrics. */
describe("numbers of others", () => {
  it("are those of distributions", () => {
    expect(chiSquareTail(33.7, 9) / 0.00010080678416966285).toBeCloseTo(1, 11);
    expect(chiSquareTail(0.5, 1)).toBeCloseTo(0.47950012218695337, 12);
    expect(chiSquareTail(120, 100)).toBeCloseTo(0.08440668109369177, 12);
    expect(hypergeometricTail(5, 9, 300, 5000) / 5.867323746177315e-5).toBeCloseTo(1, 9);
    expect(hypergeometricTail(40, 300, 1000, 5000)).toBeCloseTo(0.9555383865567401, 9);
    expect(hypergeometricTail(70, 300, 1000, 5000)).toBeCloseTo(0.0014224891134086619, 9);
    expect(normalLimit(1e-4)).toBeCloseTo(3.7190164854556804, 9);
  });

  it("are those of distances", () => {
    const [current, reference] = [
      [10, 40, 30, 15, 5],
      [100, 380, 250, 200, 70],
    ];
    expect(populationStability(current ?? [], reference ?? [])).toBeCloseTo(0.03125549208246206, 12);
    expect(jensenShannon(current ?? [], reference ?? [])).toBeCloseTo(0.06241174891521116, 12);
  });

  it("are those of what came true", () => {
    const names = ["a", "b", "c"] as const;
    let counts = noOutcomes;
    for (let row = 0; row < 300; row += 1) {
      counts = addOutcome(counts, { predicted: names[row % 3] ?? "", actual: names[(row * row) % 3] ?? "" });
    }
    const { accuracy, precision, recall, f1 } = productionMetrics(counts);
    expect({ accuracy, precision, recall, f1 }).toEqual({
      accuracy: expect.closeTo(2 / 3, 12),
      precision: expect.closeTo(2 / 3, 12),
      recall: expect.closeTo(0.5, 12),
      f1: expect.closeTo(0.5555555555555555, 12),
    });
  });
});
