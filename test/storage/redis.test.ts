import { Redis } from "ioredis";
import type { Driver } from "unstorage";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openStorage } from "../../runtimes/shared/storage.ts";
import { storeContract } from "../contract/store.ts";
import { freePort, type RunningServer, startRedis } from "./servers.ts";

const password = "pa ss/word:@?";

let server: RunningServer;
let stores = 0;
const drivers: Driver[] = [];

beforeAll(async () => {
  server = await startRedis({ password });
});

afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.dispose?.();
});

afterAll(() => server.stop());

async function open(rest: string, options: Record<string, unknown> = { options: { password } }) {
  const driver = await openStorage(`redis://127.0.0.1:${server.port}${rest}`, options);
  drivers.push(driver);
  return driver;
}

storeContract("a Redis server", () => open(`?prefix=store-${stores++}`), 3);

describe("redis:", () => {
  it("keeps bytes under names with colons, after the prefix, in the database of the path", async () => {
    const driver = await open("/2", { password, prefix: "models" });
    await driver.setItemRaw?.("iris:1.0.0:contents", Uint8Array.of(0, 255, 13, 10), {});
    const client = new Redis({ port: server.port, password, db: 2 });
    try {
      expect(await client.keys("*")).toEqual(["models:iris:1.0.0:contents"]);
      expect([...((await client.getBuffer("models:iris:1.0.0:contents")) ?? [])]).toEqual([0, 255, 13, 10]);
    } finally {
      client.disconnect();
    }
    expect(await driver.hasItem("iris:1.0.0:contents", {})).toBe(true);
    await driver.removeItem?.("iris:1.0.0:contents", {});
    expect(await driver.hasItem("iris:1.0.0:contents", {})).toBe(false);
  });

  it("lists thousands of keys once each, and of its own prefix only", async () => {
    const driver = await open("/3?prefix=a[b]*");
    const other = await open("/3?prefix=aba");
    await Promise.all(Array.from({ length: 3000 }, (_, at) => driver.setItemRaw?.(`k:${at}`, Uint8Array.of(1), {})));
    await other.setItemRaw?.("k:1", Uint8Array.of(1), {});
    expect(await driver.getKeys("k:", {})).toHaveLength(3000);
    expect(await other.getKeys("", {})).toEqual(["k:1"]);
  });

  it("takes the password from the location, too", async () => {
    const location = `redis://:${encodeURIComponent(password)}@127.0.0.1:${server.port}`;
    const driver = await openStorage(location, {});
    drivers.push(driver);
    expect(await driver.getItemRaw?.("nothing", {})).toBeNull();
  });

  it("says that a login failed, once, and shows no password", async () => {
    for (const [given, expected] of [
      [{}, /redis:\/\/127\.0\.0\.1:\d+ failed: NOAUTH/],
      [{ password: "hidden" }, /failed: WRONGPASS/],
    ] as const) {
      const driver = await open("", given);
      for (let attempt = 0; attempt < 2; attempt++) {
        const error = await Promise.resolve(driver.getItemRaw?.("a", {})).catch((error: unknown) => error);
        expect(error).toMatchObject({ message: expect.stringMatching(expected), code: "EACCES" });
        expect(JSON.stringify({ ...Object(error) })).not.toContain("hidden");
      }
    }
  });

  it("says that there is no server, does not go on trying, and finds it when it is there", async () => {
    const port = await freePort();
    const driver = await openStorage(`redis://user:hidden@127.0.0.1:${port}`, {});
    drivers.push(driver);
    const error = await Promise.resolve(driver.getItemRaw?.("a", {})).catch((error: unknown) => error);
    expect(String(error)).toMatch(/redis:\/\/127\.0\.0\.1:\d+ failed: .*ECONNREFUSED/);
    expect(String(error)).not.toContain("hidden");
  });

  it("connects again after the server was away", async () => {
    const port = await freePort();
    const driver = await openStorage(`redis://127.0.0.1:${port}`, {});
    drivers.push(driver);
    await expect(driver.getItemRaw?.("a", {})).rejects.toThrow("ECONNREFUSED");
    for (let round = 0; round < 2; round++) {
      const late = await startRedis({ port });
      try {
        await driver.setItemRaw?.("a", Uint8Array.of(1), {});
        expect(await driver.getItemRaw?.("a", {})).toEqual(Uint8Array.of(1));
      } finally {
        await late.stop();
      }
      // The first use may find the connection cut, the next one finds no server.
      await expect(driver.getItemRaw?.("a", {})).rejects.toThrow("failed");
      await expect(driver.getItemRaw?.("a", {})).rejects.toThrow("ECONNREFUSED");
    }
  });

  it("closes its connection when it is disposed of", async () => {
    const client = new Redis({ port: server.port, password });
    try {
      const connections = async () => ((await client.client("LIST")) as string).trim().split("\n").length;
      const before = await connections();
      const driver = await open("/5");
      await driver.getItemRaw?.("a", {});
      expect(await connections()).toBe(before + 1);
      await driver.dispose?.();
      await expect.poll(connections).toBe(before);
    } finally {
      client.disconnect();
    }
  });
});
