import { describe, expect, it } from "vitest";
import { createLaunchpad, defineModel, type Launchpad } from "../../../../src/index.ts";
import { isChosen } from "../../../../src/monitoring/rollout/choose.ts";
import { addPrediction, durationAt, errorInterval } from "../../../../src/monitoring/rollout/variant-counts.ts";
import { parseBound, reasonToAbort } from "../../../../src/monitoring/rollout/verdict.ts";
import { type TestHost, testHost } from "../../../support/host.ts";

const model = defineModel({
  train: ({ config }) => ({ mark: config.mark, fails: config.fails ?? 0 }),
  test: () => ({}),
  predict({ mark, fails }, { x }) {
    if (x % 100 < Number(fails)) throw new Error("broken");
    return { mark };
  },
});

const tasks: Promise<unknown>[] = [];
let now = Date.parse("2026-01-01T00:00:00Z");

function open(host: TestHost, rollout: object, more: object = {}): Launchpad {
  return createLaunchpad({
    config: {
      model_store: { location: "memory:", refresh: 10 },
      model: { name: "marks", version: "1.0.0", module: "marks", rollout, ...more },
      api: { name: "marks" },
    },
    model,
    host,
  });
}

async function ask(launchpad: Launchpad, x: number, headers: Record<string, string> = {}) {
  const request = new Request("http://x/marks/v1/predictions", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ x }),
  });
  const response = await launchpad.fetch(request, { waitUntil: (task: Promise<unknown>) => void tasks.push(task) });
  const { mark } = await response.json();
  return { status: response.status, mark, variant: response.headers.get("x-model-variant") };
}

const settle = async () => {
  while (tasks.length > 0) await Promise.all(tasks.splice(0));
};

const state = async (launchpad: Launchpad) => (await launchpad.fetch(new Request("http://x/rollout"))).json();

/** A store with a run that serves, and one that is to be tried. */
async function trained(rollout: object, tried: object = {}) {
  const host = testHost({ now: () => now });
  const first = open(host, rollout, { mark: "old" });
  const { meta: old } = await first.train();
  const second = open(host, rollout, { mark: "new", ...tried });
  const { meta: next, promoted } = await second.train();
  // Where there are canaries, nothing serves everybody before it was one.
  expect(promoted).toBe(!("canary" in rollout));
  if (promoted) await first.store.promote({ name, version, run: old?.run ?? "" });
  const serving = open(host, rollout, { mark: "old" });
  return { host, serving, store: serving.store, old: old?.run ?? "", next: next?.run ?? "" };
}

const name = "marks";
const version = "1.0.0";

