import type { Driver } from "unstorage";
import { describe, expect, it } from "vitest";
import { createLaunchpad, generateSigningKeys, type Launchpad, type RunName } from "../../../../src/internal.ts";
import { addChecksum } from "../../../../src/store/signing/checksum.ts";
import { testHost } from "../../../support/host.ts";
import { sumModel } from "../../../support/project.ts";

const keys = await generateSigningKeys();
const signs = { sign_key_var: "SIGN_KEY", verify_key: keys.verify_key };
const verifies = { verify_key: keys.verify_key };
const id = { name: "sum", version: "1.0.0" };

/** A store of three signed runs, and what an attacker does who can write to it and has no key. */
async function setUp(store: object = signs) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const host = testHost({ env: { SIGN_KEY: keys.sign_key }, now: () => (clock.now += 1000) });
  const open = (model_store: object, model: object = {}) =>
    createLaunchpad({
      config: { model_store: { location: "memory:", ...model_store }, model: { ...id, module: "m", ...model } },
      model: sumModel,
      host,
    });
  const driver = host.openStorage("memory:", {}) as Driver;
  const read = async (key: string) =>
    JSON.parse(new TextDecoder().decode((await driver.getItemRaw?.(key, {})) as Uint8Array));
  const write = async (key: string, document: unknown) =>
    driver.setItemRaw?.(key, new TextEncoder().encode(JSON.stringify(document)), {});
  const trainer = open(store);
  const runs: RunName[] = [];
  for (let at = 0; at < 3; at++) runs.push({ ...id, run: (await trainer.train()).meta?.run ?? "" });
  const all = async () => {
    const found = await driver.getKeys("", {});
    return Object.fromEntries(
      await Promise.all(found.sort().map(async (key) => [key, String(await driver.getItemRaw?.(key, {}))])),
    );
  };
  return { clock, host, open, driver, read, write, trainer, runs: runs as [RunName, RunName, RunName], all };
}

const current = "sum:1.0.0:current.json";
const untrusted = (message: RegExp) => ({ code: "STORE_UNTRUSTED", message: expect.stringMatching(message) });

describe("what says which run serves", () => {
  it("is refused when it was not signed, and says what to do", async () => {
    const { open, write, runs, trainer } = await setUp();
    const server = open(verifies);
    await server.predict({ x: 0 });
    await write(current, { run: runs[0].run });
    const message = /sum\/1\.0\.0\/current\.json: is not signed, expected a signature of .*launchpad models promote/;
    await expect(open(verifies).predict({ x: 0 })).rejects.toMatchObject(untrusted(message));
    await expect(server.refresh()).rejects.toMatchObject(untrusted(message));
    expect(await server.predict({ x: 0 })).toEqual({ y: 3 });
    // As it says.
    await trainer.store.promote(runs[1]);
    expect(await server.refresh()).toBe(true);
    expect(await open(verifies).predict({ x: 0 })).toEqual({ y: 2 });
  });

  it("cannot be altered, or taken from another version", async () => {
    const { open, read, write, runs } = await setUp();
    const signed = await read(current);
    await write(current, { ...signed, run: runs[0].run });
    await expect(open(verifies).predict({ x: 0 })).rejects.toMatchObject(untrusted(/does not fit the content/));
    await write(current, { ...signed, time: "2027-01-01T00:00:00.000Z" });
    await expect(open(verifies).predict({ x: 0 })).rejects.toMatchObject(untrusted(/does not fit the content/));
    await write(current, { ...signed, version: "1.0.0", statement: "current" });
    expect(await open(verifies).predict({ x: 0 })).toEqual({ y: 3 });
    await open(signs, { version: "1.1.0" }).train();
    await write("sum:1.1.0:current.json", signed);
    await expect(open(verifies, { version: "1.1.0" }).predict({ x: 0 })).rejects.toMatchObject(
      untrusted(/1\.1\.0\/current\.json: the signature does not fit/),
    );
  });

  it("cannot be an older one for a server that knows a newer one, and goes back by promotion", async () => {
    const { open, read, write, runs, trainer } = await setUp();
    const old = await read(current);
    await trainer.train();
    const server = open(verifies);
    expect(await server.predict({ x: 0 })).toEqual({ y: 4 });
    await write(current, old);
    await expect(server.refresh()).rejects.toMatchObject(untrusted(/signed at .* has been read before/));
    expect(await server.predict({ x: 0 })).toEqual({ y: 4 });
    await trainer.store.promote(runs[0]);
    expect(await server.refresh()).toBe(true);
    expect(await server.predict({ x: 0 })).toEqual({ y: 1 });
  });

  it("is newer than what was there, also by a clock that is behind", async () => {
    const { open, clock, runs, trainer } = await setUp();
    const server = open(verifies);
    await server.predict({ x: 0 });
    clock.now -= 3600_000;
    await trainer.store.promote(runs[0]);
    expect(await server.refresh()).toBe(true);
    expect(await server.predict({ x: 0 })).toEqual({ y: 1 });
  });

  it("is made whole by the next signed training, when it never was signed", async () => {
    const { open } = await setUp({});
    await expect(open(signs).train()).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
    expect(await open(signs).train({ fresh: true })).toMatchObject({ promoted: true });
    expect(await open(verifies).predict({ x: 0 })).toEqual({ y: 1 });
  });
});

