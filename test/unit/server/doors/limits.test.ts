import { describe, expect, it } from "vitest";
import { predictions, served } from "../../../support/served.ts";
import { newKey } from "./keys.ts";

const from = (address: string) => ({ address });
const post = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };

describe("limits of callers", () => {
  it("let so many requests of an address in, and say how many are left and when to come again", async () => {
    let now = 0;
    const { ask } = await served({}, undefined, {
      sections: { limits: { by_address: "3/min" } },
      elapsed: () => now,
    });
    const told = async (address: string) => {
      const { status, headers } = await ask(predictions, post, from(address));
      return [status, headers.get("ratelimit"), headers.get("retry-after")];
    };
    expect(await told("198.51.100.1")).toEqual([200, '"by_address";r=2;t=20', null]);
    expect(await told("198.51.100.1")).toEqual([200, '"by_address";r=1;t=40', null]);
    expect(await told("198.51.100.1")).toEqual([200, '"by_address";r=0;t=60', null]);
    expect(await told("198.51.100.1")).toEqual([429, '"by_address";r=0;t=60', "20"]);
    expect(await told("198.51.100.2")).toEqual([200, '"by_address";r=2;t=20', null]);
    now = 19_000;
    expect((await told("198.51.100.1"))[0]).toBe(429);
    now = 20_000;
    expect(await told("198.51.100.1")).toEqual([200, '"by_address";r=0;t=60', null]);
    expect((await ask("/livez", {}, from("198.51.100.1"))).status).toBe(200);
    const refused = await ask(predictions, post, from("198.51.100.1"));
    expect(refused.headers.get("ratelimit-policy")).toBe('"by_address";q=3;w=60');
    expect(await refused.json()).toMatchObject({ code: "RATE_LIMITED", title: "Too Many Requests", status: 429 });
  });

  it("take a network of IPv6 for one address, and a forged header for none", async () => {
    const { ask } = await served({ trusted_proxies: ["10.0.0.0/8"] }, undefined, {
      sections: { limits: { by_address: { requests: "1/min" } } },
      elapsed: () => 0,
    });
    const status = async (address: string, forwarded?: string) =>
      (
        await ask(
          predictions,
          { ...post, headers: { ...post.headers, ...(forwarded && { "x-forwarded-for": forwarded }) } },
          from(address),
        )
      ).status;
    expect(await status("2001:db8::1")).toBe(200);
    expect(await status("2001:db8::2")).toBe(429);
    expect(await status("2001:db8:0:1::2")).toBe(200);
    expect(await status("198.51.100.1", "1.1.1.1")).toBe(200);
    expect(await status("198.51.100.1", "1.1.1.2")).toBe(429);
    expect(await status("10.0.0.1", "1.1.1.1")).toBe(200);
    expect(await status("10.0.0.1", "1.1.1.2")).toBe(200);
    expect(await status("10.0.0.1", "1.1.1.2")).toBe(429);
  });

  it("count by key whoever has one, wherever they come from", async () => {
    const [alice, bob] = [newKey(), newKey()];
    const { predict } = await served({}, undefined, {
      sections: {
        auth: { api_keys: { alice: alice.digest, bob: bob.digest } },
        limits: { by_key: { requests: "10/s", burst: 2 } },
      },
      elapsed: () => 0,
    });
    const as = async ({ key }: { key: string }) => (await predict({}, { "x-api-key": key })).status;
    expect([await as(alice), await as(alice), await as(alice), await as(bob)]).toEqual([200, 200, 429, 200]);
  });

  it("count wrong keys by address, so that nobody tries them all", async () => {
    const { predict } = await served({}, undefined, {
      sections: { auth: { api_keys: { alice: newKey().digest } }, limits: { by_address: "2/min" } },
      elapsed: () => 0,
    });
    const statuses: number[] = [];
    for (let at = 0; at < 4; at++) statuses.push((await predict({}, { "x-api-key": "guess" })).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
  });

  it("let so many in at the same time", async () => {
    let release = () => {};
    const { ask } = await served(
      {},
      () =>
        new Promise((resolve) => {
          const before = release;
          release = () => {
            before();
            resolve({});
          };
        }),
      { sections: { limits: { by_address: { concurrent: 2 } } } },
    );
    const running = [ask(predictions, post, from("a")), ask(predictions, post, from("a"))];
    await new Promise((resolve) => setTimeout(resolve, 20));
    const refused = await ask(predictions, post, from("a"));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    const other = ask(predictions, post, from("b"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    release();
    expect((await Promise.all([...running, other])).map(({ status }) => status)).toEqual([200, 200, 200]);
    const again = ask(predictions, post, from("a"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    release();
    expect((await again).status).toBe(200);
  });

  it("ask the counter of a platform, and refuse a number where it would be counted apart", async () => {
    const asked: string[] = [];
    const { ask } = await served({}, undefined, {
      sections: { limits: { by_address: { binding: "LIMITER" } } },
      isolated: true,
      rateLimiter: (name) =>
        name === "LIMITER"
          ? {
              limit: async ({ key }) => {
                asked.push(key);
                return { success: asked.length < 2 };
              },
            }
          : undefined,
    });
    expect((await ask(predictions, post, from("198.51.100.1"))).status).toBe(200);
    expect((await ask(predictions, post, from("198.51.100.1"))).status).toBe(429);
    expect(asked).toEqual(["by_address:198.51.100.1", "by_address:198.51.100.1"]);
    const open = async (limits: object, isolated: boolean) =>
      served({}, undefined, { sections: { limits }, isolated, train: false })
        .then(({ launchpad }) => launchpad.api())
        .then(
          () => "",
          (error) => `${error.code} ${error.message}`,
        );
    expect(await open({ by_address: { binding: "OTHER" } }, true)).toContain("BINDING_NOT_SET");
    expect(await open({ by_address: { binding: "OTHER" } }, false)).toContain("only Workers have bindings");
    expect(await open({ by_address: { binding: "OTHER", requests: "1/s" } }, false)).toBe("");
    expect(await open({ by_address: "1/s" }, true)).toContain("CONFIG_INVALID");
  });
});

describe("limits of the model", () => {
  it("have others wait in their order, and tell those who find no room to come again", async () => {
    const order: number[] = [];
    const release: (() => void)[] = [];
    const { ask, predict } = await served(
      {},
      ({ n = 0 }: Record<string, number>) => {
        order.push(n);
        return new Promise((resolve) => release.push(() => resolve({})));
      },
      { sections: { limits: { model: { concurrent: 1, queue: 2 } } } },
    );
    const tick = () => new Promise((resolve) => setTimeout(resolve, 10));
    const all = [predict({ n: 1 })];
    await tick();
    all.push(predict({ n: 2 }), predict({ n: 3 }));
    await tick();
    const refused = await predict({ n: 4 });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.json()).toMatchObject({ code: "OVERLOADED", status: 503 });
    expect((await ask("/metrics")).status).toBe(200);
    for (let at = 0; at < 3; at++) {
      await tick();
      release.shift()?.();
    }
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(order).toEqual([1, 2, 3]);
  });

  it("let nobody wait too long, and forget who goes away", async () => {
    const { ask, predict } = await served({}, () => new Promise((resolve) => setTimeout(() => resolve({}), 300)), {
      sections: { limits: { model: { concurrent: 1, queue: 1, wait: 0.1 } } },
    });
    const first = predict();
    await new Promise((resolve) => setTimeout(resolve, 10));
    const gone = new AbortController();
    const leaver = ask(predictions, { ...post, signal: gone.signal });
    await new Promise((resolve) => setTimeout(resolve, 10));
    gone.abort();
    expect((await leaver).status).toBe(503);
    const started = performance.now();
    expect((await predict()).status).toBe(503);
    expect(performance.now() - started).toBeGreaterThan(80);
    expect((await first).status).toBe(200);
    expect((await predict()).status).toBe(200);
  });

  it("give a place back whatever happens", async () => {
    const { predict } = await served(
      {},
      () => {
        throw new Error("no");
      },
      { sections: { limits: { model: { concurrent: 1 } } } },
    );
    for (let at = 0; at < 5; at++) expect((await predict()).status).toBe(500);
  });
});

describe("limits of what a request weighs", () => {
  it("hold for URLs and headers", async () => {
    const { ask } = await served({}, undefined, {
      sections: { limits: { max_url_bytes: 100, max_header_bytes: 200 } },
    });
    expect((await ask(`/livez?${"a".repeat(93)}`)).status).toBe(200);
    const long = await ask(`/livez?${"a".repeat(94)}`);
    expect([long.status, (await long.json()).code]).toEqual([414, "URL_TOO_LONG"]);
    const large = await ask("/livez", { headers: { a: "x".repeat(200) } });
    expect([large.status, (await large.json()).code]).toEqual([431, "HEADERS_TOO_LARGE"]);
  });
});