describe("a canary", () => {
  it("answers its share of callers, each of whom always meets the same model", async () => {
    const { serving, store, next, old } = await trained({ canary: { percent: 20, sticky: "x-user" } });
    await store.alias(name, "next", { name, version, run: next });
    await serving.ready();
    const met = new Map<string, Set<string>>();
    for (let round = 0; round < 2; round += 1) {
      for (let user = 0; user < 1000; user += 1) {
        const { mark, variant } = await ask(serving, 500, { "x-user": `user ${user}` });
        expect(variant).toBe(mark === "new" ? "canary" : "current");
        met.set(`user ${user}`, (met.get(`user ${user}`) ?? new Set()).add(mark));
      }
    }
    expect([...met.values()].every(({ size }) => size === 1)).toBe(true);
    const chosen = [...met].filter(([, marks]) => marks.has("new")).length;
    // Four standard deviations of a binomial distribution.
    expect(Math.abs(chosen - 200)).toBeLessThan(4 * Math.sqrt(1000 * 0.2 * 0.8));
    const { variants, canary, current } = await state(serving);
    expect({ canary, current }).toEqual({ canary: next, current: old });
    expect(variants.canary.predictions).toBe(2 * chosen);
    expect(variants.current.predictions).toBe(2000 - 2 * chosen);
    expect(await (await serving.fetch(new Request("http://x/metrics"))).text()).toContain(
      `launchpad_variant_predictions{variant="canary",run="${next}"} ${2 * chosen}`,
    );
    await serving.close();
  });

  it("begins and ends with its alias, and serves all when it is promoted", async () => {
    const { serving, store, next } = await trained({ canary: { percent: 100 } });
    await serving.ready();
    expect((await ask(serving, 500)).mark).toBe("old");
    await store.alias(name, "next", { name, version, run: next });
    await serving.refresh();
    expect(await ask(serving, 500)).toEqual({ status: 200, mark: "new", variant: "canary" });
    now += 1000;
    await store.abort({ name, version, run: next }, "next");
    await serving.refresh();
    expect(await ask(serving, 500)).toEqual({ status: 200, mark: "old", variant: "current" });
    const promotions = await store.promotions(name, version);
    expect(promotions.at(-1)).toMatchObject({ reason: "abort", previous: next });
    now += 1000;
    await store.promote({ name, version, run: next }, "rollout");
    await serving.refresh();
    expect(await ask(serving, 500)).toEqual({ status: 200, mark: "new", variant: "current" });
    // What was taken back has never served: a rollback finds the one before.
    now += 1000;
    await store.rollback(name, version);
    await serving.refresh();
    expect((await ask(serving, 500)).mark).toBe("old");
    await serving.close();
  });

  it("is taken back when it fails more often, by a record in the store, and is asked no more", async () => {
    const rollout = { canary: { percent: 50 }, abort_if: { error_rate: "> 2 * current", p99: "> 1000 * current" } };
    const { serving, store, next, old, host } = await trained(rollout, { fails: 60 });
    await store.alias(name, "next", { name, version, run: next });
    await serving.ready();
    let after = 0;
    for (let x = 0; x < 1500; x += 1) {
      now += 5;
      const { variant } = await ask(serving, x);
      if (x % 100 === 99) await settle();
      if (x >= 1300 && variant === "canary") after += 1;
    }
    await settle();
    expect(after).toBe(0);
    expect(await store.aliases(name)).toEqual({});
    expect((await store.promotions(name, version)).at(-1)).toMatchObject({ run: old, previous: next, reason: "abort" });
    const told = host.records.filter(({ message }) => message.includes("is taken back: error_rate"));
    expect(told).toHaveLength(1);
    await serving.close();
  });

  it("serves all after a while without a fault", async () => {
    const { serving, store, next } = await trained({ canary: { percent: 50 }, promote_after: "2h" });
    await store.alias(name, "next", { name, version, run: next });
    await serving.ready();
    for (let x = 0; x < 20; x += 1) await ask(serving, x + 70);
    now += 3_600_000;
    await ask(serving, 99);
    await settle();
    expect((await store.promotions(name, version)).at(-1)?.reason).toBe("train");
    now += 3_700_000;
    await ask(serving, 99);
    await settle();
    expect((await store.promotions(name, version)).at(-1)).toMatchObject({ run: next, reason: "rollout" });
    expect(await store.aliases(name)).toEqual({});
    await serving.refresh();
    expect(await ask(serving, 99)).toMatchObject({ mark: "new", variant: "current" });
    await serving.close();
  });
});

describe("a canary whose predictions drift", () => {
  it("is taken back when those of the run that serves do not", async () => {
    let shift = 0;
    const host = testHost({ now: () => now });
    const numbers = defineModel({
      train({ profile, config }) {
        profile(Array.from({ length: 1000 }, (_, x) => ({ x: x % 100 })));
        return { mark: config.mark };
      },
      test: () => ({}),
      predict: ({ mark }, { x }) => ({ mark, y: Number(x) + (mark === "new" ? shift : 0) }),
    });
    const openAs = (mark: string) =>
      createLaunchpad({
        config: {
          model_store: { location: "memory:" },
          model: {
            name,
            version,
            module: "marks",
            mark,
            rollout: { canary: { percent: 50 }, abort_if: { drift: true } },
          },
          api: { name },
          drift: { inputs: ["x"], window: "1h" },
        },
        model: numbers,
        host,
      });
    const first = openAs("old");
    await first.train();
    const { meta } = await openAs("new").train();
    const next = meta?.run ?? "";
    await first.store.alias(name, "next", { name, version, run: next });
    const serving = openAs("old");
    await serving.ready();
    const askAll = async () => {
      for (let x = 0; x < 600; x += 1) await ask(serving, x % 100);
      now += 3_600_000;
      await ask(serving, 1);
      await settle();
      now += 10_000;
      await ask(serving, 1);
      await settle();
    };
    now = Math.ceil(now / 3_600_000) * 3_600_000;
    await askAll();
    expect(await first.store.aliases(name)).toHaveProperty("next");
    shift = 60;
    await askAll();
    expect(await first.store.aliases(name)).toEqual({});
    expect((await first.store.promotions(name, version)).at(-1)).toMatchObject({ previous: next, reason: "abort" });
    const told = host.records.map(({ message }) => message).filter((one) => one.includes("is taken back"));
    expect(told).toEqual([expect.stringContaining("drift of its output y")]);
    expect((await ask(serving, 1)).variant).toBe("current");
    await serving.close();
  });
});

