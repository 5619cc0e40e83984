import type { Driver } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { describe, expect, it } from "vitest";
import { LaunchpadError } from "../../../src/errors.ts";
import { silentLogger } from "../../../src/log.ts";
import { createStore } from "../../../src/store/store.ts";
import { newMeta } from "../../contract/store.ts";

type Fault = (operation: string, key: string) => "fail" | "stall" | "stale" | undefined;

const bytes = Uint8Array.of(1, 2, 3);
const patience = { attempts: 3, pause: 1, timeLimit: 30 };

/** A driver that does on purpose what a bad network does; counts what it is asked. */
function unreliable(driver: Driver, fault: Fault, error: () => unknown = () => new Error("ECONNRESET")) {
  const asked: string[] = [];
  const meet = <T>(operation: string, key: string, otherwise: () => T, stale: T): T | Promise<T> => {
    asked.push(`${operation} ${key}`);
    const met = fault(operation, key);
    if (met === "fail") return Promise.reject(error());
    if (met === "stall") return new Promise<T>(() => {});
    return met === "stale" ? stale : otherwise();
  };
  const faulty: Driver = {
    ...driver,
    getItemRaw: (key, options) => meet("read", key, () => driver.getItemRaw?.(key, options), null),
    setItemRaw: (key, value, options) =>
      meet("write", key, () => driver.setItemRaw?.(key, value, options), undefined) as Promise<void>,
    removeItem: (key, options) =>
      meet("remove", key, () => driver.removeItem?.(key, options), undefined) as Promise<void>,
    getKeys: async (base, options) =>
      meet("list", base, async () => driver.getKeys(base, options), Promise.resolve([])),
  };
  return { faulty, asked };
}

const open = (driver: Driver) =>
  createStore({ driver, location: "./model_store", now: Date.now, log: silentLogger, patience });

/** A fault at the first `times` of every operation on every key. */
function first(times: number, kind: "fail" | "stall" | "stale", only = ""): Fault {
  const seen = new Map<string, number>();
  return (operation, key) => {
    if (!operation.startsWith(only)) return undefined;
    const count = (seen.get(operation + key) ?? 0) + 1;
    seen.set(operation + key, count);
    return count <= times ? kind : undefined;
  };
}

