import { describe, expect, it } from "vitest";
import { defineConfig, isConfig } from "../../../src/config/define.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { baseOf, whereIs } from "../../../src/config/source-map.ts";
import { cwd, errorOf, hostOf, least, leastValue, problemsOf, problemsOfValue } from "../../support/files.ts";

describe("a configuration as a value", () => {
  it("gets the same checks and defaults as a file, and keeps its paths without a base", () => {
    const config = defineConfig({
      ...leastValue,
      datasources: { petals: { type: "csv", path: "./x.csv", tags: "train" } },
    });
    expect(config.model_store.location).toBe("./model_store");
    expect(config.model.order_columns_not_used_warning).toBe("always");
    expect(config.datasources.petals).toEqual({ type: "csv", path: "./x.csv", tags: ["train"] });
  });

  it("has its paths resolved against a base", () => {
    const config = defineConfig(leastValue, { base: new URL("file:///models/iris/launchpad.yml") });
    expect(config.model_store.location).toBe("file:///models/iris/model_store");
    expect(baseOf(config, ["model", "module"])?.href).toBe("file:///models/iris/launchpad.yml");
  });

  it("is not frozen itself, and shares nothing with the result", () => {
    const value = structuredClone(leastValue);
    const config = defineConfig(value);
    value.model.name = "changed";
    expect(config.model.name).toBe("iris");
    expect(Object.isFrozen(config.model)).toBe(true);
  });

  it("is called by its name in messages", async () => {
    expect(whereIs(defineConfig(leastValue, { name: "worker.ts" }), ["model"])).toBe("worker.ts");
    expect(whereIs(defineConfig(leastValue), ["model"])).toBe("configuration");
    expect((await errorOf(() => defineConfig([], { name: "worker.ts" }))).message).toMatch(/^worker\.ts: found a list/);
  });

  it("is known again, and defined once", () => {
    const config = defineConfig(leastValue);
    expect(isConfig(config)).toBe(true);
    expect(isConfig(leastValue)).toBe(false);
    expect(defineConfig(config)).toBe(config);
  });

  it("holds plain data only, without cycles", async () => {
    class Own {}
    const value = {
      ...leastValue,
      mine: { f: () => 1, date: new Date(0), own: [new Own()], big: 1n, none: undefined },
    };
    expect(await problemsOfValue(value)).toEqual([
      expect.stringMatching(/^configuration: mine\.f: found a function, expected plain data/),
      expect.stringMatching(/^configuration: mine\.date: found an object of class Date/),
      expect.stringMatching(/^configuration: mine\.own\[0\]: found an object of class Own/),
      expect.stringMatching(/^configuration: mine\.big: found a bigint/),
    ]);
    const cycle: Record<string, unknown> = {};
    cycle.a = cycle;
    cycle.b = cycle;
    expect((await problemsOfValue(cycle))[0]).toContain("more than 100 levels");
    expect(await problemsOfValue({ ...leastValue, mine: JSON.parse('{"__proto__": {"x": 1}}') })).toEqual([
      expect.stringContaining("mine.__proto__: found the key __proto__"),
    ]);
  });

  it("needs no YAML parser", async () => {
    const { readFile } = await import("node:fs/promises");
    const seen = new Set<string>();
    const visit = async (file: URL): Promise<void> => {
      if (seen.has(file.href)) return;
      seen.add(file.href);
      for (const [, specifier = ""] of (await readFile(file, "utf8")).matchAll(/from "([^"]+)"/g)) {
        expect(specifier).not.toBe("yaml");
        if (specifier.startsWith(".")) await visit(new URL(specifier, file));
      }
    };
    await visit(new URL("../../../src/config/define.ts", import.meta.url));
    expect(seen.size).toBeGreaterThan(8);
  });
});

