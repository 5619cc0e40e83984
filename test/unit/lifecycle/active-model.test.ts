import { Hono } from "hono";
import type { Driver } from "unstorage";
import { describe, expect, it } from "vitest";
import { createLaunchpad, defineConfig, type Launchpad, type Sample } from "../../../src/index.ts";
import { testHost } from "../../support/host.ts";
import { sumModel } from "../../support/project.ts";

const token = "a-token-of-the-operators";

/** A server and a trainer in two processes, so to speak: two launchpads over one store, with a clock of the test's. */
function setUp(
  over: {
    model?: object;
    store?: object;
    api?: object;
    samples?: readonly Sample[];
    env?: Record<string, string>;
  } = {},
) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const host = testHost({ now: () => clock.now, env: { ADMIN_TOKEN: token, ...over.env } });
  const config = (model: object = {}) => ({
    model_store: { location: "memory:", ...over.store },
    model: { name: "sum", version: "1.0.0", module: "m", ...model },
    api: { name: "sum", ...over.api },
  });
  const model = { ...sumModel, ...(over.samples && { samples: over.samples }) };
  const server = createLaunchpad({ config: config(over.model), model, host });
  // No two things of a trainer happen in one millisecond: runs and promotions sort by their time.
  let trained = clock.now;
  const elsewhere = testHost({ now: () => trained++, openStorage: host.openStorage });
  const trainer = createLaunchpad({ config: config(), model: sumModel, host: elsewhere });
  /** Whatever was begun in the background has ended after so many turns. */
  const settled = async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { clock, host, server, trainer, settled, openDriver: () => host.openStorage("memory:", {}) as Driver };
}

const ask = async ({ fetch }: Pick<Launchpad, "fetch">) => {
  const response = await fetch(
    new Request("http://localhost/sum/v1/predictions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"x":0}',
    }),
  );
  return {
    status: response.status,
    body: await response.json(),
    run: modelOf(response)?.[1],
    version: modelOf(response)?.[0],
  };
};
/** Version and run of `sum@VERSION/RUN`. */
const modelOf = (response: Response) => response.headers.get("x-model")?.split("@")[1]?.split("/");
const readiness = async (server: Launchpad) => {
  const response = await server.fetch(new Request("http://localhost/readyz"));
  return { status: response.status, body: await response.json() };
};
const runOf = async (trainer: Launchpad) => (await trainer.train()).meta?.run ?? "";

