import { beforeAll, describe, expect, it } from "vitest";
import { type Irises, irises, irisOf } from "../../../support/irises.ts";

let server: Irises;
beforeAll(async () => {
  server = await irises({ protocols: ["mlflow", "sagemaker", "kserve-v1", "vertex", "bigquery", "snowflake"] });
});

const petals = [
  { length: 1, width: 1.5 },
  { length: 4, width: 2 },
];
const predictions = petals.map(irisOf);
const lists = petals.map(({ length, width }) => [length, width]);
const answer = async (path: string, body: unknown, headers?: Record<string, string>) => {
  const response = await server.post(path, body, headers);
  return { status: response.status, json: await response.json() };
};

describe("KServe V1", () => {
  it("answers instances by name and in order", async () => {
    for (const instances of [petals, lists]) {
      expect((await answer("/v1/models/iris:predict", { instances })).json).toEqual({ predictions });
    }
    expect(await (await server.ask("/v1/models")).json()).toEqual({ models: ["iris"] });
    expect(await (await server.ask("/v1/models/iris")).json()).toEqual({ name: "iris", ready: true });
  });

  it.each([
    ["no instances", {}, 400],
    ["instances that are no list", { instances: {} }, 400],
    ["too few values", { instances: [[1]] }, 400],
    [
      "a value that is refused",
      {
        instances: [
          [1, 1],
          [-1, 1],
        ],
      },
      400,
    ],
    ["another type", { instances: [["a", 1]] }, 400],
  ])("refuses %s in its own form", async (_, body, status) => {
    const refused = await answer("/v1/models/iris:predict", body);
    expect([refused.status, Object.keys(refused.json)]).toEqual([status, ["error"]]);
  });

  it("knows no other model", async () => {
    expect((await answer("/v1/models/rose:predict", { instances: [] })).status).toBe(404);
    expect(await (await server.ask("/v1/models/rose")).json()).toEqual({ error: "There is no model rose" });
  });
});

