import { describe, expect, it } from "vitest";
import { combine, createLaunchpad, defineModel } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";
import { newKey } from "../doors/keys.ts";

async function model(name: string, protocols?: readonly string[], sections: object = {}) {
  const launchpad = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name, version: "1.0.0", module: "m" },
      api: { name, ...(protocols && { protocols }) },
      ...sections,
    } as never,
    model: defineModel({ train: () => ({}), test: () => ({}), predict: () => ({ by: name }) }),
    host: testHost(),
  });
  await launchpad.train();
  return launchpad;
}

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  new Request(`http://h${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const rows = { instances: [{ x: 1 }] };

describe("protocols of one model among several", () => {
  it("are on for that one alone, at paths that name it", async () => {
    const host = testHost();
    const models = {
      a: await model("a", ["kserve-v1", "oip", "mlflow"]),
      b: await model("b"),
    };
    const all = combine(models, { host });
    const status = async (path: string, body: object = rows) => (await all.fetch(post(path, body))).status;
    const answer = await all.fetch(post("/v1/models/a:predict", rows));
    expect(await answer.json()).toEqual({ predictions: [{ by: "a" }] });
    expect((await all.fetch(new Request("http://h/v2/models/a/ready"))).status).toBe(200);
    expect([await status("/v1/models/b:predict"), await status("/v1/models/none:predict")]).toEqual([404, 404]);
    expect([await status("/endpoints/a/invocations"), await status("/invocations")]).toEqual([404, 404]);
    expect(host.records.map(({ message }) => message).join(" ")).toContain(
      "mlflow: paths that name no model are those of all",
    );
    await all.close();
  });

  it("come beside those that are on for all", async () => {
    const models = { a: await model("a", ["oip"]), b: await model("b") };
    const all = combine(models, { api: { protocols: ["kserve-v1"] } as never, host: testHost() });
    for (const name of ["a", "b"]) {
      expect(await (await all.fetch(post(`/v1/models/${name}:predict`, rows))).json()).toEqual({
        predictions: [{ by: name }],
      });
    }
    expect((await all.fetch(new Request("http://h/v2/models/a"))).status).toBe(200);
    expect((await all.fetch(new Request("http://h/v2/models/b"))).status).toBe(404);
    await all.close();
  });

  it("ask for the keys of all, and for their own", async () => {
    const [shared, own] = [newKey(), newKey()];
    const models = {
      a: await model("a", ["kserve-v1"]),
      b: await model("b", ["kserve-v1"], { auth: { api_keys: { own: { sha256: own.digest } } } }),
    };
    const api_keys = { some: { sha256: shared.digest, models: ["a"] } };
    const all = combine(models, { auth: { api_keys }, host: testHost() });
    const status = async (name: string, key?: string) =>
      (await all.fetch(post(`/v1/models/${name}:predict`, rows, key === undefined ? {} : { "x-api-key": key }))).status;
    expect([await status("a"), await status("a", own.key), await status("a", shared.key)]).toEqual([401, 401, 200]);
    expect([await status("b"), await status("b", shared.key)]).toEqual([401, 403]);
    await all.close();
  });

  it("are checked as in a configuration of several projects", async () => {
    const models = { a: await model("a") };
    expect(() => combine(models, { auth: { api_keys: { k: { sha256: "short" } } }, host: testHost() })).toThrow(
      /combine: auth\.api_keys\.k\.sha256: found \*\*\*, expected the SHA-256/,
    );
    expect(() => combine(models, { api: { protocol: ["oip"] } as never, host: testHost() })).toThrow(/protocol/);
  });
});