describe("an alias", () => {
  const alias = "sum:aliases:stable.json";
  const serving = (open: (store: object, model: object) => Launchpad) => open(verifies, { serve: "stable" });

  it("is refused when it was not signed, was altered, or is another one", async () => {
    const { open, read, write, runs, trainer } = await setUp();
    await trainer.store.alias("sum", "stable", runs[1]);
    await trainer.store.alias("sum", "canary", runs[2]);
    const server = serving(open);
    expect(await server.predict({ x: 0 })).toEqual({ y: 2 });
    const { version, run, ...rest } = await read(alias);
    for (const forged of [
      { version, run: runs[0].run },
      { version, run: runs[0].run, ...rest },
      await read("sum:aliases:canary.json"),
    ]) {
      await write(alias, forged);
      await expect(serving(open).predict({ x: 0 })).rejects.toMatchObject(
        untrusted(/sum\/aliases\/stable\.json: .*launchpad models alias/),
      );
      await expect(server.refresh()).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
      await expect(trainer.store.prune({ keep: 0 })).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
    }
    await trainer.store.alias("sum", "stable", runs[0]);
    expect(await server.refresh()).toBe(true);
    expect(await server.predict({ x: 0 })).toEqual({ y: 1 });
  });

  it("cannot be an older one", async () => {
    const { open, read, write, runs, trainer, clock } = await setUp();
    await trainer.store.alias("sum", "stable", runs[0]);
    const old = await read(alias);
    clock.now -= 3600_000;
    await trainer.store.alias("sum", "stable", runs[1]);
    const server = serving(open);
    expect(await server.predict({ x: 0 })).toEqual({ y: 2 });
    await write(alias, old);
    await expect(server.refresh()).rejects.toMatchObject(untrusted(/has been read before/));
    expect(await server.predict({ x: 0 })).toEqual({ y: 2 });
  });
});

describe("metrics of a retest", () => {
  it("are refused when they were not signed, were altered, or are of another run", async () => {
    const { open, driver, read, write, runs, trainer } = await setUp();
    await trainer.retest();
    const key = (await driver.getKeys("", {})).find((found) => found.includes(":metrics:")) ?? "";
    const { json_sha256: _, signature, ...signed } = await read(key);
    const forge = async (document: object) => JSON.parse((await addChecksum({ ...document })).text);
    for (const forged of [
      { ...signed, metrics: { sum: 9 } },
      { ...signed, metrics: { sum: 9 }, signature },
    ]) {
      await write(key, await forge(forged));
      // They are what gates compare with.
      await expect(open(signs, { gates: { sum: ">= previous" } }).train()).rejects.toMatchObject(
        untrusted(/metrics\/\S+\.json: .*launchpad retest/),
      );
      await expect(open(verifies).predict({ x: 0 })).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
      await expect(trainer.store.export(runs[2])).rejects.toMatchObject({ code: "STORE_UNTRUSTED" });
    }
    await write(key, await forge({ ...signed, signature }));
    expect(await open(verifies).predict({ x: 0 })).toEqual({ y: 3 });
    await write(key.replace(runs[2].run, runs[1].run), await read(key));
    await expect(trainer.store.promote(runs[1])).rejects.toMatchObject(untrusted(/does not fit the content/));
  });

  it("are carried with their run, and refused with it", async () => {
    const { open, driver, read, write, runs, trainer } = await setUp();
    await trainer.retest();
    const bundle = await trainer.store.export(runs[2]);
    const other = await setUp();
    expect(await other.trainer.store.import(bundle)).toEqual(runs[2]);
    expect((await other.trainer.store.loadRun(runs[2])).meta.metrics_history).toEqual(
      (await trainer.store.loadRun(runs[2])).meta.metrics_history,
    );
    const key = (await driver.getKeys("", {})).find((found) => found.includes(":metrics:")) ?? "";
    const { signature: _, json_sha256: __, ...signed } = await read(key);
    await write(key, JSON.parse((await addChecksum(signed)).text));
    const forged = await open({}).store.export(runs[2]);
    const third = await setUp();
    await expect(third.trainer.store.import(forged)).rejects.toMatchObject(untrusted(/metrics/));
    expect(Object.keys(await third.all()).some((found) => found.includes(runs[2].run))).toBe(false);
  });
});

