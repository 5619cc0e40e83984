import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KvNamespace, kvDriver } from "../../runtimes/storage/kv-driver.ts";
import { storeContract } from "../contract/store.ts";

let worker: Miniflare;
let namespace: KvNamespace;
let drivers = 0;

beforeAll(async () => {
  worker = new Miniflare({
    modules: true,
    script: "export default { fetch: () => new Response() }",
    kvNamespaces: ["MODELS"],
    compatibilityDate: "2026-07-01",
  });
  namespace = (await worker.getKVNamespace("MODELS")) as unknown as KvNamespace;
});

afterAll(() => worker.dispose());

storeContract("a KV namespace of workerd", () => kvDriver({ namespace, prefix: `store-${drivers++}/` }), 3);

describe("kvDriver", () => {
  it("names keys as a local store names files", async () => {
    const driver = kvDriver({ namespace, prefix: "" });
    await driver.setItemRaw?.("iris:1.0.0:current.json", "{}", {});
    expect(await namespace.get("iris/1.0.0/current.json", "arrayBuffer")).not.toBeNull();
    expect(await driver.hasItem("iris:1.0.0:current.json", {})).toBe(true);
    await driver.removeItem?.("iris:1.0.0:current.json", {});
    expect(await driver.hasItem("iris:1.0.0:current.json", {})).toBe(false);
  });

  it("keeps a part of a buffer, and only that", async () => {
    const driver = kvDriver({ namespace, prefix: "part/" });
    await driver.setItemRaw?.("a", Uint8Array.of(1, 2, 3, 4).subarray(1, 3), {});
    expect(await driver.getItemRaw?.("a", {})).toEqual(Uint8Array.of(2, 3));
  });

  it("lists more than one page", async () => {
    const driver = kvDriver({ namespace, prefix: "many/" });
    await Promise.all(Array.from({ length: 1100 }, (_, index) => namespace.put(`many/a/${index}`, Uint8Array.of(1))));
    expect(await driver.getKeys("a:", {})).toHaveLength(1100);
  });
});
