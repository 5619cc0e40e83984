import { describe, expect, it } from "vitest";
import { predictions, served } from "../../../support/served.ts";

describe("api.access_log", () => {
  it("is off unless it is asked for", async () => {
    const { predict, logged } = await served();
    await predict();
    expect(logged("launchpad.access")).toEqual([]);
  });

  it("writes one line a request, that JSON can hold", async () => {
    const { predict, ask, host } = await served({ access_log: true });
    await predict({ password: "tiger" }, { "x-request-id": "id-1" });
    await ask("/livez", { method: "HEAD", headers: { "x-request-id": "id-2" } });
    const lines = host.records.filter(({ name }) => name === "launchpad.access");
    expect(lines).toEqual([
      {
        level: "info",
        name: "launchpad.access",
        message: `POST ${predictions} 200`,
        properties: {
          method: "POST",
          route: predictions,
          status: 200,
          ms: expect.any(Number),
          request_id: "id-1",
          model: "iris",
          version: "1.2.3",
          run: expect.stringMatching(/^\d{8}T/),
        },
      },
      {
        level: "info",
        name: "launchpad.access",
        message: "HEAD /livez 200",
        properties: { method: "HEAD", route: "/livez", status: 200, ms: expect.any(Number), request_id: "id-2" },
      },
    ]);
    for (const { properties } of lines) {
      expect(JSON.parse(JSON.stringify(properties))).toEqual(properties);
      expect(properties.ms).toBeGreaterThanOrEqual(0);
    }
  });

  it("tells nothing of paths, queries and bodies that may be secret, and cannot be broken by them", async () => {
    const { ask, predict, host } = await served({ access_log: true });
    await ask("/tokens/tiger?key=tiger");
    await ask("/livez?token=tiger");
    await ask("/%0Atiger", { method: "TIGER" });
    await predict({ tiger: "tiger" }, { "x-request-id": "tiger tiger" });
    const lines = host.records.filter(({ name }) => name === "launchpad.access");
    expect(lines.map(({ message }) => message)).toEqual([
      "GET unknown 404",
      "GET /livez 200",
      "TIGER unknown 404",
      `POST ${predictions} 200`,
    ]);
    expect(JSON.stringify(lines.slice(0, 2))).not.toContain("tiger");
    expect(JSON.stringify(lines.slice(3))).not.toContain("tiger");
  });

  it("is a line for whatever ends a request", async () => {
    const { predict, logged } = await served({ access_log: true, timeout: 0.02 }, async ({ how }) => {
      if (how === "throw") throw new Error("inside");
      return new Promise(() => {});
    });
    expect([(await predict({ how: "throw" })).status, (await predict()).status]).toEqual([500, 504]);
    expect(logged("launchpad.access")).toEqual([
      `info launchpad.access: POST ${predictions} 500`,
      `info launchpad.access: POST ${predictions} 504`,
    ]);
  });

  it("must be true or false", async () => {
    await expect(served({ access_log: "yes" })).rejects.toMatchObject({
      message: expect.stringMatching(/api\.access_log: found "yes", expected true or false/),
    });
  });
});
