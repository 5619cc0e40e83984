import { describe, expect, it } from "vitest";
import type { FileModel, Predictions } from "../../../src/model/types/file-model.ts";
import { lightgbm } from "../../../src/model/types/lightgbm/index.ts";
import { contributionsOf, explainedRows, farthest, farthestInRows, relativelyApart } from "../compare.ts";
import { columnsOf, corpusOf, fileOf, inPool, type Packed, rowOf, transposed, unpacked } from "../corpus.ts";

const corpus = corpusOf("lightgbm");
const explained = corpus.names.filter((name) => corpus.entry(name).contributions);

const read = async (name: string) => {
  const entry = corpus.entry(name);
  return { entry, model: await lightgbm.read(inPool(fileOf(entry)), `${name}${entry.extension}`) };
};

/** The same model with raw scores for predictions. */
const rawOf = (model: FileModel): FileModel => {
  return lightgbm.restore({ ...(model.contents as object), objective: "custom", divisor: 1 });
};

/** Predictions as the library returns them: the second class of two, else all. */
const asLibrary = (model: FileModel, predictions: Predictions): ArrayLike<number> => {
  if (predictions.values !== undefined) return predictions.values;
  const all = predictions.probabilities ?? new Float64Array(0);
  return model.objective === "binary" ? all.filter((_, i) => i % 2 === 1) : all;
};

describe("every model of LightGBM in the corpus", () => {
  it("is there: 80 models of three versions", () => {
    expect(corpus.names.length).toBeGreaterThanOrEqual(80);
    expect(new Set(corpus.names.map((name) => name.split("-")[0])).size).toBe(3);
  });

  it.each(corpus.names)("%s predicts as the library does", async (name) => {
    const { entry, model } = await read(name);
    const columns = columnsOf(corpus, entry, model.features.length);
    const length = columns[0]?.length ?? 0;
    expect(length).toBeGreaterThanOrEqual(200);
    const predictions = model.predictColumns(columns, length);
    const found = asLibrary(model, predictions);
    const expected = unpacked(entry.expected);
    expect(farthest(found, expected, relativelyApart)).toBeLessThanOrEqual(1e-12);
    if (entry.margins !== undefined) {
      const scores = rawOf(model).predictColumns(columns, length).values ?? [];
      expect(farthest(scores, unpacked(entry.margins), relativelyApart)).toBe(0);
    }
    if (predictions.labels !== undefined) {
      const classes = model.classes?.length ?? 0;
      const labelOf = (row: number): number => {
        if (classes === 2) return (expected[row] as number) > 0.5 ? 1 : 0;
        const own = Array.from(expected.slice(row * classes, (row + 1) * classes));
        const none = own.findIndex(Number.isNaN);
        return none >= 0 ? none : own.indexOf(Math.max(...own));
      };
      expect(Array.from(predictions.labels)).toEqual(Array.from(predictions.labels, (_, row) => labelOf(row)));
    }
    for (let row = 0; row < length; row++) {
      const one = asLibrary(model, model.predictRow(rowOf(columns, row)));
      expect(Array.from(one)).toEqual(Array.from({ length: one.length }, (_, i) => found[row * one.length + i]));
    }
  });

  it.each(explained)("%s explains as the library does, and its contributions are the raw score", async (name) => {
    const { entry, model } = await read(name);
    const count = model.features.length + 1;
    const rows = explainedRows(corpus, entry);
    const found = contributionsOf(model, rows);
    expect(farthestInRows(found, unpacked(entry.contributions as Packed), count)).toBeLessThanOrEqual(1e-5);
    const columns = transposed(rows, model.features.length);
    const scores = rawOf(model).predictColumns(columns, columns[0]?.length ?? 0).values ?? new Float64Array(0);
    const sums = scores.map((_, i) => found.slice(i * count, (i + 1) * count).reduce((sum, share) => sum + share, 0));
    expect(farthestInRows(sums, scores, 1)).toBeLessThanOrEqual(1e-6);
  });

  it.each(corpus.names)("%s has the gains of its features, and comes back from its contents", async (name) => {
    const { entry, model } = await read(name);
    expect(farthest(model.importances?.() ?? [], unpacked(entry.gains as Packed), relativelyApart)).toBeLessThan(1e-5);
    const columns = columnsOf(corpus, entry, model.features.length);
    const again = lightgbm.restore(structuredClone(model.contents));
    expect(again.predictColumns(columns, 200)).toEqual(model.predictColumns(columns, 200));
  });
});
