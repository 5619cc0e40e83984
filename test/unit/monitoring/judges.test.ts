import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createDriftCounter } from "../../../src/monitoring/drift/counted.ts";
import { jensenShannon, populationStability } from "../../../src/monitoring/drift/distances.ts";
import { defaultAlpha, reportDrift } from "../../../src/monitoring/drift/report.ts";
import { addOutcome, noOutcomes, productionMetrics } from "../../../src/monitoring/log/production.ts";
import { buildProfile } from "../../../src/monitoring/profile/build.ts";
import { chiSquareTail, hypergeometricTail, normalLimit } from "../../../src/monitoring/statistics/distributions.ts";

/** What make_drift_judges.py wrote: SciPy 1.17, Evidently 0.7.23 and NannyML 0.13.1. */
interface Judges {
  readonly categories: readonly {
    readonly reference: readonly number[];
    readonly current: readonly number[];
    readonly psi: { readonly evidently: number };
    readonly js: { readonly evidently: number; readonly nannyml: number; readonly scipy: number };
  }[];
  readonly numbers: readonly {
    readonly name: string;
    readonly reference: readonly number[];
    readonly current: readonly number[];
    readonly ks: { readonly nannyml: number; readonly scipy: number };
    readonly p: { readonly evidently: number; readonly scipy: number };
  }[];
}
const judges: Judges = JSON.parse(readFileSync(new URL("drift-judges.json", import.meta.url), "utf8"));

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

  it("are those of Evidently, NannyML and SciPy for the same categories", () => {
    expect(judges.categories).toHaveLength(3);
    for (const { reference, current, psi, js } of judges.categories) {
      expect(populationStability(current, reference)).toBeCloseTo(psi.evidently, 12);
      const distance = jensenShannon(current, reference);
      expect(distance).toBeCloseTo(js.evidently, 12);
      // NannyML takes logarithms to the base of 2, as SciPy was asked to.
      expect(distance / Math.sqrt(Math.LN2)).toBeCloseTo(js.nannyml, 12);
      expect(js.nannyml).toBeCloseTo(js.scipy, 12);
    }
  });

  it("are near theirs for the same numbers, of which only bins are kept, and say the same", () => {
    expect(judges.numbers).toHaveLength(3);
    for (const { name, reference, current, ks, p } of judges.numbers) {
      const profile = buildProfile({
        groups: [{ source: "s", rows: reference.map((x) => ({ x })), seen: reference.length }],
        inputs: ["x"],
        predictions: [],
      });
      const counter = createDriftCounter(profile);
      for (const x of current) counter.add({ x }, undefined);
      const found = reportDrift(profile, counter.contents()).inputs.x;
      // Between the edges of bins, the distance may be greater by what is in one of ten.
      expect(found?.ks?.value, name).toBeLessThanOrEqual(ks.scipy + 1e-12);
      expect(found?.ks?.value, name).toBeGreaterThan(ks.scipy - 0.1);
      expect(ks.nannyml, name).toBeCloseTo(ks.scipy, 12);
      const haveDrifted = [p.scipy, p.evidently].map((probability) => probability < defaultAlpha);
      expect(haveDrifted, name).toEqual([name !== "none", name !== "none"]);
      expect(found !== undefined && found.drifted.length > 0, name).toBe(name !== "none");
    }
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
