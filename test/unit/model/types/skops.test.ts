import { describe, expect, it } from "vitest";
import { isLaunchpadError } from "../../../../src/errors.ts";
import type { FeatureColumn, FeatureValue, FileModel } from "../../../../src/model/types/file-model.ts";
import { skops } from "../../../../src/model/types/skops/index.ts";
import { columnsOf, type Expected, expectations, fileOf } from "../../../formats/skops/corpus.ts";

const all = expectations();
const rowOf = (columns: readonly FeatureColumn[], row: number) =>
  columns.map((column) => (column[row] ?? null) as FeatureValue);

/** Relative distance; numbers of the order of rounding errors are compared with 1. */
const distance = (found: number, expected: number) => {
  if (Object.is(found, expected) || found === expected) return 0;
  if (Number.isNaN(found) && Number.isNaN(expected)) return 0;
  const far = Math.abs(found - expected) / Math.max(Math.abs(expected), 1e-3);
  return Number.isNaN(far) ? Number.POSITIVE_INFINITY : far;
};

function farthest(found: ArrayLike<number> | undefined, expected: readonly unknown[] | undefined): number {
  if (!expected) return 0;
  expect(found?.length).toBe(expected.length);
  return expected.reduce<number>(
    (max, value, at) => Math.max(max, distance(found?.[at] ?? Number.NaN, Number(value))),
    0,
  );
}

const labelsOf = (model: FileModel, labels: Int32Array | undefined) =>
  Array.from(labels ?? [], (label) => model.classes?.[label]);

function compare(model: FileModel, expected: Expected): void {
  const columns = columnsOf(expected);
  const refused = new Set(expected.raised);
  const taken = Array.from({ length: expected.rows }, (_, row) => row).filter((row) => !refused.has(row));
  const wrong = expected.raised.filter((row) => {
    try {
      model.predictRow(rowOf(columns, row));
      return true;
    } catch (error) {
      return !isLaunchpadError(error) || error.code !== "ARGUMENTS_INVALID";
    }
  });
  expect(wrong.map((row) => JSON.stringify(rowOf(columns, row)))).toEqual([]);
  const chosen = columns.map((column) => {
    const list = taken.map((row) => column[row] ?? null);
    return column instanceof Float64Array ? Float64Array.from(list, Number) : (list as FeatureValue[]);
  });
  const found = model.predictColumns(chosen, taken.length);
  const tolerance = expected.tolerance ?? 1e-12;
  expect(farthest(found.values, expected.values)).toBeLessThanOrEqual(tolerance);
  expect(farthest(found.probabilities, expected.probabilities)).toBeLessThanOrEqual(tolerance);
  if (found.scores) expect(farthest(found.scores, expected.scores)).toBeLessThanOrEqual(tolerance);
  if (expected.labels) expect(labelsOf(model, found.labels)).toEqual(expected.labels);
  // One row says what all say together.
  taken.slice(0, 20).forEach((row, at) => {
    const one = model.predictRow(rowOf(columns, row));
    expect(one.labels?.[0]).toBe(found.labels?.[at]);
    const width = (found.values?.length ?? 0) / taken.length;
    expect(Array.from(one.values ?? [])).toEqual(
      Array.from(found.values?.subarray(at * width, (at + 1) * width) ?? []),
    );
  });
}

describe("models of scikit-learn", () => {
  it.each(all.map((expected) => [expected.name, expected] as const))("%s", async (name, expected) => {
    const model = await skops.read(fileOf(name), `${name}.skops`);
    compare(model, expected);
    compare(skops.restore(structuredClone(model.contents)), expected);
  });
});

describe("contributions", () => {
  const explained = all.filter((expected) => expected.explained);

  it("are known of linear models and trees", () => {
    expect(explained.length).toBeGreaterThanOrEqual(10);
  });

  it.each(explained.map((expected) => [expected.name, expected] as const))(
    "of %s are those of shap",
    async (name, { explained, ...expected }) => {
      const model = await skops.read(fileOf(name), `${name}.skops`);
      const columns = columnsOf(expected);
      const all = (explained?.rows ?? []).map((row) => model.contributions?.(rowOf(columns, row)));
      const width = (explained?.values.length ?? 0) / all.length;
      const features = model.features.length;
      // Of two classes shap tells trees of both, and the second is what the others are the negative of.
      for (const [at, found] of all.entries()) {
        const wanted = explained?.values.slice(at * width, (at + 1) * width).map(Number) ?? [];
        expect(found?.values.length).toBe(wanted.length);
        const scale = Math.max(1, ...wanted.map(Math.abs));
        wanted.forEach((value, place) => {
          expect(Math.abs((found?.values[place] ?? Number.NaN) - value) / scale).toBeLessThan(1e-5);
        });
        explained?.baseline.forEach((value, score) => {
          expect(Math.abs((found?.baseline[score] ?? Number.NaN) - Number(value))).toBeLessThan(1e-5);
        });
        const row = rowOf(columns, explained?.rows[at] ?? 0);
        const { scores, values, probabilities } = model.predictRow(row);
        (found?.baseline ?? []).forEach((base, score) => {
          const parts = found?.values.slice(score * features, (score + 1) * features) ?? new Float64Array();
          const sum = parts.reduce((total, part) => total + part, base);
          const raw = (scores ?? values ?? probabilities)?.[score] ?? Number.NaN;
          expect(Math.abs(sum - raw) / Math.max(1, Math.abs(raw))).toBeLessThan(1e-6);
        });
      }
    },
  );
});
