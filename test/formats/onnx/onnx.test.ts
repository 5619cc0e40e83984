import { describe, expect, it } from "vitest";
import type { FeatureColumn, FeatureValue, FileModel } from "../../../src/model/types/file-model.ts";
import { onnx } from "../../../src/model/types/onnx/index.ts";
import { type Converted, convertedModels } from "./corpus.ts";

const models = convertedModels();

/** Relative to the number, or to 1 where that is larger. */
const apart = (found: number, expected: number): number => {
  if (Object.is(found, expected) || found === expected) return 0;
  if (Number.isNaN(found) && Number.isNaN(expected)) return 0;
  const distance = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
  return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
};

const isMissing = (value: FeatureValue | undefined) => typeof value === "number" && Number.isNaN(value);

/** Rows whose missing values the model takes. */
function takenRows(model: FileModel, { columns, rows }: Converted): number[] {
  return Array.from({ length: rows }, (_, row) => row).filter((row) =>
    columns.every((column, at) => !isMissing(column[row]) || model.features[at]?.missing),
  );
}

const rowOf = (columns: readonly FeatureColumn[], row: number): FeatureValue[] =>
  columns.map((column) => column[row] ?? null);

/** Compares a model with onnxruntime, and returns the largest distance. */
function compare(model: FileModel, converted: Converted): number {
  const { columns, labels, width, numbers } = converted;
  const rows = takenRows(model, converted);
  const chosen = columns.map((column): FeatureColumn => rows.map((row) => column[row] ?? null));
  const found = model.predictColumns(chosen, rows.length);
  if (labels && model.classes === undefined) {
    expect([...(found.values ?? [])]).toEqual(rows.map((row) => labels[row]));
    return 0;
  }
  if (labels) {
    const classes = Array.from(found.labels ?? [], (label) => model.classes?.[label]);
    expect(classes).toEqual(rows.map((row) => labels[row]));
  }
  const given = found.values ?? found.probabilities;
  if (given === undefined) return 0;
  expect(given.length).toBe(rows.length * width);
  let farthest = 0;
  rows.forEach((row, at) => {
    for (let each = 0; each < width; each += 1) {
      farthest = Math.max(farthest, apart(given[at * width + each] ?? 0, numbers[row * width + each] ?? 0));
    }
  });
  // One row says what all say together.
  for (const row of [0, 7, rows.length - 1]) {
    const one = model.predictRow(rowOf(chosen, row));
    expect(one.labels?.[0]).toBe(found.labels?.[row]);
    expect([...(one.values ?? one.probabilities ?? [])]).toEqual([...given.subarray(row * width, (row + 1) * width)]);
  }
  return farthest;
}

describe("models that converters wrote", () => {
  it("are many", () => {
    expect(models.length).toBeGreaterThanOrEqual(110);
    expect(models.every(({ rows }) => rows >= 200)).toBe(true);
  });

  it.each(models.map((model) => [model.name, model] as const))(
    "%s answers as onnxruntime does",
    async (name, converted) => {
      const model = await onnx.read(converted.file, name);
      expect(onnx.recognizes(converted.file)).toBe(true);
      const distance = compare(model, converted);
      // Where logarithms of densities are large, onnxruntime differs from itself by more, alone or in a batch.
      if (name === "gaussian-nb") expect(distance).toBeLessThanOrEqual(Math.max(1e-6, converted.noise));
      else expect(distance).toBeLessThanOrEqual(1e-6);
      expect(compare(onnx.restore(structuredClone(model.contents)), converted)).toBe(distance);
      // Converters of forests lose where missing values go, so these models take none.
      const loses = name === "forest-missing";
      if (converted.missing) expect(takenRows(model, converted).length === converted.rows).toBe(!loses);
    },
  );

  const tasks = (task: string) =>
    Promise.all(models.map(({ name, file }) => onnx.read(file, name))).then((all) =>
      all.filter((each) => each.task === task),
    );

  it("are told apart by what they do", async () => {
    const counts = await Promise.all(
      ["regression", "classification", "clustering", "outliers", "transform"].map(
        async (task) => (await tasks(task)).length,
      ),
    );
    expect(counts.every((count) => count > 0)).toBe(true);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(models.length);
  });

  it("have features of their columns", async () => {
    const mixed = models.find(({ name }) => name === "mixed-strict");
    const model = await onnx.read(mixed?.file ?? new Uint8Array(), "mixed.onnx");
    expect(model.features.map(({ name, kind }) => [name, kind])).toEqual([
      ["age", "number"],
      ["income", "number"],
      ["count", "number"],
      ["colour", "category"],
      ["size", "category"],
    ]);
    expect(model.features[3]?.categories).toEqual(["blue", "green", "red"]);
    const matrix = await onnx.read(
      models.find(({ name }) => name === "linear")?.file ?? new Uint8Array(),
      "linear.onnx",
    );
    expect(matrix.features.map(({ name }) => name)).toEqual(["x0", "x1", "x2", "x3", "x4"]);
  });

  it("know which of their answers are probabilities", async () => {
    const named = new Map(
      await Promise.all(models.map(async ({ name, file }) => [name, await onnx.read(file, name)] as const)),
    );
    expect(named.get("logistic")?.hasProbabilities).toBe(true);
    expect(named.get("logistic-texts")).toMatchObject({ hasProbabilities: true, classes: ["high", "low", "mid"] });
    expect(named.get("logistic-zipmap")?.classes).toEqual([-2, 7]);
    expect(named.get("logistic-raw")?.hasProbabilities).toBe(false);
    expect(named.get("svc")?.hasProbabilities).toBe(false);
  });
});

describe("rows that a model cannot take", () => {
  const read = async (wanted: string) =>
    onnx.read(models.find(({ name }) => name === wanted)?.file ?? new Uint8Array(), wanted);

  it.each([
    ["linear", [1, "two", 3, 4, 5], /"x1", row 0: expected a number, found "two"/],
    ["linear", [1, 2, null, 4, 5], /"x2", row 0: expected a number, found nothing/],
    ["linear", [1, 2, 3, Number.NaN, 5], /"x3", row 0: expected a number, found NaN, which is missing/],
    ["linear", [1, 2, 3, 4, true], /"x4", row 0: expected a number, found true/],
    ["linear", [1, 2, 3, 4], /expected 5 columns, found 4/],
    ["mixed-strict", [1, 2, 2.5, "red", "S"], /"count", row 0: expected a whole number of int64, found 2.5/],
    ["mixed-strict", [1, 2, 2, 3, "S"], /"colour", row 0: expected a text, found 3/],
    ["mixed-strict", [1, 2, 2, "mauve", "S"], /OneHotEncoder.*expected one of the 3 categories, found "mauve"/],
  ] as const)("%s: %j", async (name, row, message) => {
    const model = await read(name);
    expect(() => model.predictRow([...row])).toThrowError(
      expect.objectContaining({ code: "ARGUMENTS_INVALID", message: expect.stringMatching(message) }),
    );
  });

  it("names the row", async () => {
    const model = await read("linear");
    const columns: FeatureColumn[] = [
      [1, 1],
      [1, 1],
      [1, "x"],
      [1, 1],
      [1, 1],
    ];
    expect(() => model.predictColumns(columns, 2)).toThrowError(/"x2", row 1/);
  });
});
