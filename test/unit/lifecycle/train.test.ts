import { describe, expect, it } from "vitest";
import { defineModel, type LaunchpadError, type Model } from "../../../src/index.ts";
import { testHost } from "../../support/host.ts";
import { petals, project, sumModel } from "../../support/project.ts";

const failing = (over: Partial<Model>): Model => ({ ...(sumModel as Model), ...over });

describe("train", () => {
  it("returns the model, its metrics and its metadata", async () => {
    const { launchpad } = project(sumModel, { model: { addend: 4, note: "mine" } }, { now: Date.UTC(2026, 0, 2) });
    const { model, metrics, meta } = await launchpad.train();
    expect(model).toEqual({ sum: 4 });
    expect(metrics).toEqual({ sum: 4 });
    expect(meta).toMatchObject({
      name: "sum",
      version: "1.0.0",
      created: "2026-01-02T00:00:00.000Z",
      addend: 4,
      note: "mine",
      metrics: { sum: 4 },
      metrics_history: { "2026-01-02T00:00:00.000Z": { sum: 4 } },
      system: { runtime: "node", launchpad_version: expect.any(String) },
      contents: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      have_columns_been_ordered: false,
    });
    expect(meta).not.toHaveProperty("module");
  });

  it("hands the previous model to the next training, also in another process", async () => {
    const host = testHost();
    const first = project(sumModel, {}, host).launchpad;
    await first.train();
    await first.train();
    const { metrics } = await project(sumModel, {}, host).launchpad.train();
    expect(metrics).toEqual({ sum: 3 });
  });

  it("trains as if there were no previous model when it is told to", async () => {
    const { launchpad } = project(sumModel);
    await launchpad.train();
    expect((await launchpad.train({ fresh: true })).metrics).toEqual({ sum: 1 });
    expect((await launchpad.train({ model: { sum: 10 } })).metrics).toEqual({ sum: 11 });
  });

  it("serves the new model from then on", async () => {
    const { launchpad } = project(sumModel);
    await launchpad.train();
    expect(await launchpad.predict({ x: 1 })).toEqual({ y: 2 });
    await launchpad.train();
    expect(await launchpad.predict({ x: 1 })).toEqual({ y: 3 });
  });

  it("touches no store without persist, and serves the old model", async () => {
    const { launchpad } = project(
      sumModel,
      {},
      {
        openStorage() {
          throw new Error("the store was opened");
        },
      },
    );
    const { meta, metrics } = await launchpad.train({ persist: false });
    expect(meta).toBeUndefined();
    expect(metrics).toEqual({ sum: 1 });
  });

  it("does not test without test", async () => {
    const { launchpad } = project(failing({ test: () => expect.unreachable() }));
    expect((await launchpad.train({ test: false })).metrics).toEqual({});
  });

  it("goes on without what its codec cannot read any more, and says so", async () => {
    const model = (format: number) =>
      defineModel({
        train: ({ previous }) => ({ format, previous: previous === undefined ? "none" : "there" }),
        test: ({ previous }) => ({ previous }),
        predict: () => null,
        codec: {
          encode: ({ format, previous }) => new TextEncoder().encode(JSON.stringify({ format, previous })),
          decode(bytes) {
            const contents = JSON.parse(new TextDecoder().decode(bytes));
            if (contents.format !== format) throw new Error(`not format ${format}`);
            return contents;
          },
        },
      });
    const { host, launchpad } = project(model(1));
    await launchpad.train();
    const { launchpad: changed } = project(model(2), {}, host);
    expect((await changed.train()).metrics).toEqual({ previous: "none" });
    const warnings = host.records.filter(({ level }) => level === "warning").map(({ message }) => message);
    expect(warnings).toContainEqual(expect.stringMatching(/without the previous model .*not format 2/));
    expect((await changed.train()).metrics).toEqual({ previous: "there" });
  });

  it("tests what the codec made of the contents, so that a codec which loses something shows", async () => {
    const model = defineModel({
      train: () => ({ weight: 1.25 }),
      test: ({ weight }) => ({ weight }),
      predict: () => null,
      codec: {
        encode: ({ weight }) => Uint8Array.of(weight),
        decode: ([weight = Number.NaN]) => ({ weight }),
      },
    });
    expect((await project(model as Model).launchpad.train()).metrics).toEqual({ weight: 1 });
  });

  describe("stores nothing, and the previous model keeps serving, when", () => {
    const cases: Record<string, [Partial<Model>, Partial<LaunchpadError>]> = {
      "train throws": [
        {
          train() {
            throw new TypeError("no such petal");
          },
        },
        { code: "TRAIN_FAILED", message: expect.stringContaining("train of sum 1.0.0 threw TypeError: no such petal") },
      ],
      "test throws": [
        { test: () => Promise.reject(new Error("too bad")) },
        { code: "TEST_FAILED", message: expect.stringContaining("test of sum 1.0.0 threw too bad") },
      ],
      "test returns no metrics": [
        { test: () => 0.9 as never },
        { code: "TEST_FAILED", message: expect.stringContaining("returned a number, expected an object of metrics") },
      ],
      "test returns what JSON cannot hold": [
        { test: () => ({ plot: () => {} }) },
        { code: "TEST_FAILED", message: expect.stringContaining("plot") },
      ],
      "the codec cannot write the contents": [
        { train: () => ({ layers: [{ activation: () => 1 }] }) },
        { code: "CODEC_FAILED", message: expect.stringContaining("layers[0].activation") },
      ],
      "the codec throws": [
        {
          codec: {
            encode() {
              throw new Error("not today");
            },
            decode: () => null,
          },
        },
        { code: "CODEC_FAILED", message: expect.stringContaining("not today") },
      ],
      "the new model does not reproduce the samples": [
        { samples: [{ args: { x: 1 }, prediction: { y: 2.0000001 } }] },
        {
          code: "SAMPLES_DIFFER",
          message: expect.stringMatching(/sample 0 .*prediction\.y is 3, expected 2\.0000001/),
        },
      ],
    };
    for (const [name, [model, error]] of Object.entries(cases)) {
      it(name, async () => {
        const host = testHost();
        const before = project(sumModel, {}, host).launchpad;
        await before.train();
        const models = await before.models();
        const { launchpad } = project(failing(model), {}, host);
        await expect(launchpad.train()).rejects.toMatchObject(error);
        expect(await before.models()).toEqual(models);
        expect(await project(sumModel, {}, host).launchpad.predict({ x: 1 })).toEqual({ y: 2 });
      });
    }
  });

  it("stops waiting when its signal is aborted, and stores nothing", async () => {
    const { launchpad } = project(failing({ train: () => new Promise(() => {}) }));
    const controller = new AbortController();
    const training = launchpad.train({ signal: controller.signal });
    setTimeout(() => controller.abort(), 10);
    await expect(training).rejects.toMatchObject({ code: "ABORTED", exitCode: 1 });
    expect(await launchpad.models()).toEqual({});
  });

  it("tells every phase as it begins", async () => {
    const phases: string[] = [];
    await project(sumModel).launchpad.train({ onPhase: (phase) => phases.push(phase) });
    expect(phases).toEqual(["training", "testing", "storing"]);
  });

  it("keeps secrets out of the metadata", async () => {
    const { launchpad } = project(
      sumModel,
      {
        dbms: {
          db: { type: "sql", url: "libsql://me:hunter2@db.example", auth_token: "hunter3", password_var: "DB_PW" },
        },
      },
      { env: { DB_PW: "hunter4" } },
    );
    const text = JSON.stringify((await launchpad.train()).meta);
    expect(text).not.toMatch(/hunter/);
    expect(text).toContain("DB_PW");
  });
});

