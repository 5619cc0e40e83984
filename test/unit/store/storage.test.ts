import type { Driver } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import { describe, expect, it } from "vitest";
import { silentLogger } from "../../../src/log.ts";
import { createStorageOver } from "../../../src/store/storage.ts";
import { createStore } from "../../../src/store/store.ts";
import { newMeta } from "../../contract/store.ts";

const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);

const failing = (error: unknown): Driver => {
  const fail = () => {
    throw error;
  };
  return {
    hasItem: fail,
    getItem: fail,
    getItemRaw: fail,
    setItem: fail,
    setItemRaw: fail,
    getKeys: fail,
    dispose: fail,
  };
};

/** A driver without raw methods, as those of Cloudflare KV or Redis: it keeps text. */
function textDriver(): { driver: Driver; kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const driver: Driver = {
    hasItem: (key) => kept.has(key),
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => {
      if (typeof value !== "string") throw new TypeError("this keeps only text");
      kept.set(key, value);
    },
    getKeys: () => [...kept.keys()],
  };
  return { driver, kept };
}

describe("a storage over a driver", () => {
  const forms: Record<string, () => unknown> = {
    "a Buffer": () => Buffer.from(bytes),
    "a Buffer in the middle of a pool": () => Buffer.concat([Buffer.from("pool"), bytes]).subarray(4),
    "a Uint8Array": () => bytes.slice(),
    "an ArrayBuffer": () => bytes.slice().buffer,
    "a DataView": () => new DataView(bytes.slice().buffer),
    "shared memory": () => {
      const shared = new Uint8Array(new SharedArrayBuffer(256));
      shared.set(bytes);
      return shared;
    },
    "a Blob": () => new Blob([bytes]),
    "a stream": () => new Blob([bytes]).stream(),
    "a promise of them": () => Promise.resolve(Buffer.from(bytes)),
  };
  for (const [name, make] of Object.entries(forms)) {
    it(`reads bytes from ${name}`, async () => {
      for (const driver of ["memory", "other"]) {
        const storage = createStorageOver({ ...memoryDriver(), name: driver, getItemRaw: make } as Driver, "x");
        const found = await storage.read("a");
        expect(Object.getPrototypeOf(found)).toBe(Uint8Array.prototype);
        expect(found?.buffer).toBeInstanceOf(ArrayBuffer);
        expect(found).toEqual(bytes);
      }
    });
  }

  it("reads text as UTF-8", async () => {
    const storage = createStorageOver({ ...memoryDriver(), getItemRaw: () => '{"größe":"1.10"}' } as Driver, "x");
    expect(await storage.readJson("a")).toEqual({ größe: "1.10" });
  });

  it("does not parse what it was not asked to parse", async () => {
    const storage = createStorageOver(memoryDriver() as Driver, "x");
    await storage.write("a", "1.10");
    expect(await storage.read("a")).toEqual(new TextEncoder().encode("1.10"));
    await storage.write("a", '"1.10"');
    expect(await storage.readJson("a")).toBe("1.10");
  });

  it("refuses what is no bytes", async () => {
    const storage = createStorageOver({ ...memoryDriver(), getItemRaw: () => ({ a: 1 }) } as Driver, "./store");
    await expect(storage.read("a:b")).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("./store cannot be read at a/b: found [object Object], expected bytes"),
    });
  });

  it("has nothing where there is nothing", async () => {
    for (const driver of [memoryDriver() as Driver, textDriver().driver]) {
      const storage = createStorageOver(driver, "x");
      expect(await storage.read("a")).toBeUndefined();
      expect(await storage.readJson("a")).toBeUndefined();
    }
  });

  it("keeps bytes as base64 where only text is kept, also many of them", async () => {
    const { driver, kept } = textDriver();
    const storage = createStorageOver(driver, "x");
    const many = Uint8Array.from({ length: 1_000_001 }, (_, at) => (at * 7) % 256);
    for (const data of [bytes, many, new Uint8Array(), Uint8Array.of(1), new TextEncoder().encode("base64:")]) {
      await storage.write("a", data);
      expect(kept.get("a")).toBe(`base64:${Buffer.from(data).toString("base64")}`);
      expect(Buffer.compare((await storage.read("a")) ?? new Uint8Array(), data)).toBe(0);
    }
  });

  it("carries a whole model store where only text is kept", async () => {
    const store = createStore({ driver: textDriver().driver, location: "x", now: () => 0, log: silentLogger });
    const meta = await store.save(newMeta(), bytes);
    expect(await store.load("iris", "0.0.2")).toEqual({ contents: bytes, meta });
    expect((await store.models()).iris?.latest).toEqual(meta);
  });

  it("says so when it is read-only, instead of writing nothing", async () => {
    const { getItem, getKeys, hasItem } = memoryDriver() as Driver;
    const storage = createStorageOver({ getItem, getKeys, hasItem }, "https://example.com/models");
    await expect(storage.write("a", "x")).rejects.toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("https://example.com/models cannot be written at a: it is read-only"),
    });
    expect(await storage.read("a")).toBeUndefined();
  });

  it("lists the keys below some segments, in order, whatever separator the driver uses", async () => {
    const driver = { ...memoryDriver(), getKeys: () => ["b/c/e", "b:c:d", "bc:d", "b/f", "/b/c/a"] } as Driver;
    const storage = createStorageOver(driver, "x");
    expect(await storage.keys("b", "c")).toEqual(["b:c:a", "b:c:d", "b:c:e"]);
    expect(await storage.keys()).toHaveLength(5);
  });

  it("says where, what and why when the driver fails, and keeps the cause", async () => {
    const cause = new Error("EACCES: permission denied");
    const storage = createStorageOver(failing(cause), "./model_store");
    const failure = (verb: string) => ({
      code: "STORE_UNAVAILABLE",
      cause,
      message: expect.stringMatching(
        `^\\[store\\] \\./model_store cannot be ${verb}.*EACCES.*Check .* its permissions\\.$`,
      ),
    });
    await expect(storage.read("a")).rejects.toMatchObject(failure("read at a"));
    await expect(storage.readJson("a")).rejects.toMatchObject(failure("read at a"));
    await expect(storage.keys()).rejects.toMatchObject(failure("read"));
    await expect(storage.write("a", "")).rejects.toMatchObject(failure("written at a"));
    await expect(storage.close()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", cause });
  });

  it("never shows a password", async () => {
    const storage = createStorageOver(failing("down"), "redis://user:secret@host:6379/0");
    const error = await storage.read("a").catch(String);
    expect(error).toContain("redis://***@host:6379/0");
    expect(error).not.toContain("secret");
    const store = createStore({
      driver: failing("down"),
      location: "s3://key:secret@b/c",
      now: () => 0,
      log: silentLogger,
    });
    expect(store.location).toBe("s3://***@b/c");
  });

  it("refuses JSON that is none, with its place", async () => {
    const storage = createStorageOver(memoryDriver() as Driver, "./model_store");
    for (const data of ["", "{", '{"a":', Uint8Array.of(0x22, 0xff, 0x22)]) {
      await storage.write("iris:meta.json", data);
      await expect(storage.readJson("iris:meta.json")).rejects.toMatchObject({
        code: "STORE_CORRUPT",
        message: expect.stringContaining("./model_store: iris/meta.json is not JSON"),
      });
    }
  });

  it("ends the driver's connections when it is closed", async () => {
    let closed = 0;
    const driver = { ...memoryDriver(), dispose: () => void closed++ } as Driver;
    await createStore({ driver, location: "x", now: () => 0, log: silentLogger }).close();
    expect(closed).toBe(1);
  });
});
