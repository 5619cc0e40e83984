import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isUsed, leftOut, optionalFiles } from "../../../runtimes/build/optional-modules.ts";
import { limitWarnings, measure } from "../../../runtimes/build/sizes.ts";
import { wranglerText } from "../../../runtimes/build/wrangler.ts";
import { embeddedDriver } from "../../../runtimes/packaged/embedded-driver.ts";
import { type Config, defineConfig } from "../../../src/index.ts";

describe("parts that may be left out", () => {
  for (const file of optionalFiles) {
    it(`has something that stands for all that ${file} exports`, async () => {
      const code = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
      const real = Object.keys(await import(new URL(`../../../${file}`, import.meta.url).href));
      const names = Array.from(leftOut(file, code).matchAll(/^export function (\w+)/gm), ([, name]) => name);
      expect(names.sort()).toEqual(real.sort());
    });
  }
});

describe("the client of Redis", () => {
  const stores = [
    [{ location: "redis://127.0.0.1" }, true],
    [{ location: "rediss://127.0.0.1" }, true],
    [{ location_var: "MODELS" }, true],
    [{ location: "s3://models/redis:" }, false],
    [{ location: "embedded:" }, false],
  ] as const;
  for (const [model_store, expected] of stores) {
    it(`is ${expected ? "" : "not "}in a package whose model store is ${JSON.stringify(model_store)}`, () => {
      const config = { model_store, api: { name: "x" } } as unknown as Config;
      const found = isUsed("runtimes/storage/redis-location.ts", {
        target: "node",
        config,
        hasCodec: true,
        hasTelemetry: false,
      });
      expect(found).toBe(expected);
    });
  }
});

describe("wrangler.jsonc", () => {
  it("has the bindings and secrets that the configuration names, each once", () => {
    const config = defineConfig({
      model_store: { location: "kv://MODELS/x", verify_key_var: "VERIFY" },
      model: { name: "House Prices".replace(" ", "_"), version: "1.0.0", module: "m" },
      api: { name: "prices", metrics: { push: "https://example.com", push_token_var: "PUSH" } },
      datasources: { a: { type: "csv", path: "r2://DATA/a.csv" }, b: { type: "csv", path: "r2://DATA/b.csv" } },
      datasinks: { c: { type: "csv", path: "r2://OUT/c.csv", secret_access_key_var: "S3" } },
    });
    const text = wranglerText(config, "build/cloudflare/index.mjs");
    expect(text.match(/secret put \w+/g)).toEqual(["secret put PUSH", "secret put S3", "secret put VERIFY"]);
    expect(JSON.parse(text.replace(/^ *\/\/.*$/gm, ""))).toEqual({
      name: "house-prices",
      main: "build/cloudflare/index.mjs",
      compatibility_date: "2026-07-01",
      r2_buckets: [
        { binding: "DATA", bucket_name: "fill in" },
        { binding: "OUT", bucket_name: "fill in" },
      ],
      kv_namespaces: [{ binding: "MODELS", id: "fill in" }],
    });
  });
});

describe("sizes", () => {
  it("are summed by package, by Launchpad and by what is the user's", () => {
    const inputs = {
      "node_modules/a/x.js": { bytesInOutput: 1 },
      "../node_modules/@b/c/y.js": { bytesInOutput: 2 },
      "node_modules/mllaunchpad/dist/sources/src/errors.ts": { bytesInOutput: 4 },
      "launchpad-embedded:m:1:current.json": { bytesInOutput: 8 },
      "<stdin>": { bytesInOutput: 16 },
      "model.ts": { bytesInOutput: 32 },
      "unused.ts": { bytesInOutput: 0 },
    };
    const metafile = { inputs: {}, outputs: { "index.mjs": { bytes: 63, inputs, imports: [], exports: [] } } };
    const { raw, parts } = measure(new Uint8Array(63), metafile);
    expect(raw).toBe(63);
    expect(Object.fromEntries(parts.map(({ name, bytes }) => [name, bytes]))).toEqual({
      a: 1,
      "@b/c": 2,
      launchpad: 4,
      "trained model": 8,
      "configuration and API": 16,
      "your code": 32,
    });
  });

  it("are warned of near the limits of Workers, and nowhere else", () => {
    const megabyte = 1024 * 1024;
    expect(limitWarnings("cloudflare", megabyte, megabyte, true)).toEqual([]);
    expect(limitWarnings("cloudflare", 2.5 * megabyte, 1, true)[0]).toMatch(
      /2\.5 MB compressed, near the 3 MB of the free/,
    );
    expect(limitWarnings("cloudflare", 9 * megabyte, 1, false)[0]).toMatch(/near the 10 MB of the paid/);
    expect(limitWarnings("cloudflare", 11 * megabyte, 1, false)[0]).toMatch(/more than the 10 MB of the paid/);
    expect(limitWarnings("cloudflare", 1, 60 * megabyte, false)[0]).toMatch(
      /60\.0 MB, which needs about 120\.0 MB.*128\.0 MB/,
    );
    expect(limitWarnings("node", 99 * megabyte, 999 * megabyte, true)).toEqual([]);
  });
});

describe("the embedded model store", () => {
  it("gives bytes that nobody else has, and nothing for other keys", () => {
    const driver = embeddedDriver({ "m:1:contents": Uint8Array.of(1, 2), "m:1:current.json": '{"é":1}' });
    const first = driver.getItemRaw?.("m:1:contents", {}) as Uint8Array;
    first[0] = 9;
    expect(driver.getItemRaw?.("m:1:contents", {})).toEqual(Uint8Array.of(1, 2));
    expect(driver.getItemRaw?.("m:1:current.json", {})).toEqual(new TextEncoder().encode('{"é":1}'));
    expect([driver.getItemRaw?.("toString", {}), driver.hasItem("toString", {})]).toEqual([null, false]);
    expect(driver.setItemRaw).toBeUndefined();
  });
});
