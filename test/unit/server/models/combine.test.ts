import { Validator } from "@seriousme/openapi-schema-validator";
import parsePrometheus from "parse-prometheus-text-format";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { combine, createLaunchpad, defineModel, type Launchpad, type Model } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";

const origin = "http://localhost";
type Fetch = (request: Request) => Response | Promise<Response>;
const get = async (fetch: Fetch, path: string, init?: RequestInit) => {
  const response = await fetch(new Request(origin + path, init));
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, body: isJson && text !== "" ? JSON.parse(text) : text, headers: response.headers };
};

/** A trained model that multiplies, and tells what was loaded and closed of it. */
async function factor(name: string, by: number, over: { host?: ReturnType<typeof testHost>; api?: object } = {}) {
  const host = over.host ?? testHost({ env: { TOKEN: "t0ken" } });
  const log: string[] = [];
  const gate: { wait: Promise<void> | undefined; waiting: number } = { wait: undefined, waiting: 0 };
  const model = defineModel({
    train: () => ({ by }),
    test: () => ({}),
    input: v.object({ x: v.number() }),
    output: v.object({ y: v.number() }),
    async predict(contents, { x }) {
      gate.waiting += 1;
      await gate.wait;
      gate.waiting -= 1;
      const { by: times, open } = contents as unknown as { by: number; open: boolean };
      if (!open) throw new Error("closed under a request");
      return { y: times * x };
    },
    codec: {
      encode: (contents) => new TextEncoder().encode(JSON.stringify(contents)),
      decode: (bytes) => {
        log.push(`load ${name}`);
        const contents = {
          ...(JSON.parse(new TextDecoder().decode(bytes)) as { by: number }),
          open: true,
          close() {
            contents.open = false;
            log.push(`close ${name}`);
          },
        };
        return contents;
      },
    },
  }) as unknown as Model;
  const config = {
    model_store: { location: "memory:" },
    model: { name, version: "1.0.0", module: "m" },
    api: { name, ...over.api },
  };
  await createLaunchpad({ config, model, host }).train();
  log.length = 0;
  return { launchpad: createLaunchpad({ config, model, host }), log, gate, host };
}

const predictions = (name: string, x = 3) => ({
  path: `/${name}/v1/predictions`,
  init: { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ x }) },
});
const ask = (fetch: Fetch, name: string, x = 3) => get(fetch, predictions(name, x).path, predictions(name, x).init);