describe("everything that is wrong", () => {
  it("is said at once, a line each, in the order of the file", async () => {
    const problems = await problemsOf(`modle_store: {}
model:
  name: my model
  version: 1.10
  order_columns_not_used_warning: allways
datasources:
  petals:
    type: dbms.warehose
    tags: [train, tset]
    expires: -2
    cache_size: 1.5
    options: none
  other: csv
datasinks:
  out:
    tpye: csv
dbms:
  warehouse: {url: x}
api:
  name: a/b
  version: 1
  preload_datasources: yes
plugins: ./mine.ts
`);
    const rule = 'letters, digits, ".", "_" and "-", first a letter or digit, at most 200 characters';
    expect(problems).toEqual([
      "./launchpad.yml line 1: modle_store: found an unknown key, expected model_store. Did you mean model_store?",
      "./launchpad.yml line 2: model.module: found nothing, expected the module of the model, such as tree_model for tree_model.ts",
      `./launchpad.yml line 3: model.name: found "my model", expected the name of the model: ${rule}`,
      `./launchpad.yml line 4: model.version: found the number 1.10, expected a version that begins with a whole number, such as "1.0.0" (${rule}). Write it in quotes: "1.10"`,
      './launchpad.yml line 5: model.order_columns_not_used_warning: found "allways", expected always, test_and_predict or never. Did you mean always?',
      './launchpad.yml line 8: datasources.petals.type: found "dbms.warehose", expected a name below dbms: warehouse. Did you mean dbms.warehouse?',
      './launchpad.yml line 9: datasources.petals.tags[1]: found "tset", expected train, test or predict. Did you mean test?',
      "./launchpad.yml line 10: datasources.petals.expires: found the number -2, expected a number of seconds: -1 to keep what was read for ever, 0 to keep nothing",
      "./launchpad.yml line 11: datasources.petals.cache_size: found the number 1.5, expected a whole number of results to keep, at least 1",
      './launchpad.yml line 12: datasources.petals.options: found "none", expected a mapping of options',
      './launchpad.yml line 13: datasources.other: found "csv", expected a mapping with at least "type"',
      "./launchpad.yml line 16: datasinks.out.tpye: found an unknown key, expected type. Did you mean type?",
      "./launchpad.yml line 18: dbms.warehouse.type: found nothing, expected the type of the database, such as sql",
      `./launchpad.yml line 20: api.name: found "a/b", expected the name of the API, which is part of its path: ${rule}`,
      "./launchpad.yml line 21: api.version: found a version, expected none: the API takes its version from model.version. Remove it, and set model.version",
      './launchpad.yml line 22: api.preload_datasources: found "yes", expected true or false',
      './launchpad.yml line 23: plugins: found "./mine.ts", expected a list of paths and packages',
    ]);
  });

  it.each([
    ["datasource", "datasources"],
    ["plugin", "plugins"],
    ["apis", "api"],
    ["dmbs", "dbms"],
  ])("includes %s for %s at the top level", async (key, meant) => {
    expect(await problemsOf(`${least}${key}: {}\n`)).toEqual([
      `./launchpad.yml line 4: ${key}: found an unknown key, expected ${meant}. Did you mean ${meant}?`,
    ]);
  });

  it.each([
    ["model: {nmae: x, version: '1', module: m}\nmodel_store: {location: x}", "model.nmae", "name"],
    ["model: {name: x, version: '1', module: m}\nmodel_store: {locaton: x}", "model_store.locaton", "location"],
    [`${least}api: {name: x, ramel: y}`, "api.ramel", "raml"],
    [`${least}datasources: {a: {type: csv, pth: y}}`, "datasources.a.pth", "path"],
    [`${least}datasinks: {a: {type: csv, expire: 1}}`, "datasinks.a.expire", "expires"],
    [`${least}dbms: {a: {type: sql, ulr_var: y}}`, "dbms.a.ulr_var", "url"],
  ])("includes misspelt keys, once: %#", async (text, path, meant) => {
    expect(await problemsOf(text)).toEqual([
      expect.stringContaining(`: ${path}: found an unknown key, expected ${meant}. Did you mean ${meant}?`),
    ]);
  });

  it("includes no keys of the user's own, of a type or of a plugin", () => {
    const config = defineConfig({
      ...leastValue,
      plugins: ["some-plugin"],
      datasources: { a: { type: "mine", paths: ["x"] } },
      model: { ...leastValue.model, names: ["a"], depth: 3 },
      app: undefined,
      db: { x: 1 },
      my_settings: 1,
    });
    expect(config).toMatchObject({ my_settings: 1, db: { x: 1 }, model: { names: ["a"], depth: 3 } });
  });

  it("does not show secrets", async () => {
    const text = `${least.replace("./model_store", "5")}dbms: {a: {type: sql, password: [hunter2], token_var: 77, url: x}}
datasources: {a: {type: "x://me:hunter2@host"}, b: {type: csv, expires: "?password=hunter2"}}\n`;
    const message = (await problemsOf(text)).join("\n");
    expect(message).toContain("dbms.a.token_var");
    expect(message).toContain("password=***");
    expect(message).not.toMatch(/hunter2|77/);
  });

  it("is cut after a hundred lines", async () => {
    const datasources = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`s${n}`, { type: 1 }]));
    const problems = await problemsOfValue({ ...leastValue, datasources });
    expect(problems.length).toBe(101);
    expect(problems.at(-1)).toBe("... and 200 more");
  });
});

