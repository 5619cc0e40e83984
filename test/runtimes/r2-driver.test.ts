import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type R2Bucket, r2Driver } from "../../runtimes/storage/r2-driver.ts";
import { storeContract } from "../contract/store.ts";

let worker: Miniflare;
let bucket: R2Bucket;
let drivers = 0;

beforeAll(async () => {
  worker = new Miniflare({
    modules: true,
    script: "export default { fetch: () => new Response() }",
    r2Buckets: ["MODELS"],
    compatibilityDate: "2026-07-01",
  });
  bucket = (await worker.getR2Bucket("MODELS")) as unknown as R2Bucket;
});

afterAll(() => worker.dispose());

storeContract("an R2 bucket of workerd", () => r2Driver({ bucket, prefix: `store-${drivers++}/` }), 3);

describe("r2Driver", () => {
  it("names objects as a local store names files", async () => {
    const driver = r2Driver({ bucket, prefix: "" });
    await driver.setItemRaw?.("iris:1.0.0:current.json", "{}", {});
    expect(await bucket.head("iris/1.0.0/current.json")).not.toBeNull();
  });

  it("lists more than one page", async () => {
    const driver = r2Driver({ bucket, prefix: "many/" });
    await Promise.all(Array.from({ length: 1100 }, (_, index) => bucket.put(`many/a/${index}`, Uint8Array.of(1))));
    expect(await driver.getKeys("a:", {})).toHaveLength(1100);
  });
});