describe("a history", () => {
  it("does not lead a rollback to where a forged promotion says", async () => {
    const { host, write, runs, trainer } = await setUp();
    const forged = {
      time: "2026-01-01T00:00:00.000Z",
      run: runs[2].run,
      previous: runs[0].run,
      reason: "promote",
    };
    const key = "sum:1.0.0:promotions:20270101T000000000Z-00000000.json";
    await write(key, JSON.parse((await addChecksum(forged)).text));
    expect(await trainer.store.promotions("sum", "1.0.0")).toHaveLength(3);
    expect(
      host.records.find(({ level, message }) => level === "warning" && message.includes("is not signed")),
    ).toBeDefined();
    expect(await trainer.store.rollback("sum", "1.0.0")).toEqual(runs[1]);
    expect((await trainer.store.verify()).filter(({ problems }) => problems.length > 0)).toEqual([
      expect.objectContaining({ run: "promotions/20270101T000000000Z-00000000.json" }),
    ]);
  });
});

describe("lists of a store that verifies", () => {
  it("leave out what is not signed, and say so", async () => {
    const { host, open, write, runs, trainer } = await setUp();
    const unsigned = (await open({}).train()).meta?.run ?? "";
    const { store } = open(verifies);
    expect((await store.overview())[0]).toMatchObject({ current: null });
    expect((await store.runs("sum")).map(({ meta, current }) => [meta.run, current])).toEqual(
      [...runs].reverse().map(({ run }) => [run, false]),
    );
    expect(host.records.some(({ message }) => message.includes(`run ${unsigned}: is not signed`))).toBe(true);
    const problems = (await store.verify()).filter((entry) => entry.problems.length > 0).map(({ run }) => run);
    expect(problems).toHaveLength(3);
    expect(problems).toEqual(expect.arrayContaining([unsigned, "current.json", expect.stringMatching(/^promotions/)]));
    await write(current, { run: runs[0].run });
    await trainer.store.promote(runs[2]);
    expect((await store.overview())[0]).toMatchObject({ current: { run: runs[2].run } });
  });
});

describe("whoever has no private key", () => {
  it.each([
    ["none is named", verifies, "CONFIG_INVALID", /found no sign_key_var.*Do this where the private key is/],
    ["its variable is empty", { ...verifies, sign_key_var: "MISSING" }, "VARIABLE_NOT_SET", /MISSING is not set/],
  ])("changes nothing in a store that verifies: %s", async (_, store, code, message) => {
    const { open, runs, trainer, all } = await setUp();
    await trainer.store.alias("sum", "stable", runs[0]);
    const bundle = await trainer.store.export(runs[1]);
    const before = await all();
    const there = open(store);
    for (const change of [
      () => there.store.promote(runs[0]),
      () => there.store.rollback("sum", "1.0.0"),
      () => there.store.alias("sum", "stable", runs[1]),
      () => there.retest(),
      () => there.train(),
    ]) {
      await expect(change()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    }
    expect(await all()).toEqual(before);
    // A run that serves already needs no signature of this store, and neither does taking something away.
    expect(await there.store.import(bundle)).toEqual(runs[1]);
    expect(await all()).toEqual(before);
    await there.store.alias("sum", "stable", undefined);
    const empty = createLaunchpad({
      config: { model_store: { location: "memory:", ...store }, model: { ...id, module: "m" } },
      model: sumModel,
      host: testHost(),
    });
    await expect(empty.store.import(bundle)).rejects.toMatchObject({ code });
    expect(await empty.store.overview()).toEqual([]);
  });
});

describe("a store without keys", () => {
  it("is what it was: no signature and no time anywhere", async () => {
    const { runs, trainer, read, driver } = await setUp({});
    await trainer.store.alias("sum", "stable", runs[0]);
    await trainer.retest();
    expect(await read(current)).toEqual({ run: runs[2].run });
    expect(await read("sum:aliases:stable.json")).toEqual({ version: "1.0.0", run: runs[0].run });
    for (const key of await driver.getKeys("", {})) {
      if (key.endsWith(".json")) expect(await read(key)).not.toHaveProperty("signature");
    }
    await trainer.store.promote(runs[0]);
    expect(await trainer.predict({ x: 0 })).toEqual({ y: 3 });
  });
});