describe("combine", () => {
  it("answers each model's paths by its own API, and loads it when it is first asked for", async () => {
    const [a, b] = [await factor("churn", 2), await factor("fraud", 5)];
    const all = combine({ churn: a.launchpad, fraud: b.launchpad });
    await all.ready();
    expect([a.log, b.log]).toEqual([[], []]);
    expect(await ask(all.fetch, "churn")).toMatchObject({ status: 200, body: { y: 6 } });
    expect([a.log, b.log]).toEqual([["load churn"], []]);
    expect(await ask(all.fetch, "fraud")).toMatchObject({ status: 200, body: { y: 15 } });
    // An escape that is not needed changes nothing.
    expect(await ask(all.fetch, "ch%75rn")).toMatchObject({ status: 200, body: { y: 6 } });
    expect((await ask(all.fetch, "other")).status).toBe(404);
    expect((await get(all.fetch, "/churn/v2/predictions")).status).toBe(404);
    expect((await get(all.fetch, "/churn")).status).toBe(404);
    await all.close();
    expect([a.log, b.log]).toEqual([
      ["load churn", "close churn"],
      ["load fraud", "close fraud"],
    ]);
  });

  it("shares what is said of all, each by its name", async () => {
    const [a, b] = [await factor("churn", 2), await factor("fraud", 5)];
    const all = combine({ fraud: b.launchpad, churn: a.launchpad });
    expect(await get(all.fetch, "/livez")).toMatchObject({ status: 200, body: { status: "ok" } });
    expect((await get(all.fetch, "/readyz")).body).toEqual({
      status: "ready",
      models: { churn: "idle", fraud: "idle" },
    });
    expect(await get(all.fetch, "/readyz/churn")).toMatchObject({ status: 200, body: { status: "ready" } });
    expect((await get(all.fetch, "/readyz")).body.models).toEqual({ churn: "ready", fraud: "idle" });
    expect((await get(all.fetch, "/readyz/other")).status).toBe(404);
    await ask(all.fetch, "churn");
    await ask(all.fetch, "fraud");
    await ask(all.fetch, "fraud");
    const text = (await get(all.fetch, "/metrics")).body;
    const families = parsePrometheus(text);
    const requests = families.find(({ name }) => name === "launchpad_http_requests_total");
    expect(
      requests?.metrics
        .filter(({ labels }) => labels?.model !== undefined)
        .map(({ labels, value }) => [labels?.model, labels?.route, value]),
    ).toEqual([
      ["churn", "/churn/v1/predictions", "1"],
      ["fraud", "/fraud/v1/predictions", "2"],
    ]);
    expect(text.match(/^# TYPE launchpad_http_requests_total /gm)).toHaveLength(1);
    expect(text).toContain('launchpad_models{state="ready"} 2\n');
  });

  it("describes all in one document, whose components keep apart what differs", async () => {
    const a = await factor("churn", 2);
    const host = testHost();
    const item = v.object({ price: v.number(), kind: v.optional(v.string()) });
    const other = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        model: { name: "prices", version: "2.0.0", module: "m" },
        api: { name: "prices" },
      },
      model: defineModel({
        train: () => ({}),
        test: () => ({}),
        input: v.object({ items: v.array(item) }),
        predict: () => ({}),
      }) as unknown as Model,
      host,
    });
    const all = combine({ churn: a.launchpad, prices: other });
    const { body: document, headers } = await get(all.fetch, "/openapi.json");
    expect(Object.keys(document.paths)).toEqual(["/churn/v1/predictions", "/prices/v2/predictions"]);
    const found = await new Validator().validate(structuredClone(document));
    expect(found).toMatchObject({ valid: true });
    const ids = Object.values(document.paths as Record<string, Record<string, { operationId: string; tags: string[] }>>)
      .flatMap(({ post }) => post ?? [])
      .map(({ operationId, tags }) => [operationId, tags]);
    expect(ids).toEqual([
      ["churn_postPredictions", ["churn"]],
      ["prices_postPredictions", ["prices"]],
    ]);
    const refs = JSON.stringify(document).match(/"#\/components\/[^"]+"/g) ?? [];
    expect(refs.length).toBeGreaterThan(3);
    for (const ref of refs) {
      const [, , kind = "", key = ""] = JSON.parse(ref).split("/");
      expect(document.components[kind], ref).toHaveProperty([key]);
    }
    const schemas = Object.keys(document.components.schemas);
    expect(schemas).toContain("Problem");
    const again = await get(all.fetch, "/openapi.json", { headers: { "if-none-match": headers.get("etag") ?? "" } });
    expect(again.status).toBe(304);
  });

  it("refuses two models with one path, none at all, and one without an API", async () => {
    const [a, b] = [await factor("churn", 2), await factor("churn", 3)];
    expect(() => combine({ one: a.launchpad, two: b.launchpad })).toThrow(
      "two: found the path /churn/v1, which one has already, expected another for each model. Change api.name of one of them",
    );
    expect(() => combine({})).toThrow(/found no model/);
    const bare = createLaunchpad({
      config: { model_store: { location: "memory:" }, model: { name: "x", version: "1.0.0", module: "m" } },
      model: defineModel({ train: () => ({}), test: () => ({}), predict: () => ({}) }) as unknown as Model,
      host: testHost(),
    });
    expect(() => combine({ bare })).toThrow(/bare has no API, because the section api is missing/);
    const unknown = combine({ churn: a.launchpad }, { preload: ["chrun"] });
    await expect(unknown.ready()).rejects.toThrow(/preload: found chrun, expected names of models: churn/);
  });

  it("goes on with the others when one cannot be loaded", async () => {
    const a = await factor("churn", 2);
    const untrained = createLaunchpad({
      config: {
        model_store: { location: "memory:" },
        model: { name: "new", version: "1.0.0", module: "m" },
        api: { name: "new" },
      },
      model: defineModel({ train: () => ({}), test: () => ({}), predict: () => ({}) }) as unknown as Model,
      host: testHost(),
    });
    const all = combine({ churn: a.launchpad, untrained }, { preload: true });
    await all.ready();
    expect(a.log).toEqual(["load churn"]);
    expect((await ask(all.fetch, "new")).status).toBe(503);
    expect(await get(all.fetch, "/readyz")).toMatchObject({
      status: 200,
      body: { models: { churn: "ready", untrained: "failed" } },
    });
    expect((await get(all.fetch, "/readyz/untrained")).status).toBe(503);
    expect((await get(combine({ untrained }, { preload: true }).fetch, "/readyz")).status).toBe(503);
    expect((await ask(all.fetch, "churn")).body).toEqual({ y: 6 });
  });

  it("answers in protocols by the names of models, and keeps to its limits then, too", async () => {
    const [a, b] = [await factor("churn", 2), await factor("fraud", 5)];
    const all = combine({ churn: a.launchpad, fraud: b.launchpad }, { maxLoaded: 1, api: { protocols: ["oip"] } });
    const infer = async (name: string) => {
      const inputs = [{ name: "x", shape: [2], datatype: "FP64", data: [1, 2] }];
      const headers = { "content-type": "application/json" };
      const init = { method: "POST", headers, body: JSON.stringify({ inputs }) };
      const { status, body } = await get(all.fetch, `/v2/models/${name}/infer`, init);
      return { status, data: body.outputs?.[0]?.data };
    };
    expect(await infer("churn")).toEqual({ status: 200, data: [2, 4] });
    expect(await infer("fraud")).toEqual({ status: 200, data: [5, 10] });
    expect((await get(all.fetch, "/readyz")).body.models).toEqual({ churn: "idle", fraud: "ready" });
    expect((await infer("other")).status).toBe(404);
    expect((await get(all.fetch, "/v2/models/churn")).body).toMatchObject({ name: "churn", versions: ["1.0.0"] });
  });

  it("looks for newer models of those that are loaded, when an operator asks for it", async () => {
    const [a, b] = [await factor("churn", 2), await factor("fraud", 5)];
    const all = combine({ churn: a.launchpad, fraud: b.launchpad }, { api: { admin: true, admin_token_var: "TOKEN" } });
    await ask(all.fetch, "churn");
    await factor("churn", 7, { host: a.host });
    await factor("fraud", 8, { host: b.host });
    const post = (token: string) =>
      get(all.fetch, "/admin/refresh", { method: "POST", headers: { authorization: `Bearer ${token}` } });
    expect((await post("wrong")).status).toBe(401);
    expect((await post("t0ken")).body).toEqual({ refreshed: ["churn"] });
    expect((await ask(all.fetch, "churn")).body).toEqual({ y: 21 });
    expect(b.log).toEqual([]);
    const closed = combine({ churn: a.launchpad }, { api: { admin: true, admin_token_var: "NOT_SET" } });
    await expect(closed.ready()).rejects.toMatchObject({ code: "VARIABLE_NOT_SET" });
    expect((await get(closed.fetch, "/livez")).status).toBe(503);
  });
});

