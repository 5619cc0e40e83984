import { describe, expect, it } from "vitest";
import { predictions, served } from "../../../support/served.ts";
import { newKey } from "./keys.ts";

const alice = newKey();
const shop = newKey();
const ops = newKey();

const auth = {
  api_keys: {
    alice: alice.digest,
    shop: { sha256: shop.digest, models: ["other"] },
    ops: { sha256: ops.digest, routes: ["/metrics", "/docs*"] },
  },
};

describe("an API with keys", () => {
  it("answers whoever has one, in either header, and nobody else", async () => {
    const { ask, predict } = await served({}, undefined, { sections: { auth } });
    expect((await predict({}, { "x-api-key": alice.key })).status).toBe(200);
    expect((await predict({}, { authorization: `Bearer ${alice.key}` })).status).toBe(200);
    const refused = await predict();
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe('Bearer realm="iris"');
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(await refused.json()).toMatchObject({ code: "UNAUTHORIZED", title: "Unauthorized", status: 401 });
    const wrong = [
      { "x-api-key": newKey().key },
      { "x-api-key": alice.digest },
      { "x-api-key": alice.key.slice(0, -1) },
      { "x-api-key": `${alice.key} ${alice.key}` },
      { "x-api-key": "x".repeat(100_000) },
      { authorization: alice.key },
      { authorization: `Basic ${btoa(`a:${alice.key}`)}` },
      { authorization: `Bearer ${alice.key}, Bearer ${alice.key}` },
      { authorization: "Bearer" },
      { "x-api-key": "wrong", authorization: `Bearer ${alice.key}` },
    ];
    for (const headers of wrong) {
      const response = await predict({}, headers as Record<string, string>);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
      expect(await response.text()).not.toContain(alice.key.slice(0, 20));
    }
    expect((await ask("/livez")).status).toBe(200);
    expect((await ask("/readyz")).status).toBe(200);
  });

  it("tells no cache to keep what a key opened", async () => {
    const { ask } = await served({}, undefined, { sections: { auth } });
    for (const path of ["/openapi.json", "/metrics"]) {
      const { headers, status } = await ask(path, { headers: { "x-api-key": alice.key } });
      expect([path, status, headers.get("cache-control")]).toEqual([path, 200, "no-store"]);
    }
  });

  it("limits keys to models and paths", async () => {
    const { ask, predict } = await served({}, undefined, { sections: { auth } });
    const response = await predict({}, { "x-api-key": shop.key });
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
    expect(await response.json()).toMatchObject({ code: "FORBIDDEN", status: 403 });
    const as = { headers: { "x-api-key": ops.key } };
    expect((await ask("/metrics", as)).status).toBe(200);
    expect((await ask("/docs/page.css", as)).status).not.toBe(403);
    expect((await ask(predictions, as)).status).toBe(403);
    expect((await ask("/openapi.json", as)).status).toBe(403);
  });

  it("opens to everybody what auth.public says: the page with its files and its document", async () => {
    const open = { ...auth, public: ["/livez", "/docs"] };
    const { ask } = await served({}, undefined, { sections: { auth: open } });
    expect((await ask("/livez")).status).toBe(200);
    expect((await ask("/readyz")).status).toBe(401);
    const { security, components, paths } = await (await ask("/openapi.json")).json();
    expect(security).toEqual([{ apiKey: [] }, { bearer: [] }]);
    expect(Object.keys(components.securitySchemes)).toEqual(["apiKey", "bearer"]);
    expect(Object.keys(paths["/predictions"].post.responses)).toEqual(expect.arrayContaining(["401", "403"]));
  });

  it("reads digests from variables, by name or all of them", async () => {
    const env = {
      ALICE: alice.digest.replace("sha256:", "").toUpperCase(),
      ALL: `a=${alice.digest}\nops:${ops.digest}`,
    };
    const one = await served({}, undefined, { env, sections: { auth: { api_keys: { alice_var: "ALICE" } } } });
    expect((await one.predict({}, { "x-api-key": alice.key })).status).toBe(200);
    const all = await served({}, undefined, { env, sections: { auth: { api_keys_var: "ALL" } } });
    expect((await all.predict({}, { "x-api-key": alice.key })).status).toBe(200);
    expect((await all.predict({}, { "x-api-key": ops.key })).status).toBe(200);
    expect((await all.predict()).status).toBe(401);
  });

  it("does not open with a key where a digest belongs, and does not repeat it", async () => {
    const key = newKey().key;
    for (const [sections, env] of [
      [{ auth: { api_keys: { bob: key } } }, {}],
      [{ auth: { api_keys: { bob: { sha256: key } } } }, {}],
      [{ auth: { api_keys: { bob_var: "BOB" } } }, { BOB: key }],
      [{ auth: { api_keys_var: "ALL" } }, { ALL: `bob=${key}` }],
      [{ auth: { api_keys_var: "ALL" } }, { ALL: key }],
    ] as const) {
      const error = await served({}, undefined, { sections, env })
        .then(({ launchpad }) => launchpad.ready())
        .then(
          () => undefined,
          (it) => it,
        );
      expect(error).toMatchObject({ code: "CONFIG_INVALID" });
      expect(error.message).toContain("SHA-256");
      expect(error.message).not.toContain(key.slice(3));
    }
  });

  it("names the caller in the access log, and the key nowhere", async () => {
    const { host, predict } = await served({ access_log: true }, undefined, { sections: { auth } });
    await predict({}, { "x-api-key": alice.key });
    const line = host.records.find(({ name }) => name === "launchpad.access");
    expect(line?.properties).toMatchObject({ caller: "alice", status: 200 });
    expect(JSON.stringify(host.records)).not.toContain(alice.key);
    expect(JSON.stringify(host.records)).not.toContain(alice.digest.slice(7));
  });

  it("keeps digests out of the metadata of a model", async () => {
    const { launchpad } = await served({}, undefined, { sections: { auth } });
    expect(JSON.stringify(await launchpad.models())).not.toContain(alice.digest.slice(7));
  });

  it("lets a preflight of a browser pass, and pages read why they may not come in", async () => {
    const { ask } = await served({ cors: ["https://app.example"] }, undefined, { sections: { auth } });
    const origin = "https://app.example";
    const preflight = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-api-key",
    };
    const asked = await ask(predictions, { method: "OPTIONS", headers: preflight });
    expect([asked.status, asked.headers.get("access-control-allow-headers")]).toEqual([204, "x-api-key"]);
    const refused = await ask(predictions, { headers: { origin } });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, origin]);
    expect((await ask(predictions, { method: "OPTIONS" })).status).toBe(401);
  });

  it("asks for the tokens of operators as well as before, and for nothing else there", async () => {
    const env = { METRICS: "of-metrics", ADMIN: "of-admin" };
    const { ask } = await served(
      { metrics: { token_var: "METRICS" }, admin: true, admin_token_var: "ADMIN" },
      undefined,
      { env, sections: { auth } },
    );
    const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    expect((await ask("/metrics", bearing("of-metrics"))).status).toBe(200);
    expect((await ask("/metrics", bearing(alice.key))).status).toBe(401);
    expect((await ask("/admin/refresh", { method: "POST", ...bearing("of-admin") })).status).toBe(200);
    expect((await ask("/admin/refresh", { method: "POST", ...bearing(alice.key) })).status).toBe(401);
  });
});

