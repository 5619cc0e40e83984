import { describe, expect, it } from "vitest";
import { encode, learnFeatures } from "../../../runtimes/init/templates/tabular/features.ts";
import { fitLogistic, fitRidge, probabilities, score } from "../../../runtimes/init/templates/tabular/linear.ts";

describe("the features of the template tabular", () => {
  const rows = [
    { size: 1, heating: "gas", key: "a", day: "2024-01-01", empty: null },
    { size: 3, heating: "gas", key: "b", day: "2024-01-03", empty: null },
    { size: Number.NaN, heating: "wood", key: "c", day: null, empty: null },
    { size: 5, heating: "wood", key: "d", day: "2024-01-05", empty: null },
  ];
  const dtypes = { size: "float64", heating: "str", key: "str", day: "str", empty: "float64" } as const;
  const features = learnFeatures(rows, dtypes);

  it("are numbers, frequent texts and dates; not keys, and not what is empty", () => {
    expect(features.map(({ column, kind }) => [column, kind])).toEqual([
      ["size", "number"],
      ["heating", "category"],
      ["day", "number"],
    ]);
  });

  it("are the same whatever the order of a row, and whatever it lacks", () => {
    const encoded = encode(features, { day: "2024-01-03", heating: "wood", size: 5 });
    expect(encoded).toEqual([1, expect.closeTo(1.2247, 4), 0, 1, 0]);
    expect(encode(features, {})).toEqual([1, 0, 0, 0, 0]);
    expect(encode(features, { heating: "coal", size: null })).toEqual([1, 0, 0, 0, 0]);
  });
});

describe("the linear models of the template tabular", () => {
  it("find the weights of a plane", () => {
    const rows = Array.from({ length: 2000 }, (_, i) => [1, ((i % 40) - 20) / 10, ((i % 7) - 3) / 2]);
    const weights = fitRidge(
      rows,
      rows.map(([, x = 0, y = 0]) => 4 + 3 * x - 2 * y),
    );
    expect(weights).toEqual([expect.closeTo(4, 1), expect.closeTo(3, 1), expect.closeTo(-2, 1)]);
  });

  it("stand columns that say the same, and more columns than rows", () => {
    const weights = fitRidge(
      [
        [1, 1, 1, 0],
        [1, -1, -1, 0],
      ],
      [1, -1],
    );
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(score(weights, [1, 1, 1, 0])).toBeGreaterThan(0.5);
  });

  it("tell three classes apart, whose probabilities add up to 1", () => {
    const labels = Array.from({ length: 90 }, (_, i) => i % 3);
    const rows = labels.map((label, i) => [1, label - 1 + (i % 5) / 20, label === 1 ? 1 : -1]);
    const weights = fitLogistic(rows, labels, 3);
    for (const [i, row] of rows.entries()) {
      const likely = probabilities(weights, row);
      expect(likely.indexOf(Math.max(...likely))).toBe(labels[i]);
      expect(likely.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 10);
    }
    expect(probabilities([[1000], [0]], [1])).toEqual([1, 0]);
  });
});
