import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../../runtimes/backends/backend.ts";
import { backendTables, usedBackends } from "../../../runtimes/build/backend-tables.ts";
import { leftOut, optionalFiles } from "../../../runtimes/build/optional-modules.ts";
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

describe("backends", () => {
  it("have the names of their modules, which export what the table holds", async () => {
    for (const [table, backends] of Object.entries(backendTables)) {
      for (const [name, backend] of Object.entries(backends)) {
        const module = await import(new URL(`../../../runtimes/backends/${name}.ts`, import.meta.url).href);
        expect(module, `${table}: ${name}`).toBe(backend);
      }
    }
  });

  it("have schemes that no other has", () => {
    for (const part of ["stores", "locations", "databases"] as const) {
      const all = Object.values(backendTables).flatMap((table) => Object.values<Backend>(table));
      const schemes = all.flatMap((backend) => Object.keys(backend[part] ?? {}));
      expect(schemes.length).toBeGreaterThan(0);
      expect(new Set(schemes).size).toBe(schemes.length);
    }
  });

  it("are all in the documentation, with the options that they take", () => {
    const pages = ["2.data", "3.databases", "5.model-store"].map((name) => `../../../docs/guide/${name}.md`);
    const text = pages.map((page) => readFileSync(new URL(page, import.meta.url), "utf8")).join("\n");
    for (const backend of Object.values(backendTables).flatMap((table) => Object.values<Backend>(table))) {
      const schemes = { ...backend.stores, ...backend.locations, ...backend.databases };
      for (const scheme of Object.keys(schemes)) expect(text.includes(scheme), scheme).toBe(true);
      const options = Object.values({ ...backend.stores, ...backend.locations }).flatMap(({ options = [] }) => options);
      for (const option of options) expect(text.includes(option), option).toBe(true);
    }
  });

  const none = { datasources: {}, datasinks: {}, dbms: {}, model_store: { location: "embedded:" } };
  const sources = (...entries: object[]) => ({ ...none, datasources: Object.fromEntries(entries.entries()) });
  const cases = [
    ["nothing", none, false, ""],
    ["a store in Redis", { ...none, model_store: { location: "rediss://127.0.0.1" } }, false, "servers.redis.stores"],
    ["a store in a folder", { ...none, model_store: { location: "./store" } }, false, "servers.file.stores"],
    ["a store in S3", { ...none, model_store: { location: "s3://models/redis:" } }, false, "everywhere.s3.stores"],
    ["data in Azure", sources({ path: "az://c/x" }), false, "everywhere.azure.locations"],
    [
      "data in R2 and D1",
      { ...sources({ path: "r2://B/x" }), dbms: { x: { url: "d1://DB" } } },
      false,
      "workers.r2.locations workers.d1.databases",
    ],
    ["data beside it", sources({ path: "./x.csv", dtypes_path: "s3://b/x" }), false, "everywhere.s3.locations"],
  ] as const;
  for (const [what, config, hasPlugins, expected] of cases) {
    it(`are in a package with ${what} no more than it asks for`, () => {
      const used = Object.keys(backendTables).flatMap((table) =>
        Array.from(
          usedBackends(table, [config as unknown as Config], hasPlugins).matchAll(/(\w+) as (\w+)_\w+/g),
          ([, part, name]) => `${table}.${name}.${part}`,
        ),
      );
      expect(used.join(" ")).toBe(expected);
    });
  }

  it("are all there that a variable or a plugin may name", () => {
    const byVariable = { ...none, model_store: { location_var: "MODELS" } } as unknown as Config;
    expect(usedBackends("servers", [byVariable], false)).toContain("import { stores as redis_stores }");
    expect(usedBackends("everywhere", [byVariable], false)).not.toContain("locations");
    expect(usedBackends("everywhere", [none as unknown as Config], true)).toContain(
      "import { locations as s3_locations }",
    );
  });
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
    const text = wranglerText([config], "build/cloudflare/index.mjs");
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
