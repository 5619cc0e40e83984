import { afterAll, describe, expect, it } from "vitest";
import { combine, createLaunchpad, defineModel, type Launchpad } from "../../../../src/index.ts";
import { protocols } from "../../../../src/server/protocols/table.ts";
import { testHost } from "../../../support/host.ts";
import { newKey } from "./keys.ts";

const all = newKey();
const [forA, forB] = [newKey(), newKey()];
const api_keys = {
  all: all.digest,
  a: { sha256: forA.digest, models: ["a"] },
  b: { sha256: forB.digest, models: ["b"] },
};
const names = protocols.map(({ name }) => name);
const env = {
  ADMIN: "of-admin",
  AIP_HTTP_PORT: "8080",
  AIP_HEALTH_ROUTE: "/health-of-vertex",
  AIP_PREDICT_ROUTE: "/predict-of-vertex",
};
const server = { protocols: names, admin: true, admin_token_var: "ADMIN", docs: true };

const opened: Launchpad[] = [];
afterAll(async () => {
  for (const one of opened) await one.close();
});

async function launchpad(name: string, sections: object, api: object = {}) {
  const made = createLaunchpad({
    config: {
      model_store: { location: "memory:" },
      model: { name, version: "1.0.0", module: "m" },
      api: { name, jobs: { location: "memory:jobs" }, ...api },
      ...sections,
    },
    model: defineModel({
      train: () => ({ trained: true }),
      test: () => ({}),
      predict: (_, args) => ({ secret: `prediction-${name}-`, args }),
    }),
    host: testHost({ env }),
  });
  opened.push(made);
  await made.train();
  return made;
}

/** Every path that there is, with every method, by the tables of which servers are made. */
function requestsFor(models: readonly string[]): [string, string][] {
  const host = {
    models: { list: () => [], find: () => undefined },
    ready: async () => {},
    version: "1",
    adminToken: "x",
    env: (name: string) => (env as Record<string, string>)[name],
  };
  const ofProtocols = protocols.flatMap((protocol) => protocol.paths(host as never).map(({ path }) => path));
  const own = [
    "/",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/docs/page.js",
    "/docs/swagger-ui.css",
    "/admin/refresh",
    "/drift",
    "/feedback",
    "/nothing",
    "/.env",
    "/static/x",
  ];
  const resources = [
    "/{model}/v1/predictions",
    "/{model}/v1/predictions:batch",
    "/{model}/v1/nothing",
    "/%7Bmodel%7D/v1/predictions",
    "/{model}/v1/%70redictions",
    "//{model}/v1/predictions",
    "/{model}/v1/predictions/",
    "/{model}/v1/predictions/some-id",
    "/readyz/{model}",
  ];
  const paths = [...own, ...ofProtocols, ...resources].flatMap((path) =>
    path.includes("{model}") ? models.map((model) => path.replaceAll("{model}", model)) : [path],
  );
  const filled = [...new Set(paths.map((path) => path.replace(/\{[^}]*\}/g, "1")))];
  return filled.flatMap((path) =>
    ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"].map((method): [string, string] => [method, path]),
  );
}

const bodies = ["{}", '{"instances":[{}]}', '{"inputs":[]}', '{"calls":[[{}]]}', '{"data":[[0,{}]]}'];

async function answers(
  fetch: (request: Request) => Response | Promise<Response>,
  requests: [string, string][],
  headers: Record<string, string>,
) {
  const found: { method: string; path: string; status: number; text: string }[] = [];
  for (const [method, path] of requests) {
    for (const body of method === "POST" || method === "PUT" ? bodies : [undefined]) {
      const init = {
        method,
        headers: { ...headers, ...(body && { "content-type": "application/json" }) },
        ...(body && { body }),
      };
      const response = await fetch(new Request(`http://h${path}`, init));
      found.push({ method, path, status: response.status, text: await response.text() });
    }
  }
  return found;
}

/** Operators' paths ask for a token of their own when they are asked by their method; that they have others tells nothing. */
const isClosed = ({ path, status }: { path: string; status: number }) =>
  status === 401 || status === 403 || (/^\/admin|\/(load|unload)$/.test(path) && (status === 405 || status === 204));

describe("every path that exists, with every protocol", () => {
  it("is closed to who has no key, a wrong one, and one for another model", async () => {
    const a = await launchpad("a", { auth: { api_keys } }, server);
    const requests = requestsFor(["a"]);
    expect(requests.length).toBeGreaterThan(150);
    for (const headers of [
      {},
      { "x-api-key": newKey().key },
      { authorization: `Bearer ${newKey().key}` },
      { "x-api-key": forB.key },
    ] as Record<string, string>[]) {
      const open = (await answers(a.fetch, requests, headers)).filter((one) => !isClosed(one));
      expect(open).toEqual([]);
    }
    const known = await answers(a.fetch, requests, { "x-api-key": forA.key });
    expect(known.filter(({ text }) => text.includes("prediction-a-")).length).toBeGreaterThan(0);
    const ofOperators = known.filter(
      ({ path, method, status }) => /^\/admin|\/(load|unload)$/.test(path) && method !== "OPTIONS" && status < 400,
    );
    expect(ofOperators).toEqual([]);
  });

  it("is closed in a server of two models, whose keys open one of them", async () => {
    const models = { a: await launchpad("a", {}, server), b: await launchpad("b", {}, server) };
    const both = combine(models, {
      api: server as never,
      auth: { api_keys, public: ["/livez"] },
      host: testHost({ env }),
    });
    const requests = requestsFor(["a", "b"]);
    for (const headers of [{}, { "x-api-key": newKey().key }] as Record<string, string>[]) {
      const open = (await answers(both.fetch, requests, headers)).filter((one) => !isClosed(one));
      expect(open).toEqual([]);
    }
    const asA = await answers(both.fetch, requests, { "x-api-key": forA.key });
    expect(asA.filter(({ text }) => text.includes("prediction-b-"))).toEqual([]);
    expect(asA.filter(({ text }) => text.includes("prediction-a-")).length).toBeGreaterThan(0);
    expect(asA.filter(({ path, status }) => /\/b(\/|$|:)/.test(path) && !isClosed({ path, status }))).toEqual([]);
    const asAll = await answers(both.fetch, requests, { "x-api-key": all.key });
    for (const name of ["prediction-a-", "prediction-b-"])
      expect(asAll.some(({ text }) => text.includes(name))).toBe(true);
    await both.close();
  });

  it("asks for a model's own key where it shares paths with one that is open", async () => {
    const models = { a: await launchpad("a", { auth: { api_keys } }, server), b: await launchpad("b", {}, server) };
    const both = combine(models, { api: server as never, host: testHost({ env }) });
    const requests = requestsFor(["a", "b"]);
    for (const headers of [{}, { "x-api-key": newKey().key }, { "x-api-key": forB.key }] as Record<string, string>[]) {
      const found = await answers(both.fetch, requests, headers);
      expect(found.filter(({ text }) => text.includes("prediction-a-"))).toEqual([]);
      expect(found.some(({ text }) => text.includes("prediction-b-"))).toBe(true);
    }
    const known = await answers(both.fetch, requests, { "x-api-key": forA.key });
    expect(
      known.filter(({ text, path }) => text.includes("prediction-a-") && !path.startsWith("/a/")).length,
    ).toBeGreaterThan(0);
    await both.close();
  });
});