describe("MLflow", () => {
  it.each([
    ["dataframe_split", { columns: ["width", "length"], data: petals.map(({ length, width }) => [width, length]) }],
    ["dataframe_records", petals],
    ["instances", petals],
    ["instances", lists],
    ["inputs", { length: [1, 4], width: [1.5, 2] }],
    ["inputs", lists],
  ])("answers %s", async (form, rows) => {
    expect((await answer("/invocations", { [form]: rows })).json).toEqual({ predictions });
  });

  it("takes index and names of a frame as pandas writes them", async () => {
    const split = { index: [0, 1], columns: ["length", "width"], data: lists };
    expect((await answer("/invocations", { dataframe_split: split })).json).toEqual({ predictions });
  });

  it("answers CSV, and params for all rows", async () => {
    const csv = 'width,"length"\r\n1.5,1\r\n2,"4"\r\n';
    expect((await answer("/invocations", csv, { "content-type": "text/csv; charset=utf-8" })).json).toEqual({
      predictions,
    });
    const { json } = await answer("/invocations", { instances: petals, params: { count: 7 } });
    expect(json.predictions.map(({ count }: { count: number }) => count)).toEqual([7, 7]);
  });

  it("answers as its scoring server when asked for its health", async () => {
    for (const path of ["/ping", "/health"]) {
      const response = await server.ask(path);
      expect([response.status, await response.text()]).toEqual([200, "\n"]);
    }
    expect(await (await server.ask("/version")).text()).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each([
    ["no form", {}, 400],
    ["two forms", { instances: [], inputs: [] }, 400],
    ["an unknown form", { rows: [] }, 400],
    ["a bare list", [], 400],
    ["no JSON", "{", 400],
    ["columns of different lengths", { inputs: { length: [1], width: [1, 2] } }, 400],
    ["rows of another width", { dataframe_split: { columns: ["length", "width"], data: [[1]] } }, 400],
    ["a column twice", { dataframe_split: { columns: ["length", "length"], data: [] } }, 400],
    ["records that are none", { dataframe_records: [1] }, 400],
    ["params that are none", { instances: petals, params: [] }, 400],
    ["an argument that nobody described", { instances: [{ ...petals[0], colour: 1 }] }, 400],
  ])("refuses %s in its own form", async (_, body, status) => {
    const refused = await answer("/invocations", body);
    expect([refused.status, Object.keys(refused.json), refused.json.error_code]).toEqual([
      status,
      ["error_code", "message"],
      "BAD_REQUEST",
    ]);
  });

  it.each(["text/plain", "application/json; charset=latin1", "application/json; odd=1"])("refuses %s", async (type) => {
    expect((await answer("/invocations", { instances: petals }, { "content-type": type })).status).toBe(415);
  });
});

describe("SageMaker", () => {
  it("answers one row, rows, CSV and lines at the paths of one model and of several", async () => {
    for (const path of ["/models/iris/invoke", "/endpoints/iris/invocations"]) {
      expect((await answer(path, petals[1])).json).toEqual(predictions[1]);
      expect((await answer(path, { instances: petals })).json).toEqual({ predictions });
      expect((await answer(path, petals)).json).toEqual({ predictions });
      expect((await answer(path, "1,1.5\n4,2\n", { "content-type": "text/csv" })).json).toEqual({ predictions });
      const lines = petals.map((one) => `${JSON.stringify(one)}\n`).join("");
      const response = await server.post(path, lines, { "content-type": "application/jsonlines" });
      expect(
        (await response.text())
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ).toEqual(predictions);
    }
    const alone = await irises({ protocols: ["sagemaker"] });
    expect((await alone.ask("/ping")).status).toBe(200);
    expect(await (await alone.post("/invocations", petals[0])).json()).toEqual(predictions[0]);
  });

  it("describes models, and loads and lets them go where SageMaker says that it serves several", async () => {
    expect(await (await server.ask("/models/iris")).json()).toEqual({ modelName: "iris", modelUrl: "iris" });
    expect((await server.ask("/models/rose")).status).toBe(404);
    expect((await server.post("/models", { model_name: "iris", url: "/opt/ml/models/iris" })).status).toBe(405);
    expect((await server.ask("/models/iris", { method: "DELETE" })).status).toBe(405);
    const several = await irises({ protocols: ["sagemaker"] }, { SAGEMAKER_MULTI_MODEL: "true" });
    const load = async (name: unknown) => (await several.post("/models", { model_name: name, url: "/x" })).status;
    expect(await load("iris")).toBe(409);
    expect((await several.ask("/models/iris", { method: "DELETE" })).status).toBe(200);
    expect([await load("iris"), await load("iris"), await load("rose"), await load(1)]).toEqual([200, 409, 404, 400]);
    expect(await (await several.post("/models/iris/invoke", petals[0])).json()).toEqual(predictions[0]);
  });

  it("refuses in the form of its runtime", async () => {
    const response = await server.post("/endpoints/iris/invocations", { length: -1, width: 1 });
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([400, "ValidationError"]);
    expect((await response.json()).message).toContain("length: expected at least 0");
    expect((await server.post("/endpoints/rose/invocations", {})).status).toBe(404);
  });
});

describe("Vertex AI", () => {
  it("answers at its routes, and with parameters for all instances", async () => {
    const { json } = await answer("/predict", { instances: petals, parameters: { count: 3 } });
    expect(json.predictions.map(({ count }: { count: number }) => count)).toEqual([3, 3]);
    const own = await irises({ protocols: ["vertex"] }, { AIP_HEALTH_ROUTE: "/same", AIP_PREDICT_ROUTE: "/same" });
    expect((await own.ask("/same")).status).toBe(200);
    expect(await (await own.post("/same", { instances: lists })).json()).toEqual({ predictions });
  });

  it("refuses artifacts by name, which no store here reads, and says what to do", async () => {
    const opening = irises({ protocols: ["vertex"] }, { AIP_STORAGE_URI: "gs://bucket/model" });
    await expect(opening.then(({ ask }) => ask("/health"))).rejects.toThrow(
      /AIP_STORAGE_URI: found gs:\/\/bucket\/model, expected none.*endpoint: https:\/\/storage.googleapis.com/,
    );
    const without = await irises({ protocols: ["vertex"] }, { AIP_STORAGE_URI: "" });
    expect((await without.ask("/health")).status).toBe(200);
  });

  it("refuses in the form of Google's APIs", async () => {
    const { status, json } = await answer("/predict", { instances: [[-1, 1]] });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: 400, status: "INVALID_ARGUMENT" });
  });
});

describe("warehouses", () => {
  it("answer as many rows in the same order", async () => {
    const { json } = await answer("/bigquery/iris", { requestId: "a", caller: "b", calls: lists });
    expect(json).toEqual({ replies: predictions });
    expect((await answer("/bigquery/iris", { calls: petals.map((one) => [one]) })).json).toEqual({
      replies: predictions,
    });
    const data = lists.map((values, index) => [index + 40, ...values]);
    expect((await answer("/snowflake/iris", { data })).json).toEqual({
      data: predictions.map((prediction, index) => [index + 40, prediction]),
    });
  });

  it.each([
    ["/bigquery/iris", { calls: [[1]] }, "errorMessage"],
    ["/bigquery/iris", { calls: {} }, "errorMessage"],
    ["/bigquery/iris", { calls: [7] }, "errorMessage"],
    ["/bigquery/rose", { calls: [] }, "errorMessage"],
    ["/snowflake/iris", { data: [[0, 1]] }, "error"],
    ["/snowflake/iris", { data: [["a", 1, 2]] }, "error"],
    ["/snowflake/iris", { data: [[]] }, "error"],
    ["/snowflake/iris", [], "error"],
  ])("refuse at %s: %j", async (path, body, key) => {
    const { status, json } = await answer(path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(Object.keys(json)).toEqual([key]);
  });
});

describe("rows", () => {
  it("are no more than a request may have", async () => {
    const instances = new Array(100_001).fill(lists[0]);
    expect((await answer("/v1/models/iris:predict", { instances })).status).toBe(413);
  });
});