describe("a store whose storage is unreliable", () => {
  for (const kind of ["fail", "stall"] as const) {
    it(`does everything when every operation on every key ${kind}s twice`, async () => {
      const { faulty, asked } = unreliable(memoryDriver() as Driver, first(2, kind));
      const store = open(faulty);
      const { name, version, run } = await store.save(newMeta(), bytes);
      expect((await store.load(name, version))?.contents).toEqual(bytes);
      const second = await store.save(newMeta(), bytes, { promote: false });
      await store.alias(name, "champion", { name, version, run });
      expect((await store.models()).iris?.latest.run).toBe(run);
      expect(await store.prune({ keep: 0 })).toEqual([{ name, version, run: second.run }]);
      console.log(`every operation ${kind}s twice: ${asked.length} asked, all done`);
    });

    it(`gives up after three tries when it ${kind}s for good, with the place and the run`, async () => {
      const driver = memoryDriver() as Driver;
      const { run } = await open(driver).save(newMeta(), bytes);
      for (const part of ["current.json", "meta.json", "contents"]) {
        const { faulty, asked } = unreliable(driver, (_, key) => (key.endsWith(part) ? kind : undefined));
        await expect(open(faulty).load("iris", "0.0.2")).rejects.toMatchObject({
          code: "STORE_UNAVAILABLE",
          message: expect.stringMatching(
            `\\./model_store cannot be read at iris/0\\.0\\.2/${part === "current.json" ? "" : `${run}/`}${part}: ` +
              (kind === "fail" ? "ECONNRESET" : "no answer within 0.03"),
          ),
        });
        expect(asked.filter((one) => one.endsWith(part))).toHaveLength(3);
      }
      const { faulty } = unreliable(driver, (operation) => (operation === "write" ? kind : undefined));
      await expect(open(faulty).save(newMeta(), bytes)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      expect((await open(driver).load("iris", "0.0.2"))?.meta.run).toBe(run);
    });
  }

  const lasting: Record<string, object> = {
    EACCES: { code: "EACCES" },
    ENOSPC: { code: "ENOSPC" },
    "status 403": { status: 403 },
    "a cause with EROFS": { cause: Object.assign(new Error("x"), { code: "EROFS" }) },
    "an error of Launchpad's": { name: "LaunchpadError" },
  };
  for (const [what, properties] of Object.entries(lasting)) {
    it(`does not try again after ${what}`, async () => {
      const error = () => Object.assign(new Error("refused"), properties);
      const { faulty, asked } = unreliable(memoryDriver() as Driver, () => "fail", error);
      await expect(open(faulty).save(newMeta(), bytes)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      expect(asked).toHaveLength(1);
    });
  }

  for (const properties of [{ status: 429 }, { status: 503 }, { code: "ETIMEDOUT" }, {}]) {
    it(`tries again after ${JSON.stringify(properties)}`, async () => {
      const error = () => Object.assign(new Error("busy"), properties);
      const { faulty } = unreliable(memoryDriver() as Driver, first(2, "fail"), error);
      await open(faulty).save(newMeta(), bytes);
      expect((await open(faulty).load("iris", "0.0.2"))?.contents).toEqual(bytes);
    });
  }

  it("waits for metadata and contents that are late, once current.json names them", async () => {
    const driver = memoryDriver() as Driver;
    const { name, version, run } = await open(driver).save(newMeta(), bytes);
    const late = () => unreliable(driver, (_, key) => (isOfRun(key) ? stale("read", key) : undefined)).faulty;
    const stale = first(2, "stale", "read");
    const isOfRun = (key: string) => key.includes(run);
    expect((await open(late()).load(name, version))?.contents).toEqual(bytes);
    const never = unreliable(driver, (_, key) => (key.endsWith("contents") ? "stale" : undefined));
    await expect(open(never.faulty).load(name, version)).rejects.toMatchObject({
      code: "STORE_CORRUPT",
      message: expect.stringMatching(`run ${run}: .*contents is missing`),
    });
    expect(never.asked.filter((one) => one.endsWith("contents"))).toHaveLength(3);
  });

  it("needs no list to serve, and lists what current.json names although the list is old", async () => {
    const driver = memoryDriver() as Driver;
    const { name, version } = await open(driver).save(newMeta(), bytes);
    const listed = await driver.getKeys("", {});
    const { run, ...meta } = await open(driver).save(newMeta(), Uint8Array.of(9));
    const old = { ...driver, getKeys: () => listed } as Driver;
    expect((await open(old).models()).iris?.latest.run).toBe(run);
    const { faulty, asked } = unreliable(driver, (operation) => (operation === "list" ? "stale" : undefined));
    const store = open(faulty);
    expect(await store.current(name, version)).toBe(run);
    expect((await store.loadRun({ name, version, run })).contents).toEqual(Uint8Array.of(9));
    expect(await store.resolve(`iris@0.0.2/${run}`)).toEqual({ name, version, run });
    const lists = asked.filter((one) => one.startsWith("list"));
    expect(lists).toEqual([`list iris:0.0.2:${run}:metrics:`]);
    const added = await store.addMetrics({ ...meta, run } as never, { accuracy: 0.3 }, Date.UTC(2030, 0, 1));
    expect(added.metrics).toEqual({ accuracy: 0.3 });
  });

  it("removes nothing from a storage that is read-only, and says so", async () => {
    const driver = memoryDriver() as Driver;
    await open(driver).save(newMeta(), bytes, { promote: false });
    const { removeItem: _, ...readOnly } = driver;
    await expect(open(readOnly).prune({ keep: 0 })).rejects.toThrow("it is read-only");
  });
});

describe("a store that signs", () => {
  it("stores what sign returns, gives verify what was signed, and refuses what verify refuses", async () => {
    const driver = memoryDriver() as Driver;
    const signed: string[] = [];
    const sorted = (document: object) => JSON.stringify(Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1)));
    const sign = async (meta: object) => {
      signed.push(sorted(meta));
      return { value: "s" };
    };
    const verify = async ({ signature, ...meta }: { readonly [key: string]: unknown }) => {
      if (signature === undefined || !signed.includes(sorted(meta)))
        throw new LaunchpadError("STORE_UNTRUSTED", "unsigned");
    };
    const base = { driver, location: "x", now: Date.now, log: silentLogger };
    const store = createStore({ ...base, sign, verify });
    const meta = await store.save({ ...newMeta(), signature: "mine" }, bytes);
    await store.addMetrics(meta, { accuracy: 0 }, Date.now());
    expect((await store.load("iris", "0.0.2"))?.meta.signature).toEqual({ value: "s" });
    const { name, version, run } = await createStore(base).save(newMeta(), bytes);
    for (const use of [
      () => store.load(name, version),
      () => store.meta(name, version),
      () => store.alias(name, "a", { name, version, run }),
      async () => store.import(await createStore(base).export({ name, version, run })),
    ]) {
      await expect(use()).rejects.toThrow("unsigned");
    }
    // What says that it serves is not signed, either: the store is made whole by a promotion.
    await expect(store.rollback(name, version)).rejects.toThrow("unsigned");
    await expect(store.promote({ name, version, run })).rejects.toThrow("unsigned");
    await store.promote({ name, version, run: meta.run });
    expect(await store.current(name, version)).toBe(meta.run);
  });
});