describe("a shadow", () => {
  it("is asked by eight at a time at most, however slow it is, and holds up nobody", async () => {
    const host = testHost({ now: () => now });
    let [open, most] = [0, 0];
    let finish = () => {};
    const slow = defineModel({
      train: ({ config }) => ({ mark: config.mark }),
      test: () => ({}),
      async predict({ mark }) {
        if (mark === "old") return { mark };
        open += 1;
        most = Math.max(most, open);
        await new Promise<void>((resolve) => {
          const before = finish;
          finish = () => {
            before();
            resolve();
          };
        });
        open -= 1;
        return { mark };
      },
    });
    const openAs = (mark: string, rollout?: object) =>
      createLaunchpad({
        config: {
          model_store: { location: "memory:" },
          model: { name, version, module: "marks", mark, ...(rollout && { rollout }) },
          api: { name },
        },
        model: slow,
        host,
      });
    const first = openAs("old");
    const { meta: old } = await first.train();
    const { meta: next } = await openAs("new").train();
    await first.store.promote({ name, version, run: old?.run ?? "" });
    await first.store.alias(name, "other", { name, version, run: next?.run ?? "" });
    const serving = openAs("old", { shadow: "other" });
    await serving.ready();
    for (let x = 0; x < 500; x += 1) expect(await ask(serving, x)).toMatchObject({ status: 200, mark: "old" });
    await expect.poll(() => open).toBe(8);
    expect((await state(serving)).shadow).toEqual({ equal: 0, different: 0, skipped: 492 });
    finish();
    await settle();
    expect(most).toBe(8);
    expect((await state(serving)).shadow).toEqual({ equal: 0, different: 8, skipped: 492 });
    await serving.close();
  });

  it("is asked as well, answers nobody, and is compared", async () => {
    const { serving, store, next } = await trained({ shadow: "other" }, { fails: 10 });
    await store.alias(name, "other", { name, version, run: next });
    await serving.ready();
    for (let x = 0; x < 100; x += 1) {
      expect(await ask(serving, x)).toMatchObject({ status: 200, mark: "old" });
      await settle();
    }
    const { shadow, variants } = await state(serving);
    expect(shadow).toEqual({ equal: 0, different: 90, skipped: 0 });
    expect(variants.shadow).toMatchObject({ predictions: 100, error_rate: 0.1 });
    await serving.close();
  });
});

describe("what decides", () => {
  it("spreads keys evenly, and others by other salts", () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => String(index));
    for (const percent of [1, 10, 50, 100, 0]) {
      const share = keys.filter((key) => isChosen(key, "run", percent)).length / keys.length;
      const error = 4 * Math.sqrt(((percent / 100) * (1 - percent / 100)) / keys.length);
      expect(Math.abs(share - percent / 100)).toBeLessThanOrEqual(error);
    }
    const both = keys.filter((key) => isChosen(key, "a", 10) && isChosen(key, "b", 10)).length;
    expect(Math.abs(both - 200)).toBeLessThan(70);
  });

  it("reads conditions, and wants to be sure", () => {
    expect(parseBound("> 2 * current")).toEqual({ factor: 2, isRelative: true });
    expect(parseBound("> current")).toEqual({ factor: 1, isRelative: true });
    expect(parseBound("> 0.05")).toEqual({ factor: 0.05, isRelative: false });
    expect(parseBound("< 2")).toBeUndefined();
    const of = (n: number, errors: number) => ({ n, errors, durations: [] });
    const rule = { error_rate: "> 2 * current" };
    expect(reasonToAbort(rule, of(49, 49), of(100, 0))).toBeUndefined();
    expect(reasonToAbort(rule, of(60, 2), of(1000, 10))).toBeUndefined();
    expect(reasonToAbort(rule, of(200, 30), of(1000, 10))).toContain("error_rate 15.0 %");
    // As statsmodels has it: proportion_confint(10, 100, method="wilson").
    const [low, high] = errorInterval(of(100, 10), 1.959963984540054);
    expect(low).toBeCloseTo(0.0552291, 6);
    expect(high).toBeCloseTo(0.1743657, 6);
    const counts = { n: 0, errors: 0, durations: [] as number[] };
    for (let ms = 1; ms <= 1000; ms += 1) addPrediction(counts, ms, false);
    expect(durationAt(counts, 0.99) / 990).toBeGreaterThanOrEqual(0.99);
    expect(durationAt(counts, 0.99) / 990).toBeLessThan(1.26);
  });
});
