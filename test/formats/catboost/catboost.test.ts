import { describe, expect, it } from "vitest";
import { catboost } from "../../../src/model/types/catboost/index.ts";
import type { FileModel, Predictions } from "../../../src/model/types/file-model.ts";
import { contributionsOf, explainedRows, farthest, farthestInRows, relativelyApart } from "../compare.ts";
import { columnsOf, corpusOf, fileOf, inPool, type Packed, rowOf, transposed, unpacked } from "../corpus.ts";

const corpus = corpusOf("catboost");
const explained = corpus.names.filter((name) => corpus.entry(name).contributions);

const read = async (name: string) => {
  const entry = corpus.entry(name);
  return { entry, model: await catboost.read(inPool(fileOf(entry)), `${name}${entry.extension}`) };
};

/** The same model with raw scores for predictions. */
const rawOf = (model: FileModel): FileModel =>
  catboost.restore({ ...(model.contents as object), objective: "MultiRMSE", classes: null });

const asLibrary = (predictions: Predictions): ArrayLike<number> =>
  predictions.values ?? predictions.probabilities ?? [];

describe("every model of CatBoost in the corpus", () => {
  it("is there: 80 models of two versions", () => {
    expect(corpus.names.length).toBeGreaterThanOrEqual(80);
    expect(new Set(corpus.names.map((name) => name.split("-")[0])).size).toBe(2);
  });

  it.each(corpus.names)("%s predicts as the library does", async (name) => {
    const { entry, model } = await read(name);
    const columns = columnsOf(corpus, entry, model.features.length);
    const length = columns[0]?.length ?? 0;
    expect(length).toBeGreaterThanOrEqual(200);
    const predictions = model.predictColumns(columns, length);
    const found = asLibrary(predictions);
    expect(farthest(found, unpacked(entry.expected), relativelyApart)).toBeLessThanOrEqual(1e-12);
    const scores = rawOf(model).predictColumns(columns, length).values ?? [];
    expect(farthest(scores, unpacked(entry.margins as Packed), relativelyApart)).toBeLessThanOrEqual(1e-12);
    if (predictions.labels !== undefined) {
      expect(Array.from(predictions.labels)).toEqual(Array.from(unpacked(entry.labels as Packed)));
    }
    for (let row = 0; row < length; row++) {
      const one = asLibrary(model.predictRow(rowOf(columns, row)));
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

  it.each(corpus.names)("%s comes back from its contents", async (name) => {
    const { entry, model } = await read(name);
    const columns = columnsOf(corpus, entry, model.features.length);
    const again = catboost.restore(structuredClone(model.contents));
    expect(again.predictColumns(columns, 200)).toEqual(model.predictColumns(columns, 200));
  });

  it.each(corpus.refused)("%s is refused by the name of what it needs", (name) => {
    const entry = corpus.entry(name);
    const message = name.endsWith("ctr") ? /found CTR tables/ : /expected the text of the category/;
    expect(() => catboost.read(fileOf(entry), "model.json")).toThrow(message);
  });
});