describe("a running API", () => {
  it("says in headers which model answered, also when the model failed", async () => {
    const { host, server, trainer } = setUp();
    const run = await runOf(trainer);
    expect(await ask(server)).toEqual({ status: 200, body: { y: 1 }, run, version: "1.0.0" });
    const thrown = createLaunchpad({
      config: server.config,
      model: { ...sumModel, predict: () => Promise.reject(new Error("no")) },
      host,
    });
    await thrown.train();
    const failed = await ask(thrown);
    expect(failed).toMatchObject({ status: 500, version: "1.0.0" });
    expect(failed.run).toMatch(/^\d{8}T/);
    const notThere = await server.fetch(new Request("http://localhost/nothing"));
    expect(notThere.headers.get("x-model")).toBeNull();
  });

  it("follows the store when it is time to, and no request waits for that", async () => {
    const { clock, server, trainer, settled } = setUp();
    const old = await runOf(trainer);
    expect(await ask(server)).toMatchObject({ run: old });
    const run = await runOf(trainer);
    clock.now += 29_999;
    await ask(server);
    await settled();
    expect(await ask(server)).toMatchObject({ run: old });
    clock.now += 1;
    expect(await ask(server)).toMatchObject({ run: old, body: { y: 1 } });
    await settled();
    expect(await ask(server)).toMatchObject({ run, body: { y: 2 } });
  });

  it("never does by itself when that is switched off, and does when it is told to", async () => {
    const { clock, server, trainer, settled } = setUp({ store: { refresh: 0 } });
    const old = await runOf(trainer);
    await ask(server);
    const run = await runOf(trainer);
    clock.now += 1e9;
    await ask(server);
    await settled();
    expect(await ask(server)).toMatchObject({ run: old });
    expect(await server.refresh()).toBe(true);
    expect(await ask(server)).toMatchObject({ run });
    expect(await server.refresh()).toBe(false);
  });

  it("follows a rollback", async () => {
    const { server, trainer } = setUp();
    const old = await runOf(trainer);
    await runOf(trainer);
    await server.ready();
    await trainer.store.rollback("sum", "1.0.0");
    expect(await server.refresh()).toBe(true);
    expect(await ask(server)).toMatchObject({ run: old });
  });

  it("reads one small file to find that there is nothing new", async () => {
    const { server, trainer, openDriver } = setUp();
    await trainer.train();
    await server.ready();
    const driver = openDriver();
    const read: string[] = [];
    const { getItemRaw, getItem, getKeys } = driver;
    Object.assign(driver, {
      getItemRaw: (key: string, options: object) => read.push(key) && getItemRaw?.(key, options),
      getItem: (key: string, options: object) => read.push(key) && getItem?.(key, options),
      getKeys: (base: string, options: object) => read.push(`list ${base}`) && getKeys(base, options),
    });
    expect(await server.refresh()).toBe(false);
    expect(read).toEqual(["sum:1.0.0:current.json"]);
  });

  it("keeps the old model when the new one is damaged; the log says so once, and /readyz says so", async () => {
    const { clock, host, server, trainer, settled, openDriver } = setUp();
    const old = await runOf(trainer);
    await server.ready();
    const run = await runOf(trainer);
    await openDriver().setItemRaw?.(`sum:1.0.0:${run}:contents`, new Uint8Array([1, 2, 3]), {});
    for (let time = 0; time < 3; time++) {
      clock.now += 30_000;
      expect(await ask(server)).toMatchObject({ status: 200, run: old });
      await settled();
    }
    await expect(server.refresh()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
    const logged = host.records.filter(({ message }) => message.includes("a newer model cannot serve"));
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ level: "error", message: expect.stringContaining(run) });
    const ready = await readiness(server);
    expect(ready).toMatchObject({ status: 200, body: { status: "ready" } });
    expect(ready.body.refresh).toContain("could not be loaded");
    expect(JSON.stringify(ready.body)).not.toContain(run);

    const healed = (await trainer.train({ fresh: true })).meta?.run;
    expect(await server.refresh()).toBe(true);
    expect(await ask(server)).toMatchObject({ run: healed });
    expect((await readiness(server)).body).toEqual({ status: "ready" });
  });

  it("keeps the old model when the new one does not reproduce the samples", async () => {
    const { server, trainer } = setUp({ samples: [{ args: { x: 0 }, prediction: { y: 1 } }] });
    const old = await runOf(trainer);
    await server.ready();
    await trainer.train();
    await expect(server.refresh()).rejects.toMatchObject({ code: "SAMPLES_DIFFER" });
    expect(await ask(server)).toMatchObject({ status: 200, run: old });
  });

  describe("when a new run cannot serve", () => {
    /** A server that serves one run, and a newer one that is damaged; counts how often that is loaded. */
    async function damaged(store: object = {}) {
      const setting = setUp({ store });
      const { clock, server, trainer, openDriver } = setting;
      await trainer.train();
      await server.ready();
      const run = await runOf(trainer);
      const driver = openDriver();
      const key = `sum:1.0.0:${run}:contents`;
      const whole = await driver.getItemRaw?.(key, {});
      await driver.setItemRaw?.(key, new Uint8Array([1, 2, 3]), {});
      const loads: number[] = [];
      const { getItemRaw } = driver;
      const began = clock.now;
      Object.assign(driver, {
        getItemRaw(read: string, options: object) {
          if (read === key) loads.push((clock.now - began) / 1000);
          return getItemRaw?.(read, options);
        },
      });
      /** A request, and what it began in the background. */
      const request = async () => {
        const tasks: Promise<unknown>[] = [];
        await server.fetch(new Request("http://localhost/readyz"), { waitUntil: (task) => tasks.push(task) });
        await Promise.all(tasks);
      };
      /** Lets time pass, with a request or a timer's look every so many seconds. */
      const pass = async (seconds: number, every = 10, look: () => Promise<unknown> = request) => {
        for (let passed = 0; passed < seconds; passed += every) {
          clock.now += every * 1000;
          await look();
        }
      };
      return { ...setting, run, key, whole, driver, loads, pass };
    }

    it("tries it again less and less often, up to once an hour", async () => {
      const { loads, pass, server } = await damaged();
      await pass(3 * 3600);
      // Twice the time between looks, then twice as long each time.
      expect(loads).toEqual([30, 90, 210, 450, 930, 1890, 3810, 7410]);
      expect((await readiness(server)).body).toHaveProperty("refresh");
    });

    it("does the same when a timer looks, and tries at once when it is asked to", async () => {
      const { loads, pass, server } = await damaged();
      const scheduled = () => server.refresh({ scheduled: true }).catch(() => {});
      await pass(60, 10, scheduled);
      expect(loads).toEqual([10]);
      await expect(server.refresh()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
      await expect(server.refresh()).rejects.toMatchObject({ code: "STORE_CORRUPT" });
      expect(loads).toEqual([10, 60, 60]);
      expect(await server.refresh({ scheduled: true })).toBe(false);
    });

    it("serves it when it is whole again, and then begins anew", async () => {
      const { driver, key, whole, loads, pass, server, run } = await damaged();
      await pass(60);
      await driver.setItemRaw?.(key, whole, {});
      await pass(20);
      expect(await ask(server)).not.toMatchObject({ run });
      await pass(20);
      expect(await ask(server)).toMatchObject({ run });
      expect(loads).toEqual([30, 90]);
      expect((await readiness(server)).body).toEqual({ status: "ready" });
    });

    it("tries another run at once, also the one before when that is current again", async () => {
      const { loads, pass, server, trainer } = await damaged();
      await pass(30);
      const healed = (await trainer.train({ fresh: true })).meta?.run;
      await pass(30);
      expect(await ask(server)).toMatchObject({ run: healed });
      expect(loads).toEqual([30]);
      expect((await readiness(server)).body).toEqual({ status: "ready" });
    });

    it("is well again when what serves is made current again", async () => {
      const { pass, server, trainer } = await damaged();
      await pass(30);
      expect((await readiness(server)).body).toHaveProperty("refresh");
      await trainer.store.rollback("sum", "1.0.0");
      await pass(30);
      expect((await readiness(server)).body).toEqual({ status: "ready" });
    });

    it("waits no longer because the clock was set back", async () => {
      const { clock, loads, pass } = await damaged();
      await pass(30);
      clock.now -= 24 * 3600_000;
      await pass(30);
      expect(loads).toHaveLength(2);
    });

    it("looks at its own pace when that is slower than once an hour", async () => {
      const { loads, pass } = await damaged({ refresh: 7200 });
      await pass(8 * 7200, 3600);
      expect(loads).toEqual([7200, 14_400, 21_600, 28_800, 36_000, 43_200, 50_400, 57_600]);
    });
  });

  it("goes on when its store fails, and follows again when that is back", async () => {
    const { clock, server, trainer, settled, openDriver } = setUp();
    const old = await runOf(trainer);
    await server.ready();
    const run = await runOf(trainer);
    const driver = openDriver();
    const { getItemRaw, getItem } = driver;
    const fail = () => Promise.reject(Object.assign(new Error("denied"), { code: "EACCES" }));
    Object.assign(driver, { getItemRaw: fail, getItem: fail });
    clock.now += 30_000;
    expect(await ask(server)).toMatchObject({ status: 200, run: old });
    await settled();
    expect((await readiness(server)).body).toHaveProperty("refresh");
    Object.assign(driver, { getItemRaw, getItem });
    clock.now += 30_000;
    await ask(server);
    await settled();
    expect(await ask(server)).toMatchObject({ run });
  });

  it("answers every request whole while models are swapped under it: no mixture", async () => {
    const { host, server, trainer } = setUp();
    const sums = new Map<string, number>();
    const train = async () => {
      const { meta, model } = await trainer.train();
      sums.set(meta?.run ?? "", (model as { sum: number }).sum);
    };
    await train();
    // A prediction that takes a while, so that swaps happen in the middle of it.
    let predictions = 0;
    const slow = createLaunchpad({
      config: server.config,
      model: {
        ...sumModel,
        async predict(model, args, run) {
          await new Promise((resolve) => setTimeout(resolve, predictions++ % 5));
          return sumModel.predict(model, args, run);
        },
      },
      host,
    });
    await slow.ready();
    let asked = 0;
    let done = false;
    const asking = Array.from({ length: 8 }, async () => {
      while (!done) {
        const { status, body, run } = await ask(slow);
        expect(status).toBe(200);
        expect(body).toEqual({ y: sums.get(run ?? "") });
        asked++;
      }
    });
    let swaps = 0;
    for (let round = 0; round < 25; round++) {
      await train();
      if (await slow.refresh()) swaps++;
      // Some are answered by this model, and some are under way when the next one comes.
      const until = asked + 12;
      while (asked < until) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    done = true;
    await Promise.all(asking);
    console.log(`${asked} requests during ${swaps} swaps: none dropped, none mixed`);
    expect(swaps).toBe(25);
    expect(asked).toBeGreaterThan(25 * 12);
  });

  it("does not go back to an older model when a training ends during a refresh", async () => {
    const { server, trainer, openDriver } = setUp();
    await trainer.train();
    await server.ready();
    await trainer.train();
    const driver = openDriver();
    const { getItemRaw } = driver;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let reached = () => {};
    const reading = new Promise<void>((resolve) => {
      reached = resolve;
    });
    Object.assign(driver, {
      async getItemRaw(key: string, options: object) {
        const found = await getItemRaw?.(key, options);
        if (key.endsWith("contents")) {
          reached();
          await held;
        }
        return found;
      },
    });
    const refreshing = server.refresh();
    await reading;
    Object.assign(driver, { getItemRaw });
    const run = await runOf(server);
    release();
    expect(await refreshing).toBe(false);
    expect(await ask(server)).toMatchObject({ run });
  });

  it("hands what it does in the background to runtimes that ask for it", async () => {
    const { clock, server, trainer } = setUp();
    await trainer.train();
    await server.ready();
    const run = await runOf(trainer);
    clock.now += 30_000;
    const tasks: Promise<unknown>[] = [];
    await server.fetch(new Request("http://localhost/readyz"), { waitUntil: (task) => tasks.push(task) });
    expect(tasks).toHaveLength(1);
    await Promise.all(tasks);
    expect(await ask(server)).toMatchObject({ run });
  });

  it("does so below a path of Hono, too, which hands over a Worker's bindings first", async () => {
    const { clock, server, trainer } = setUp();
    await trainer.train();
    await server.ready();
    clock.now += 30_000;
    const app = new Hono();
    app.mount("/ml", server.fetch);
    const tasks: Promise<unknown>[] = [];
    const context = { waitUntil: (task: Promise<unknown>) => tasks.push(task), passThroughOnException() {}, props: {} };
    const response = await app.fetch(new Request("http://localhost/ml/readyz"), { MODELS: {} }, context);
    expect(response.status).toBe(200);
    expect(tasks).toHaveLength(1);
    await Promise.all(tasks);
  });
});

describe("an API that serves an alias", () => {
  it("serves what it points to, whatever is trained or promoted", async () => {
    const { server, trainer } = setUp({ model: { serve: "stable" } });
    const old = (await trainer.train()).meta;
    if (!old) return expect.unreachable();
    await trainer.store.alias("sum", "stable", old);
    await trainer.train();
    expect(await ask(server)).toMatchObject({ run: old.run });
    expect(await server.refresh()).toBe(false);
    const own = (await server.train()).meta;
    if (!own) return expect.unreachable();
    expect(await ask(server)).toMatchObject({ run: old.run });
    await trainer.store.alias("sum", "stable", own);
    expect(await server.refresh()).toBe(true);
    expect(await ask(server)).toMatchObject({ run: own.run, body: { y: 3 } });
  });

  it("says that there is none, and refuses another major version", async () => {
    const { host, server, trainer } = setUp({ model: { serve: "stable" } });
    await trainer.train();
    await expect(server.ready()).rejects.toMatchObject({ code: "MODEL_NOT_TRAINED" });
    const next = createLaunchpad({
      config: { model_store: { location: "memory:" }, model: { name: "sum", version: "2.0.0", module: "m" } },
      model: sumModel,
      host,
    });
    const { meta } = await next.train();
    if (meta) await next.store.alias("sum", "stable", meta);
    await expect(server.ready()).rejects.toThrow(/stable is sum 2\.0\.0, expected a run of v1/);
  });
});

describe("POST /admin/refresh", () => {
  const post = (server: Launchpad, headers: Record<string, string> = {}) =>
    server.fetch(new Request("http://localhost/admin/refresh", { method: "POST", headers }));
  const admin = { admin: true, admin_token_var: "ADMIN_TOKEN" };

  it("is not there unless it was asked for", async () => {
    const { server, trainer } = setUp();
    await trainer.train();
    expect((await post(server, { authorization: `Bearer ${token}` })).status).toBe(404);
  });

  it("refreshes for whoever has the token", async () => {
    const { server, trainer } = setUp({ api: admin });
    await trainer.train();
    await server.ready();
    const run = await runOf(trainer);
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: `Basic ${token}` }]) {
      const response = await post(server, headers as Record<string, string>);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await response.text()).not.toContain(token);
    }
    const response = await post(server, { authorization: `Bearer ${token}` });
    expect(await response.json()).toEqual({ refreshed: true });
    expect(await ask(server)).toMatchObject({ run });
  });

  it("needs a token: in the configuration, and in the variable", async () => {
    const config = {
      model_store: { location: "memory:" },
      model: { name: "sum", version: "1.0.0", module: "m" },
      api: { name: "sum", admin: true },
    };
    expect(() => defineConfig(config)).toThrow(/api\.admin: found true, expected admin_token_var/);
    const { server, trainer } = setUp({ api: { admin: true, admin_token_var: "NOT_SET" } });
    await trainer.train();
    await expect(server.ready()).rejects.toMatchObject({ code: "VARIABLE_NOT_SET" });
    const empty = setUp({ api: { admin: true, admin_token_var: "EMPTY" }, env: { EMPTY: "" } });
    await empty.trainer.train().catch(() => {});
    await expect(empty.server.ready()).rejects.toMatchObject({ code: "VARIABLE_NOT_SET" });
  });
});

