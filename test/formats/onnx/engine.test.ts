import * as runtime from "onnxruntime-web";
import { beforeAll, describe, expect, it } from "vitest";
import type { FeatureColumn } from "../../../src/model/types/file-model.ts";
import { type OnnxRuntime, openWithRuntime } from "../../../src/model/types/onnx/engine.ts";
import { onnx } from "../../../src/model/types/onnx/index.ts";
import { convertedModels } from "./corpus.ts";
import { graph, node } from "./graphs.ts";

const engine = runtime as unknown as OnnxRuntime;
const models = new Map(convertedModels().map((model) => [model.name, model]));

describe("onnxruntime-web behind a model", () => {
  beforeAll(() => {
    runtime.env.wasm.numThreads = 1;
    runtime.env.logLevel = "error";
  });

  it("runs operators that the reader has not", async () => {
    const file = graph([node("Selu", ["x"], "y")]);
    expect(() => onnx.read(file, "selu.onnx")).toThrowError(/the operator Selu/);
    const model = await openWithRuntime(engine, file, "selu.onnx");
    expect(model.features.map(({ name }) => name)).toEqual(["x0", "x1"]);
    const { values } = await model.predictColumns(
      [
        [1, 2, 3],
        [0, -1, 0],
      ],
      3,
    );
    const [first = 0, , second = 0, third = 0] = values ?? [];
    expect(first).toBeCloseTo(1.0507, 4);
    expect(second).toBeCloseTo(2.1014, 4);
    expect(third).toBeCloseTo(-1.1113, 4);
  });

  it.each(["linear", "svc", "forest-classifier", "kmeans", "mixed-logistic", "pca"])(
    "answers for %s as the reader does",
    async (name) => {
      const { file, columns, rows, labels } = models.get(name) ?? {
        file: new Uint8Array(),
        columns: [],
        rows: 0,
        labels: [],
      };
      const mine = await onnx.read(file, name);
      const theirs = await openWithRuntime(engine, file, name);
      expect(theirs).toMatchObject({ task: mine.task, outputs: mine.outputs, hasProbabilities: mine.hasProbabilities });
      expect(theirs.classes).toEqual(mine.classes);
      const found = await theirs.predictColumns(columns, rows);
      const expected = mine.predictColumns(columns, rows);
      expect(found.labels).toEqual(expected.labels);
      if (labels) expect(Array.from(found.labels ?? [], (label) => theirs.classes?.[label])).toEqual(labels);
      const numbers = expected.values ?? expected.probabilities ?? [];
      [...(found.values ?? found.probabilities ?? [])].forEach((value, at) => {
        expect(Math.abs(value - (numbers[at] ?? 0)) / Math.max(1, Math.abs(value))).toBeLessThanOrEqual(1e-6);
      });
    },
  );

  it("releases its session once, however often it is asked", async () => {
    const model = await openWithRuntime(engine, graph([node("Selu", ["x"], "y")]), "selu.onnx");
    await Promise.all([model.release(), model.release()]);
    await model.release();
    await expect(model.predictColumns([[1], [1]], 1)).rejects.toThrow();
  });

  it("refuses rows and files as the reader does", async () => {
    const linear = await openWithRuntime(engine, models.get("linear")?.file ?? new Uint8Array(), "linear.onnx");
    const columns: FeatureColumn[] = [[1], [2], ["three"], [4], [5]];
    await expect(linear.predictColumns(columns, 1)).rejects.toMatchObject({
      code: "ARGUMENTS_INVALID",
      message: expect.stringMatching(/"x2", row 0/),
    });
    await expect(openWithRuntime(engine, new Uint8Array(9), "nine.onnx")).rejects.toMatchObject({
      code: "MODEL_FILE_INVALID",
    });
    const unknown = graph([node("Mine", ["x"], "y")]);
    await expect(openWithRuntime(engine, unknown, "mine.onnx")).rejects.toMatchObject({
      code: "MODEL_FILE_UNSUPPORTED",
      message: expect.stringMatching(/^mine\.onnx: .*Mine/s),
    });
  });
});
