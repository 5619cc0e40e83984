import { number, object } from "valibot";
import { describe, expect, it } from "vitest";
import { readOpenApi } from "../../../src/api/read/openapi.ts";
import { type Args, createLaunchpad, defineModel, defineSink, type Model, pluginsFrom } from "../../../src/internal.ts";
import { testHost } from "../../support/host.ts";
import { project } from "../../support/project.ts";

/** A model that doubles `x`, and how it was asked. */
function doubling(rest: { [K in keyof Model]?: Model[K] | undefined } = {}) {
  const asked: string[] = [];
  const double = ({ x }: Args) => {
    if (x < 0) throw new Error(`${x} is negative`);
    return { twice: x * 2 };
  };
  const model = defineModel({
    train: () => ({}),
    test: () => ({}),
    predict(_model, args: Args) {
      asked.push("predict");
      return double(args);
    },
    predictBatch(_model, rows: readonly Args[]) {
      asked.push(`predictBatch of ${rows.length}`);
      return rows.map(double);
    },
    ...(rest as object),
  });
  return { model, asked };
}

describe("predictions of rows", () => {
  it("are as many as there are rows, in their order, made together", async () => {
    const { model, asked } = doubling();
    const { launchpad } = project(model);
    await launchpad.train();
    const rows = Array.from({ length: 1000 }, (_, x) => ({ x }));
    expect(await launchpad.predictBatch(rows)).toEqual(rows.map(({ x }) => ({ prediction: { twice: x * 2 } })));
    expect(asked).toEqual(["predictBatch of 1000"]);
  });

  it("fail one by one where they cannot be made together", async () => {
    const { model, asked } = doubling();
    const { launchpad } = project(model);
    await launchpad.train();
    const [first, second, third] = await launchpad.predictBatch([{ x: 1 }, { x: -1 }, { x: 3 }]);
    expect([first, third]).toEqual([{ prediction: { twice: 2 } }, { prediction: { twice: 6 } }]);
    expect(second?.error).toMatchObject({ code: "PREDICT_FAILED", message: expect.stringContaining("-1 is negative") });
    expect(asked).toEqual(["predictBatch of 3", "predict", "predict", "predict"]);
  });

  it("are made one by one, several at a time, where a model has no predictBatch", async () => {
    let most = 0;
    let now = 0;
    const { model } = doubling({
      predictBatch: undefined,
      async predict(_model, { x }) {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 1));
        now -= 1;
        return x;
      },
    });
    const { launchpad } = project(model);
    await launchpad.train();
    const rows = Array.from({ length: 200 }, (_, x) => ({ x }));
    expect(await launchpad.predictBatch(rows)).toEqual(rows.map(({ x }) => ({ prediction: x })));
    expect(most).toBe(64);
  });

  it("are none at all where the model returns another number of them", async () => {
    for (const wrong of [[], [1], [1, 2, 3], "12", undefined]) {
      const { model, asked } = doubling({ predictBatch: () => wrong as unknown[] });
      const { launchpad } = project(model);
      await launchpad.train();
      await expect(launchpad.predictBatch([{ x: 1 }, { x: 2 }])).rejects.toMatchObject({
        code: "PREDICT_FAILED",
        message: expect.stringContaining("expected a list of 2 predictions"),
      });
      expect(asked).toEqual([]);
    }
  });

  it("leave out rows that do not fit the model's input", async () => {
    const { model, asked } = doubling({ input: object({ x: number() }) });
    const { launchpad } = project(model);
    await launchpad.train();
    const [first, second, third] = await launchpad.predictBatch([{ x: 1 }, { x: "2" }, { x: 3 }]);
    expect([first, third]).toEqual([{ prediction: { twice: 2 } }, { prediction: { twice: 6 } }]);
    expect(second?.error).toMatchObject({ code: "ARGUMENTS_INVALID", faults: [{ name: "x" }] });
    expect(asked).toEqual(["predictBatch of 2"]);
  });

  it("check each prediction by the model's output", async () => {
    const { model } = doubling({
      output: object({ twice: number() }),
      predictBatch: (_model, rows) => rows.map(({ x }) => ({ twice: x === 2 ? "4" : x })),
    });
    const { launchpad } = project(model);
    await launchpad.train();
    const [first, second] = await launchpad.predictBatch([{ x: 1 }, { x: 2 }]);
    expect(first).toEqual({ prediction: { twice: 1 } });
    expect(second?.error).toMatchObject({ code: "PREDICT_FAILED" });
  });

  it("write nothing twice", async () => {
    const written: string[] = [];
    const diary = defineSink({
      serves: ["diary"],
      open: () => ({ writeRaw: async (data) => void written.push(await new Response(data).text()) }),
    });
    const { model } = doubling({
      async predictBatch(_model, rows, { sink }) {
        await sink("diary").writeRaw(`${rows.length} rows`);
        throw new Error("after it was written");
      },
    });
    const launchpad = createLaunchpad({
      config: {
        model: { name: "twice", version: "1.0.0", module: "twice" },
        model_store: { location: "memory:" },
        datasinks: { diary: { type: "diary", tags: ["predict"] } },
      },
      model,
      host: testHost(),
      plugins: pluginsFrom({ diary }, "diary"),
    });
    await launchpad.train();
    await expect(launchpad.predictBatch([{ x: 1 }, { x: 2 }])).rejects.toMatchObject({ code: "PREDICT_FAILED" });
    expect(written).toEqual(["2 rows"]);
  });

  it("write what a batch wrote once all results can be answers, and else what each row writes by itself", async () => {
    const written: string[] = [];
    const diary = defineSink({
      serves: ["diary"],
      open: () => ({ writeRaw: async (data) => void written.push(await new Response(data).text()) }),
    });
    const { model } = doubling({
      output: object({ twice: number() }),
      async predictBatch(_model, rows, { sink }) {
        await sink("diary").writeRaw(`${rows.length} rows`);
        if (rows.some(({ x }) => x === 9)) throw new Error("after it was written");
        return rows.map(({ x }) => ({ twice: x === 2 ? "four" : x * 2 }));
      },
      async predict(_model, { x }, { sink }) {
        await sink("diary").writeRaw(`row of ${x}`);
        return { twice: x === 2 ? "four" : x * 2 };
      },
    });
    const launchpad = createLaunchpad({
      config: {
        model: { name: "twice", version: "1.0.0", module: "twice" },
        model_store: { location: "memory:" },
        datasinks: { diary: { type: "diary", tags: ["predict"] } },
      },
      model: { ...model, input: object({ x: number() }) },
      host: testHost(),
      plugins: pluginsFrom({ diary }, "diary"),
    });
    await launchpad.train();
    await launchpad.predictBatch([{ x: 1 }, { x: 3 }]);
    expect(written.splice(0)).toEqual(["2 rows"]);
    const [first, second] = await launchpad.predictBatch([{ x: 1 }, { x: 2 }]);
    expect([first?.prediction, second?.error]).toMatchObject([{ twice: 2 }, { code: "PREDICT_FAILED" }]);
    expect(written.splice(0)).toEqual(["row of 1"]);
    expect((await launchpad.predictBatch([{ x: 9 }, { x: 1 }])).map(({ prediction }) => prediction)).toEqual([
      { twice: 18 },
      { twice: 2 },
    ]);
    expect(written.splice(0).sort()).toEqual(["row of 1", "row of 9"]);
  });

  it("write nothing for rows whose results the file of the API does not describe", async () => {
    const written: string[] = [];
    const diary = defineSink({
      serves: ["diary"],
      open: () => ({ writeRaw: async (data) => void written.push(await new Response(data).text()) }),
    });
    const { model } = doubling({
      async predictBatch(_model, rows, { sink }) {
        await sink("diary").writeRaw(`${rows.length} rows`);
        return rows.map(({ x }) => ({ twice: x === 2 ? "four" : x * 2 }));
      },
      async predict(_model, { x }, { sink }) {
        await sink("diary").writeRaw(`row of ${x}`);
        return { twice: x === 2 ? "four" : x * 2 };
      },
    });
    const api = `openapi: 3.1.0
info: { title: twice, version: 1.0.0 }
paths:
  /twice:
    get:
      parameters: [{ name: x, in: query, required: true, schema: { type: number } }]
      responses:
        "200":
          description: twice as much
          content: { application/json: { schema: { type: object, properties: { twice: { type: number } } } } }
`;
    const launchpad = createLaunchpad({
      config: {
        model: { name: "twice", version: "1.0.0", module: "twice" },
        model_store: { location: "memory:" },
        datasinks: { diary: { type: "diary", tags: ["predict"] } },
        api: { name: "twice", protocols: ["kserve-v1"] },
      },
      model,
      host: testHost(),
      api: await readOpenApi(api, { file: "./api.yaml" }),
      plugins: pluginsFrom({ diary }, "diary"),
    });
    await launchpad.train();
    written.length = 0;
    const ask = async (instances: object[]) => {
      const body = JSON.stringify({ instances });
      const headers = { "content-type": "application/json" };
      const asked = new Request("http://x/v1/models/twice:predict", { method: "POST", body, headers });
      return launchpad.fetch(asked);
    };
    const answer = await ask([{ x: 1 }, { x: 3 }]);
    expect(await answer.json()).toEqual({ predictions: [{ twice: 2 }, { twice: 6 }] });
    expect(written.splice(0)).toEqual(["2 rows"]);
    expect((await ask([{ x: 1 }, { x: 2 }])).status).toBe(500);
    expect(written.splice(0)).toEqual(["row of 1"]);
    await launchpad.close();
  });

  it("end when nobody waits any more", async () => {
    const { model } = doubling();
    const { launchpad } = project(model);
    await launchpad.train();
    const gone = AbortSignal.abort();
    const rows = [{ x: 1 }, { x: 2 }];
    await expect(launchpad.predictBatch(rows, { signal: gone })).rejects.toMatchObject({ code: "ABORTED" });
  });
});
