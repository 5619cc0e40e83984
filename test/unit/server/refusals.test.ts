import { describe, expect, it } from "vitest";
import { onOneLine } from "../../../runtimes/process/printable.ts";
import { createLogger } from "../../../src/log.ts";
import { createApi } from "../../../src/server/handler.ts";
import { predictions, served } from "../../support/served.ts";

const json = { "content-type": "application/json" };

describe("a page of another site", () => {
  it("cannot have anything predicted by POST, unless api.cors names its origin", async () => {
    const origin = "https://evil.example";
    const headers = { "sec-fetch-site": "cross-site", origin };
    const { predict, ask } = await served();
    for (const type of [json["content-type"], "application/x-www-form-urlencoded"]) {
      const response = await ask(predictions, { method: "POST", headers: { ...headers, "content-type": type } });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: "CROSS_SITE_REFUSED", title: "Forbidden" });
    }
    expect((await predict({}, { "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await predict({}, { "sec-fetch-site": "same-site" })).status).toBe(200);
    expect((await predict({}, { "sec-fetch-site": "none" })).status).toBe(200);

    const friendly = await served({ cors: ["https://app.example"] });
    expect((await friendly.predict({}, headers)).status).toBe(403);
    expect((await friendly.predict({}, { ...headers, origin: "https://app.example" })).status).toBe(200);
    expect((await (await served({ cors: true })).predict({}, headers)).status).toBe(200);
  });

  it("may link to what GET answers", async () => {
    const { ask } = await served();
    expect((await ask("/openapi.json", { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(200);
  });
});

describe("what a model throws", () => {
  it("does not choose the status of the response", async () => {
    const { predict } = await served({}, () => {
      throw Object.assign(new Error("all is well"), { name: "LaunchpadError", code: "PREDICT_FAILED", status: 200 });
    });
    const response = await predict();
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ status: 500, code: "PREDICT_FAILED" });
  });

  it("is logged by the template of the path: its parameters may be somebody's name", async () => {
    const records: unknown[][] = [];
    const api = createApi({
      definition: {
        title: "customers",
        version: "v1",
        resources: [
          {
            path: "/customers/{id}",
            methods: ["GET"],
            parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
            additional: false,
          },
        ],
      },
      basePath: "/c/v1",
      predict: () => {
        throw new Error("no such customer");
      },
      ready: async () => {},
      log: createLogger((...record) => records.push(record)),
    });
    expect((await api.fetch(new Request("http://localhost/c/v1/customers/123-45-6789?x=1"))).status).toBe(400);
    expect((await api.fetch(new Request("http://localhost/c/v1/customers/123-45-6789"))).status).toBe(500);
    expect(records).toMatchObject([["error", "launchpad", expect.any(String), { route: "/c/v1/customers/{id}" }]]);
    expect(JSON.stringify(records)).not.toContain("123-45");
  });
});

describe("headers of answers", () => {
  it("let no browser guess at what an error quotes, and let nothing keep what needs a token", async () => {
    const { ask } = await served(
      { metrics: { token_var: "TOKEN" }, admin: true, admin_token_var: "TOKEN" },
      undefined,
      { env: { TOKEN: "secret-of-metrics" } },
    );
    for (const response of [await ask("/nothing"), await ask(predictions), await ask("/metrics")]) {
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    }
    const authorization = "Bearer secret-of-metrics";
    const answers = [
      await ask("/metrics"),
      await ask("/metrics", { headers: { authorization } }),
      await ask("/admin/refresh", { method: "POST", headers: { authorization } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 200, 200]);
    for (const { headers } of answers) expect(headers.get("cache-control")).toBe("no-store");
  });
});

describe("a text in a log of lines", () => {
  it("stays on its line, and no terminal obeys it", () => {
    const forged = "x\n2026-11-28 INFO launchpad.access: POST /admin 200 \u001b[31m\r\u0085\u2028\u0000ü\t🌷";
    expect(onOneLine(forged)).toBe(
      "x\\n2026-11-28 INFO launchpad.access: POST /admin 200 \\u001b[31m\\r\\u0085\\u2028\\u0000ü\t🌷",
    );
  });
});
