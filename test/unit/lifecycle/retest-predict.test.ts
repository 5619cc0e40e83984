import { minValue, number, object, pipe } from "valibot";
import { describe, expect, it } from "vitest";
import {
  createLaunchpad,
  defineModel,
  defineSink,
  type Model,
  pluginsFrom,
  type Sample,
} from "../../../src/internal.ts";
import { testHost } from "../../support/host.ts";
import { project, sumModel } from "../../support/project.ts";

describe("retest", () => {
  it("adds metrics to the history of the run that serves", async () => {
    let time = Date.UTC(2026, 0, 1);
    const { launchpad } = project(sumModel, {}, { now: () => time });
    await launchpad.train();
    time = Date.UTC(2026, 0, 8);
    expect(await launchpad.retest()).toEqual({ sum: 1 });
    const meta = (await launchpad.models()).sum?.["1.0.0"];
    expect(Object.keys(meta?.metrics_history ?? {})).toEqual(["2026-01-01T00:00:00.000Z", "2026-01-08T00:00:00.000Z"]);
  });

  it("tests contents that it is given, and stores nothing for them", async () => {
    const { launchpad } = project(sumModel);
    expect(await launchpad.retest({ model: { sum: 9 } })).toEqual({ sum: 9 });
    expect(await launchpad.models()).toEqual({});
  });

  it("leaves the store as it is without persist", async () => {
    const { launchpad } = project(sumModel);
    await launchpad.train();
    await launchpad.retest({ persist: false });
    expect(Object.keys((await launchpad.models()).sum?.["1.0.0"]?.metrics_history ?? {})).toHaveLength(1);
  });

  it("says so when nothing has been trained", async () => {
    await expect(project(sumModel).launchpad.retest()).rejects.toMatchObject({
      code: "MODEL_NOT_TRAINED",
      message: expect.stringContaining("no trained model sum 1.0.0"),
    });
  });
});

describe("predict", () => {
  /** A model that writes each of its predictions down, and what was written. */
  function writer(samples: readonly Sample[] = []) {
    const written: string[] = [];
    const plugin = defineSink({
      serves: ["diary"],
      open: () => ({ writeRaw: async (data) => void written.push(await new Response(data).text()) }),
    });
    const model = defineModel({
      train: () => 7,
      test: () => ({}),
      async predict(seven, { x }, { sink }) {
        await sink("diary").writeRaw(`${x}`);
        return seven * x;
      },
      samples,
    });
    const config = {
      model_store: { location: "memory:" },
      datasinks: { diary: { type: "diary" } },
      api: { name: "seven" },
      model: { name: "seven", version: "1.0.0", module: "seven" },
    };
    const host = testHost();
    const launchpad = createLaunchpad({
      config,
      model: model as Model,
      host,
      plugins: pluginsFrom({ plugin }, "plugin"),
    });
    return { launchpad, written };
  }

  it("writes to sinks, unless it is told not to", async () => {
    const { launchpad, written } = writer();
    await launchpad.train();
    expect(await launchpad.predict({ x: 1 }, { persist: false })).toBe(7);
    expect(written).toEqual([]);
    expect(await launchpad.predict({ x: 2 })).toBe(14);
    expect(written).toEqual(["2"]);
  });

  it("writes nothing while samples are reproduced, which nobody asked for", async () => {
    const { launchpad, written } = writer([{ args: { x: 3 }, prediction: 21 }]);
    await launchpad.train();
    await launchpad.ready();
    expect(written).toEqual([]);
  });

  it("loads the stored model once", async () => {
    const host = testHost();
    let decoded = 0;
    const model = defineModel({
      train: () => 7,
      test: () => ({}),
      predict: (seven, { x }) => seven * Number(x),
      codec: {
        encode: (seven) => Uint8Array.of(seven),
        decode([seven = 0]) {
          decoded += 1;
          return seven;
        },
      },
    });
    await project(model as Model, {}, host).launchpad.train();
    decoded = 0;
    const { launchpad } = project(model as Model, {}, host);
    expect(await Promise.all([1, 2, 3].map((x) => launchpad.predict({ x })))).toEqual([7, 14, 21]);
    expect(decoded).toBe(1);
  });

  it("checks arguments against input, with every fault at once", async () => {
    const model = defineModel({
      train: () => 0,
      test: () => ({}),
      input: object({ x: pipe(number(), minValue(0)), y: number() }),
      predict: (_, { x, y }) => x + y,
    });
    const { launchpad } = project(model as Model);
    await launchpad.train();
    expect(await launchpad.predict({ x: 1, y: 2 })).toBe(3);
    await expect(launchpad.predict({ x: -1, y: "2" })).rejects.toMatchObject({
      code: "ARGUMENTS_INVALID",
      status: 400,
      faults: [
        { in: "argument", name: "x", received: -1 },
        { in: "argument", name: "y", received: "2" },
      ],
    });
  });

  it("checks the prediction against output", async () => {
    const model = { ...sumModel, output: object({ z: number() }) } as Model;
    const { launchpad } = project(model);
    await launchpad.train();
    await expect(launchpad.predict({ x: 1 })).rejects.toMatchObject({
      code: "PREDICT_FAILED",
      message: expect.stringContaining("output schema"),
    });
  });

  it("says that predict threw, what, and where in the model", async () => {
    const model: Model = {
      ...(sumModel as Model),
      predict() {
        throw new RangeError("petals out of range");
      },
    };
    const { launchpad } = project(model);
    await launchpad.train();
    await expect(launchpad.predict({})).rejects.toMatchObject({
      code: "PREDICT_FAILED",
      message: expect.stringMatching(
        /^\[model\] predict of sum 1\.0\.0 threw RangeError: petals out of range \(.*retest-predict\.test\.ts:\d+:\d+\)$/,
      ),
    });
  });

  it("shares nothing between two launchpads in one process", async () => {
    const one = project(sumModel, { model: { addend: 1 } }).launchpad;
    const two = project(sumModel, { model: { addend: 100 } }).launchpad;
    await Promise.all([one.train(), two.train()]);
    expect(await Promise.all([one.predict({ x: 0 }), two.predict({ x: 0 })])).toEqual([{ y: 1 }, { y: 100 }]);
  });

  it("is ready only when the samples of the loaded model are reproduced", async () => {
    const host = testHost();
    await project(sumModel, {}, host).launchpad.train();
    const samples = [{ args: { x: 1 }, prediction: { y: 2 + 1e-12 } }];
    await project({ ...sumModel, samples } as Model, { api: { name: "sum" } }, host).launchpad.ready();
    const wrong = [{ args: { x: 1 }, prediction: { y: 2.1 } }];
    const { launchpad } = project({ ...sumModel, samples: wrong } as Model, { api: { name: "sum" } }, host);
    await expect(launchpad.ready()).rejects.toMatchObject({ code: "SAMPLES_DIFFER" });
    expect((await launchpad.fetch(new Request("http://x/readyz"))).status).toBe(503);
  });
});