describe("a configuration of doors", () => {
  const invalid = async (sections: object, api = {}) =>
    served(api, undefined, { sections, train: false }).then(
      () => "",
      (error) => String(error.message),
    );

  it("is refused where a door would stay open", async () => {
    expect(await invalid({ auth: {} })).toContain("auth: found none of api_keys, jwt, mtls or proxy");
    expect(await invalid({ auth: { keys: { a: alice.digest } } })).toContain("auth.keys: found an unknown key");
    expect(await invalid({}, { auth })).toContain("api.auth: found it below api, expected auth at the top level");
    expect(await invalid({}, { limits: {} })).toContain("api.limits: found it below api");
    expect(await invalid({ auth: { proxy: { header: "x-user" } } })).toContain("auth.proxy: found no addresses");
    expect(await invalid({ limits: { by_keys: "1/s" } })).toContain("limits.by_keys: found an unknown key");
    expect(await invalid({ limits: { by_key: "many" } })).toContain("expected a number of requests in a time");
    expect(await invalid({ auth: { jwt: { issuer: "a", audience: "b", jwks: "http://far.example/k" } } })).toContain(
      "https:",
    );
    expect(await invalid({ auth: { jwt: { issuer: "a", jwks: "https://far.example/k" } } })).toContain("audience");
    expect(
      await invalid({
        auth: { jwt: { issuer: "a", audience: "b", jwks: "https://far.example/k", algorithms: ["HS256"] } },
      }),
    ).toContain("a list of RS256");
    expect(await invalid({}, { trusted_proxies: ["10.0.0.0/33"] })).toContain("a list of addresses and networks");
  });
});