describe("a model that is let go", () => {
  it("is loaded again by whoever asks next, also while others still have it", async () => {
    const { server, trainer, clock, settled } = setUp();
    const run = await runOf(trainer);
    const { serving } = await server.api();
    let served = 0;
    serving.onServe(() => {
      served += 1;
    });
    expect(serving.current()).toBeUndefined();
    expect(await ask(server)).toMatchObject({ status: 200, run });
    const had = await serving.model();
    await serving.unload();
    expect(serving.current()).toBeUndefined();
    expect(had.contents).toEqual({ sum: 1 });
    const [one, other] = await Promise.all([serving.model(), serving.model()]);
    expect(one).toBe(other);
    expect(one).not.toBe(had);
    expect(served).toBe(2);
    // What was trained meanwhile is what is loaded.
    await serving.unload();
    clock.now += 60_000;
    const newer = await runOf(trainer);
    expect(await ask(server)).toMatchObject({ status: 200, run: newer });
    await settled();
    expect(served).toBe(3);
  });

  it("does not come back through a look that has begun", async () => {
    const { server, trainer, clock } = setUp();
    await runOf(trainer);
    await server.ready();
    clock.now += 60_000;
    await runOf(trainer);
    const { serving } = await server.api();
    const look = serving.refresh();
    await serving.unload();
    expect(await look).toBe(false);
    expect(serving.current()).toBeUndefined();
  });
});

describe("the setting model_store.refresh", () => {
  it.each([-1, "30", Number.NaN, Number.POSITIVE_INFINITY, true])("refuses %s", (refresh) => {
    const config = {
      model_store: { location: "memory:", refresh },
      model: { name: "sum", version: "1.0.0", module: "m" },
    };
    expect(() => defineConfig(config)).toThrow(/model_store\.refresh: .*expected a number of seconds/);
  });
});