describe("models that take turns in memory", () => {
  const three = async () => {
    const models = [await factor("a", 1), await factor("b", 2), await factor("c", 3)] as const;
    const launchpads = Object.fromEntries(models.map(({ launchpad }) => [launchpad.config.model.name, launchpad]));
    return { models, launchpads: launchpads as Record<string, Launchpad> };
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
  const states = async (fetch: Fetch) => (await get(fetch, "/readyz")).body.models;

  it("let go of the one that was used longest ago, and load it again when it is asked for", async () => {
    const { launchpads, models } = await three();
    const all = combine(launchpads, { maxLoaded: 2 });
    await ask(all.fetch, "a");
    await ask(all.fetch, "b");
    await ask(all.fetch, "a");
    await ask(all.fetch, "c");
    await settled();
    expect(await states(all.fetch)).toEqual({ a: "ready", b: "idle", c: "ready" });
    expect(models[1].log).toEqual(["load b", "close b"]);
    expect(await ask(all.fetch, "b", 4)).toMatchObject({ status: 200, body: { y: 8 } });
    await settled();
    expect(await states(all.fetch)).toEqual({ a: "idle", b: "ready", c: "ready" });
    expect((await get(all.fetch, "/metrics")).body).toContain("launchpad_model_unloads_total 2\n");
  });

  it("make room by the bytes of their contents, and keep one that is too large alone", async () => {
    const { launchpads, models } = await three();
    const size = (await models[0].launchpad.store.meta("a", "1.0.0"))?.contents.size ?? 0;
    const two = combine(launchpads, { maxMemory: 2 * size });
    for (const name of ["a", "b", "c"]) await ask(two.fetch, name);
    expect(await states(two.fetch)).toEqual({ a: "idle", b: "ready", c: "ready" });
    await settled();
    const { launchpads: others, models: again } = await three();
    const none = combine(others, { maxMemory: 1 });
    for (const name of ["a", "b", "b"]) expect((await ask(none.fetch, name)).status).toBe(200);
    expect(await states(none.fetch)).toEqual({ a: "idle", b: "ready", c: "idle" });
    const warnings = again[0].host.records.filter(({ message }) => message.includes("max_memory"));
    expect(warnings.map(({ message }) => message)).toEqual([
      `a has ${size} bytes of contents, expected at most 1 (max_memory): it serves alone`,
      `b has ${size} bytes of contents, expected at most 1 (max_memory): it serves alone`,
    ]);
  });

  it("do not wait for a slow one, which is let go when it has answered", async () => {
    const { launchpads, models } = await three();
    const all = combine(launchpads, { maxLoaded: 1 });
    let open: () => void = () => {};
    models[0].gate.wait = new Promise((resolve) => {
      open = resolve;
    });
    const slow = ask(all.fetch, "a");
    for (let turn = 0; turn < 100 && models[0].gate.waiting === 0; turn++) await settled();
    expect((await ask(all.fetch, "b")).body).toEqual({ y: 6 });
    expect((await ask(all.fetch, "c")).body).toEqual({ y: 9 });
    expect(models[0].log).toEqual(["load a"]);
    open();
    expect(await slow).toMatchObject({ status: 200, body: { y: 3 } });
    await settled();
    expect(models[0].log).toEqual(["load a", "close a"]);
    expect(await states(all.fetch)).toEqual({ a: "idle", b: "idle", c: "ready" });
  });

  it("lose no request of thousands while they push each other out", async () => {
    const { launchpads, models } = await three();
    const all = combine(launchpads, { maxLoaded: 1 });
    const names = ["a", "b", "c"];
    let wrong = 0;
    let unloads = 0;
    for (let round = 0; round < 100; round++) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const name = names[(index * 7 + round) % 3] ?? "";
          if (index % 5 === 0) await new Promise((resolve) => setTimeout(resolve, index % 3));
          const { status, body } = await ask(all.fetch, name, index);
          return status === 200 && body.y === index * (1 + names.indexOf(name));
        }),
      );
      wrong += answers.filter((right) => !right).length;
    }
    for (const { log } of models) unloads += log.filter((line) => line.startsWith("close")).length;
    expect(wrong).toBe(0);
    expect(unloads).toBeGreaterThan(50);
  });
});