describe("report", () => {
  it("keeps values, and summaries of frames", async () => {
    const model = failing({
      train({ report }) {
        report("answer", 42);
        report("petals", petals);
        return { sum: 0 };
      },
      test(_, { report }) {
        report("while testing", [1n, new Float64Array([0.5])]);
        return {};
      },
    });
    const { meta } = await project(model).launchpad.train();
    expect(meta?.train_report).toMatchObject({
      answer: 42,
      "while testing": [1, [0.5]],
      data: {
        petals: {
          nrows: 2,
          ncols: 3,
          colnames: ["b", "a", "name"],
          dtypes: ["int64", "float64", "str"],
          description: {
            a: { count: 2, mean: 2, std: Math.SQRT1_2, min: 1.5, "25%": 1.75, "50%": 2, "75%": 2.25, max: 2.5 },
            name: { count: 2, unique: 2, top: "x", freq: 1 },
          },
        },
      },
    });
  });

  it("refuses what JSON cannot hold, by name", async () => {
    const model = failing({ train: ({ report }) => report("model", { f() {} }) });
    await expect(project(model).launchpad.train()).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringContaining('"model"'),
    });
  });

  it("does nothing when retesting", async () => {
    const { launchpad } = project(
      failing({
        test(_, { report }) {
          report("x", () => {});
          return { ok: 1 };
        },
      }),
    );
    await launchpad.train({ test: false });
    expect(await launchpad.retest()).toEqual({ ok: 1 });
  });
});
