import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type ApiDefinition, createLaunchpad, defineSource, type Model, readRaml } from "../../src/index.ts";
import { testHost } from "../support/host.ts";
import { project, sumModel } from "../support/project.ts";

const get = (path: string) => new Request(`http://launchpad.test${path}`);
const post = (path: string, body: unknown) =>
  new Request(`http://launchpad.test${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const api = (version: string): ApiDefinition =>
  readRaml(
    `#%RAML 0.8\n---\ntitle: sums\nversion: ${version}\n/sums:\n  get:\n    queryParameters:\n      x: {type: number, required: true}\n`,
    { file: "sums.raml" },
  );

const create = (options: { version?: string; definition?: ApiDefinition; host?: ReturnType<typeof testHost> } = {}) =>
  createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name: "sum", version: options.version ?? "3.1.4", module: "sum_model" },
      api: { name: "sums" },
    },
    model: sumModel,
    host: options.host ?? testHost(),
    ...(options.definition ? { api: options.definition } : {}),
  });

describe("createLaunchpad", () => {
  it("serves a described API below its name and the major version of the model", async () => {
    const launchpad = create({ definition: api("v3") });
    await launchpad.train();
    const response = await launchpad.fetch(get("/sums/v3/sums?x=2.5"));
    expect([response.status, await response.json()]).toEqual([200, { y: 3.5 }]);
    expect((await launchpad.fetch(get("/sums/v3/sums?x=many"))).status).toBe(400);
    expect(await launchpad.api()).toMatchObject({ basePath: "/sums/v3", definition: { title: "sums" } });
  });

  it("takes any JSON object where nobody described the API", async () => {
    const launchpad = create();
    await launchpad.train();
    expect(await (await launchpad.fetch(post("/sums/v3/predictions", { x: 4, whatever: [1] }))).json()).toEqual({
      y: 5,
    });
  });

  it("passes null for what a request leaves out, unless the model says itself what it takes", async () => {
    const definition = readRaml(
      "#%RAML 0.8\n---\ntitle: sums\nversion: v3\n/sums:\n  get:\n    queryParameters:\n      b:\n      a: {type: number}\n      c: {default: x}\n",
      { file: "sums.raml" },
    );
    const echo = (input?: Model["input"]) =>
      createLaunchpad({
        config: {
          model_store: { location: "memory:" },
          model: { name: "sum", version: "3.1.4", module: "sum_model" },
          api: { name: "sums" },
        },
        model: { ...sumModel, predict: (_: unknown, args: object) => Object.entries(args), ...(input && { input }) },
        host: testHost(),
        api: definition,
      });
    for (const [input, expected] of [
      [
        undefined,
        [
          ["b", null],
          ["a", 1],
          ["c", "x"],
        ],
      ],
      [
        v.object({ a: v.number(), b: v.optional(v.string()), c: v.string() }),
        [
          ["a", 1],
          ["c", "x"],
        ],
      ],
    ] as const) {
      const launchpad = echo(input);
      await launchpad.train();
      expect(await (await launchpad.fetch(get("/sums/v3/sums?a=1"))).json()).toEqual(expected);
    }
  });

  it("documents the API with the version of the model, unless the configuration says no", async () => {
    const launchpad = create({ definition: api("v3") });
    const document = await (await launchpad.fetch(get("/openapi.json"))).json();
    expect(document).toMatchObject({ info: { title: "sums", version: "3.1.4" }, servers: [{ url: "./sums/v3" }] });
    const silent = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        model: { name: "sum", version: "3.1.4", module: "sum_model" },
        api: { name: "sums", docs: false },
      },
      model: sumModel,
      host: testHost(),
    });
    for (const path of ["/openapi.json", "/docs"]) {
      const response = await silent.fetch(get(path));
      expect([response.status, (await response.json()).detail]).toEqual([404, `There is nothing at ${path}`]);
    }
  });

  it("takes bodies and unknown parameters as the configuration says", async () => {
    const open = (more: object) =>
      createLaunchpad({
        config: {
          model_store: { location: "memory:" },
          model: { name: "sum", version: "3.1.4", module: "sum_model" },
          api: { name: "sums", ...more },
        },
        model: sumModel,
        host: testHost(),
        api: api("v3"),
      });
    const statusOf = async (more: object, body: object) => {
      const launchpad = open(more);
      await launchpad.train();
      return (await launchpad.fetch(post("/sums/v3/sums", body))).status;
    };
    expect(await statusOf({}, { x: 1, y: 2 })).toBe(400);
    expect(await statusOf({ unknown_parameters: "ignore" }, { x: 1, y: 2 })).toBe(200);
    expect(await statusOf({ max_body_bytes: 9 }, { x: 1 })).toBe(200);
    expect(await statusOf({ max_body_bytes: 6 }, { x: 1 })).toBe(413);
    expect(() => open({ max_body_bytes: 0 })).toThrow(
      "api.max_body_bytes: found the number 0, expected a whole number of bytes",
    );
    expect(() => open({ unknown_parameters: "ignored" })).toThrow("expected refuse or ignore. Did you mean ignore?");
  });

  it("names the resource that nobody described as the configuration says", async () => {
    const launchpad = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        model: { name: "sum", version: "3.1.4", module: "sum_model" },
        api: { name: "sums", resource: "totals" },
      },
      model: sumModel,
      host: testHost(),
    });
    await launchpad.train();
    expect((await launchpad.fetch(post("/sums/v3/totals", { x: 4 }))).status).toBe(200);
    expect((await launchpad.fetch(post("/sums/v3/predictions", { x: 4 }))).status).toBe(404);
  });

  it("tells whoever reads its description which version and path it has", async () => {
    const told: unknown[] = [];
    const launchpad = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        model: { name: "sum", version: "3.1.4", module: "sum_model" },
        api: { name: "sums" },
      },
      model: sumModel,
      host: testHost(),
      api(about) {
        told.push(about);
        return api("v3");
      },
    });
    await launchpad.api();
    expect(told).toEqual([{ version: "v3", basePath: "/sums/v3" }]);
  });

  it("refuses an API of another version than the model's", async () => {
    const launchpad = create({ definition: api("v2") });
    await expect(launchpad.ready()).rejects.toMatchObject({
      code: "API_INVALID",
      message: expect.stringMatching(/v2.*3\.1\.4.*v3/),
    });
  });

  it("has no API without the section api, and says so", async () => {
    const { launchpad } = project(sumModel);
    await launchpad.train();
    await expect(launchpad.ready()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await expect(launchpad.fetch(get("/livez"))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(await launchpad.predict({ x: 1 })).toEqual({ y: 2 });
  });

  it("is alive, but not ready, until a model was trained; then answers without a restart", async () => {
    const host = testHost();
    const serving = create({ host });
    expect((await serving.fetch(get("/livez"))).status).toBe(200);
    const waiting = await serving.fetch(get("/readyz"));
    expect([waiting.status, waiting.headers.get("content-type")]).toEqual([503, "application/problem+json"]);
    expect((await serving.fetch(post("/sums/v3/predictions", { x: 1 }))).status).toBe(503);
    await create({ host }).train();
    expect((await serving.fetch(get("/readyz"))).status).toBe(200);
    expect((await serving.fetch(post("/sums/v3/predictions", { x: 1 }))).status).toBe(200);
  });

  it("loads one model for many requests at once", async () => {
    const host = testHost();
    await create({ host }).train();
    const serving = create({ host });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, x) => serving.fetch(post("/sums/v3/predictions", { x }))),
    );
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(
      Array.from({ length: 50 }, (_, x) => ({ y: 1 + x })),
    );
    expect(host.records.filter(({ message }) => message.startsWith("loaded sum"))).toHaveLength(1);
  });

  it("reads the sources of predictions before it is ready, when preload_datasources says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "launchpad-"));
    const path = pathToFileURL(join(folder, "late.csv")).href;
    const { launchpad } = project(sumModel, {
      datasources: { late: { type: "csv", path, tags: "predict", expires: -1 } },
      api: { name: "sums", preload_datasources: true },
    });
    await launchpad.train();
    await expect(launchpad.ready()).rejects.toMatchObject({ code: "DATA_UNAVAILABLE" });
    expect((await launchpad.fetch(get("/readyz"))).status).toBe(503);
    writeFileSync(join(folder, "late.csv"), "a\n1\n");
    expect((await launchpad.fetch(get("/readyz"))).status).toBe(200);
  });

  it("takes plugins, which may replace what is built in", async () => {
    const numbers = defineSource({
      serves: ["csv", "numbers"],
      open: () => ({
        async *batches({ size }) {
          yield (await import("../../src/index.ts")).createFrame({ n: [size] });
        },
      }),
    });
    const host = testHost();
    const launchpad = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        datasources: { one: { type: "numbers" }, two: { type: "csv" } },
        model: { name: "sum", version: "1.0.0", module: "m" },
      },
      model: {
        ...(sumModel as Model),
        train: async ({ source }) => ({
          sum:
            Number((await source("one").frame()).column("n")[0]) + Number((await source("two").frame()).column("n")[0]),
        }),
      },
      host,
      plugins: [numbers],
    });
    expect((await launchpad.train()).metrics.sum).toBeGreaterThan(1);
    expect(host.records).toContainEqual(
      expect.objectContaining({
        level: "warning",
        message: expect.stringContaining("replaces the data source type csv"),
      }),
    );
  });

  it("finds everything that is wrong with the configuration at once", () => {
    const act = () =>
      createLaunchpad({
        config: {
          model_store: {},
          model: { name: "a/b", version: 1.1 },
          datasources: { x: { type: "csv", tags: "tran" } },
        },
        model: sumModel,
        host: testHost(),
      });
    for (const problem of ["location", "a/b", "quotes", "module", "tran"]) expect(act).toThrow(problem);
  });

  it("takes the location of its store from the environment, and keeps what is secret in it out of messages", async () => {
    const host = testHost({ env: { STORE: "memory:" } });
    const config = { model_store: { location_var: "STORE" }, model: { name: "sum", version: "1.0.0", module: "m" } };
    const launchpad = createLaunchpad({ config, model: sumModel, host });
    await launchpad.train();
    expect(Object.keys(await launchpad.models())).toEqual(["sum"]);
    await expect(createLaunchpad({ config, model: sumModel, host: testHost() }).train()).rejects.toMatchObject({
      code: "VARIABLE_NOT_SET",
      message: expect.stringContaining("STORE"),
    });
  });
});
