import { describe, expect, it } from "vitest";
import type { FileModel, Predictions } from "../../../src/model/types/file-model.ts";
import { xgboost } from "../../../src/model/types/xgboost/index.ts";
import { contributionsOf, explainedRows, farthest, farthestInRows, relativelyApart, unitsApart } from "../compare.ts";
import { columnsOf, corpusOf, fileOf, inPool, type Packed, rowOf, transposed, unpacked } from "../corpus.ts";

const corpus = corpusOf("xgboost");
const explained = corpus.names.filter((name) => corpus.entry(name).contributions);

const read = async (name: string) => {
  const entry = corpus.entry(name);
  return { entry, model: await xgboost.read(inPool(fileOf(entry)), `${name}${entry.extension}`) };
};

/** The same model with raw scores for predictions. */
const rawOf = (model: FileModel): FileModel =>
  xgboost.restore({ ...(model.contents as object), objective: "reg:squarederror", sorted: false });

/** Predictions as the library returns them: labels of a hinge or an argmax, the second class of two, else all. */
const asLibrary = (model: FileModel, predictions: Predictions): ArrayLike<number> => {
  if (predictions.values !== undefined) return predictions.values;
  if (/softmax|hinge/.test(model.objective)) return predictions.labels ?? [];
  const all = predictions.probabilities ?? new Float64Array(0);
  return model.classes?.length === 2 && model.objective.startsWith("binary:") ? all.filter((_, i) => i % 2 === 1) : all;
};

describe("every model of XGBoost in the corpus", () => {
  it("is there: 110 models of five versions", () => {
    expect(corpus.names.length).toBeGreaterThanOrEqual(110);
    expect(new Set(corpus.names.map((name) => name.split("-")[0])).size).toBe(5);
  });

  it.each(corpus.names)("%s predicts as the library does", async (name) => {
    const { entry, model } = await read(name);
    const columns = columnsOf(corpus, entry, model.features.length);
    const length = columns[0]?.length ?? 0;
    const expected = unpacked(entry.expected);
    expect(length).toBeGreaterThanOrEqual(200);
    const found = asLibrary(model, model.predictColumns(columns, length));
    expect(farthest(found, expected, unitsApart)).toBeLessThanOrEqual(1);
    const scores = rawOf(model).predictColumns(columns, length).values ?? [];
    const sorted = (model.contents as { sorted: boolean }).sorted;
    if (entry.margins !== undefined && !sorted) expect(farthest(scores, unpacked(entry.margins), unitsApart)).toBe(0);
    for (let row = 0; row < length; row++) {
      const one = asLibrary(model, model.predictRow(rowOf(columns, row)));
      const width = one.length;
      expect(Array.from(one)).toEqual(Array.from({ length: width }, (_, i) => found[row * width + i]));
    }
  });

  it.each(explained)("%s explains as the library does", async (name) => {
    const { entry, model } = await read(name);
    const rows = explainedRows(corpus, entry);
    const found = contributionsOf(model, rows);
    const expected = unpacked(entry.contributions as Packed);
    const count = model.features.length + 1;
    // The library adds up in float32: its error grows with the largest number of a row.
    expect(farthestInRows(found, expected, count)).toBeLessThanOrEqual(1e-5);
  });

  it.each(explained)("%s has contributions whose sum is the raw score", async (name) => {
    const { entry, model } = await read(name);
    const columns = transposed(explainedRows(corpus, entry), model.features.length);
    const count = model.features.length + 1;
    const scores = rawOf(model).predictColumns(columns, columns[0]?.length ?? 0).values ?? new Float64Array(0);
    const found = contributionsOf(model, explainedRows(corpus, entry));
    scores.forEach((score, i) => {
      const shares = found.slice(i * count, (i + 1) * count);
      // Scores are sums in float32, exact to the largest of what is added up.
      const scale = Math.max(1, ...shares.map(Math.abs));
      const sum = shares.reduce((total, share) => total + share, 0);
      expect(Math.abs(sum - score) / scale).toBeLessThanOrEqual(1e-6);
    });
  });

  it.each(corpus.names.filter((name) => corpus.entry(name).gains))("%s has the gains of its features", async (name) => {
    const { entry, model } = await read(name);
    expect(farthest(model.importances?.() ?? [], unpacked(entry.gains as Packed), relativelyApart)).toBeLessThan(1e-5);
  });

  it.each(corpus.names)("%s comes back from its contents", async (name) => {
    const { entry, model } = await read(name);
    const columns = columnsOf(corpus, entry, model.features.length);
    const again = xgboost.restore(structuredClone(model.contents));
    expect(again.predictColumns(columns, 200)).toEqual(model.predictColumns(columns, 200));
  });

  it.each(corpus.refused)("%s is refused by the name of what it needs", async (name) => {
    const entry = corpus.entry(name);
    expect(() => xgboost.read(fileOf(entry), "model.ubj")).toThrow(
      /^model\.ubj: .*expected names of categories in ASCII/,
    );
  });
});