describe("a key without a value", () => {
  it("counts as one that is not there", () => {
    const config = defineConfig({
      model_store: leastValue.model_store,
      model: { ...leastValue.model, order_columns_not_used_warning: null, own: null, constructor: null },
      datasources: null,
      api: { name: "iris", raml: null },
    });
    expect(config.datasources).toEqual({});
    expect(config.model.order_columns_not_used_warning).toBe("always");
    expect(config.model.own).toBeNull();
    expect(config.model.constructor).toBeNull();
    expect(config.api).toEqual({
      name: "iris",
      resource: "predictions",
      access_log: false,
      docs: true,
      admin: false,
      preload_datasources: false,
    });
  });
});

describe("the description of an API", () => {
  const define = (api: object) => defineConfig({ ...leastValue, api: { name: "iris", ...api } });

  it("is a RAML file or an OpenAPI file, not both", () => {
    expect(define({ raml: "iris.raml" }).api?.raml).toBe("iris.raml");
    expect(define({ openapi: "iris.yaml", raml: null }).api?.openapi).toBe("iris.yaml");
    expect(() => define({ raml: "iris.raml", openapi: "iris.yaml" })).toThrow(
      /api\.openapi: found a file beside that of api\.raml, expected one description of the API\. Keep one of them/,
    );
  });

  it("has a name for its resource that fits into a path", () => {
    expect(define({}).api?.resource).toBe("predictions");
    expect(() => define({ resource: "a/b" })).toThrow(/api\.resource: found "a\/b", expected the name of the resource/);
  });
});

describe("an unknown key of the API", () => {
  it("is ignored with a warning that says where", async () => {
    const host = hostOf({ "launchpad.yml": `${least}api:\n  name: iris\n  colour: red\nmine: {colour: red}\n` });
    await loadConfig([new URL("launchpad.yml", cwd)], host);
    expect(host.warnings).toEqual([
      "./launchpad.yml line 6: api.colour: found an unknown key, which is ignored. Known are name, raml, openapi, resource, preload_datasources, root_path, static, max_body_bytes, batch, max_batch_bytes, max_batch_rows, unknown_parameters, results, trusted_proxies, docs, pages, admin, admin_token_var, timeout, cors, response_headers, compression, problem_types, access_log, protocols, metrics, log and jobs",
    ]);
  });
});

describe("a path", () => {
  it("is resolved where it is one, and kept where it is not", () => {
    const base = new URL("file:///project/launchpad.yml");
    const config = defineConfig(
      {
        plugins: ["./mine.ts", "../up.ts", "/abs.ts", "a-package"],
        dbms: {
          file: { type: "sql", url: "file:./data.db", connection_string: "file:data.db" },
          server: { type: "sql", url: "libsql://host", connection_string: "./odd", path: "./odd" },
        },
        datasources: {
          a: { type: "csv", path: "a b#1.csv", dtypes_path: "./types.csv", query: "./q", options: { path: "./o" } },
        },
        datasinks: { a: { type: "csv", path: "https://example.com/x.csv" }, b: { type: "csv", path: 5 } },
        model_store: { location: "memory:", folder: "./kept" },
        model: { ...leastValue.model, module: "./tree_model.ts" },
        api: { name: "iris", raml: "iris.raml", root_path: "." },
      },
      { base },
    );
    expect(config.plugins).toEqual(["file:///project/mine.ts", "file:///up.ts", "file:///abs.ts", "a-package"]);
    expect(config.dbms.file).toMatchObject({
      url: "file:///project/data.db",
      connection_string: "file:///project/data.db",
    });
    expect(config.dbms.server).toMatchObject({ url: "libsql://host", connection_string: "./odd", path: "./odd" });
    expect(config.datasources.a).toMatchObject({
      path: "file:///project/a%20b%231.csv",
      dtypes_path: "file:///project/types.csv",
      query: "./q",
      options: { path: "./o" },
    });
    expect(config.datasinks).toMatchObject({ a: { path: "https://example.com/x.csv" }, b: { path: 5 } });
    expect(config.model_store).toEqual({ location: "memory:", folder: "./kept", refresh: 30 });
    expect(config.model.module).toBe("./tree_model.ts");
    expect(config.api).toMatchObject({ raml: "file:///project/iris.raml", root_path: "file:///project/" });
  });
});
