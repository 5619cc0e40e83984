import { describe, expect, it } from "vitest";
import { predictions, served } from "../../../support/served.ts";

const page = "https://app.example.com";
const from = (origin: string, more: Record<string, string> = {}) => ({ headers: { origin, ...more } });
const preflight = (origin: string, more: Record<string, string> = {}) => ({
  method: "OPTIONS",
  ...from(origin, { "access-control-request-method": "POST", ...more }),
});
const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));

describe("api.cors", () => {
  it("is off unless it is asked for", async () => {
    for (const api of [{}, { cors: false }]) {
      const { ask } = await served(api);
      expect(corsOf(await ask("/livez", from(page)))).toEqual({});
      const response = await ask(predictions, preflight(page));
      expect([response.status, corsOf(response)]).toEqual([204, {}]);
    }
  });

  it("lets every page in with true", async () => {
    const { ask, predict } = await served({ cors: true });
    const response = await predict({ x: 1 }, { origin: page });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toContain("x-model");
    expect(response.headers.get("vary")).toBeNull();
    expect(
      corsOf(await ask(predictions, preflight(page, { "access-control-request-headers": "content-type" }))),
    ).toEqual({
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "content-type",
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-expose-headers": expect.any(String),
      vary: "Access-Control-Request-Headers",
    });
  });

  it("tells errors as well: a page would see nothing of them otherwise", async () => {
    const { ask } = await served({ cors: page });
    for (const [path, init, status] of [
      ["/nothing", from(page), 404],
      [predictions, { method: "DELETE", ...from(page) }, 405],
      [predictions, { method: "POST", body: "{", ...from(page, { "content-type": "application/json" }) }, 400],
      [predictions, { method: "POST", body: "x", ...from(page, { "content-type": "text/plain" }) }, 415],
    ] as const) {
      const response = await ask(path, init);
      expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([status, page]);
    }
  });

  it("tells nobody else, and that it depends on who asks", async () => {
    const { ask } = await served({ cors: [page, "http://localhost:3000"] });
    for (const origin of [page, "http://localhost:3000"]) {
      expect(corsOf(await ask("/livez", from(origin)))).toMatchObject({
        "access-control-allow-origin": origin,
        vary: "Origin",
      });
    }
    for (const origin of ["https://evil.example.com", "http://app.example.com", `${page}:444`, "null", ""]) {
      expect(corsOf(await ask("/livez", from(origin)))).toEqual({ vary: "Origin" });
      expect(corsOf(await ask(predictions, preflight(origin)))).toEqual({ vary: "Origin" });
    }
    expect(corsOf(await ask("/livez"))).toEqual({ vary: "Origin" });
  });

  it("says what a mapping says", async () => {
    const cors = { origins: page, headers: ["content-type", "authorization"], max_age: 600, credentials: true };
    const { ask } = await served({ cors });
    expect(corsOf(await ask(predictions, preflight(page, { "access-control-request-headers": "x-other" })))).toEqual({
      "access-control-allow-origin": page,
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "content-type, authorization",
      "access-control-allow-methods": "POST, OPTIONS",
      "access-control-expose-headers": expect.any(String),
      "access-control-max-age": "600",
      vary: "Origin",
    });
  });

  it("leaves an OPTIONS that is no preflight as it is", async () => {
    const { ask } = await served({ cors: true });
    const response = await ask(predictions, { method: "OPTIONS" });
    expect([response.status, response.headers.get("allow"), corsOf(response)]).toEqual([204, "POST, OPTIONS", {}]);
  });

  it.each([
    ["app.example.com", /api\.cors: found "app\.example\.com", expected an origin such as/],
    [`${page}/`, /api\.cors: found .*, expected an origin such as/],
    [[page, 3], /api\.cors\[1\]: found the number 3, expected an origin such as/],
    [[], /api\.cors: found a list, expected at least one origin/],
    [
      { origin: page },
      /api\.cors\.origin: found .*, expected none but the keys origins, headers, max_age, credentials/,
    ],
    [{ max_age: "long" }, /api\.cors\.max_age: found "long", expected a number of seconds/],
    [{ credentials: true }, /api\.cors: found a mapping, expected origins by name with credentials: true/],
  ])("refuses %j", async (cors, message) => {
    await expect(served({ cors })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(message),
    });
  });
});
