import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { defineConfig } from "../../../../src/config/define.ts";
import { loadConfig } from "../../../../src/config/load.ts";
import { type Action, createData } from "../../../../src/data/access/create-data.ts";
import { defineSink, defineSource, type Plugin, pluginsFrom } from "../../../../src/data/access/plugin.ts";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import { silentLogger } from "../../../../src/log.ts";
import { type TestHostOverrides, testHost } from "../../../support/host.ts";

const folder = mkdtempSync(join(tmpdir(), "launchpad-open-"));
const path = pathToFileURL(join(folder, "data.csv")).href;
writeFileSync(join(folder, "data.csv"), "a\n1\n2\n");

function open(sections: object, overrides: TestHostOverrides = {}, plugins: readonly Plugin[] = []) {
  const host = testHost(overrides);
  const config = defineConfig(
    { model_store: { location: "memory:" }, model: { name: "m", version: "1.0.0", module: "m" }, ...sections },
    { log: silentLogger },
  );
  return { data: createData({ config, host, plugins }), host };
}

const tagged = {
  datasources: {
    petals: { type: "csv", path, tags: ["train"] },
    holdout: { type: "csv", path, tags: ["test", "predict"] },
    shared: { type: "csv", path },
  },
  datasinks: { results: { type: "csv", path: pathToFileURL(join(folder, "out/results.csv")).href, tags: ["predict"] } },
};

describe("a wrong option", () => {
  it("is reported where it stands: in an overlay, too", async () => {
    const files = {
      "base.yml": `model_store: { location: "memory:" }
model: { name: m, version: "1", module: m }
dbms:
  shop:
    type: sql
    url: "file::memory:"
    options: { decimals: str }
datasources:
  sizes:
    type: csv
    path: sizes.csv
    options:
      sep: ";"
  orders:
    type: dbms.shop
    query: select 1
`,
      "overlay.yml": `dbms:
  shop:
    options: { decimals: float }
datasources:
  sizes:
    options:
      encodin: latin1
      decimal_var: DECIMAL
`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const host = testHost({ env: (name) => (name === "DECIMAL" ? "12" : undefined) });
    const paths = Object.keys(files).map((name) => pathToFileURL(join(folder, name)));
    const data = createData({ config: await loadConfig(paths, host), host, plugins: [] });
    const messageOf = (name: string) =>
      data
        .access("train")
        .source(name)
        .frame()
        .then(
          () => expect.unreachable(),
          ({ message }) => message,
        );
    const lines = (await messageOf("sizes")).split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/overlay\.yml line 7: options: unknown option "encodin"; did you mean "encoding"\?/),
      expect.stringMatching(/overlay\.yml line 8: options\.decimal: .* expected, found "12"/),
    ]);
    expect(await messageOf("orders")).toMatch(/overlay\.yml line 3: dbms\.shop: options\.decimals: .*found "float"/);
  });
});

describe("access", () => {
  it.each<readonly [Action, string[], string[]]>([
    ["train", ["petals", "shared"], []],
    ["test", ["holdout", "shared"], []],
    ["predict", ["holdout", "shared"], ["results"]],
  ])("of %s has what is tagged for it, and what has no tags", (action, sources, sinks) => {
    const access = open(tagged).data.access(action);
    expect([access.sources, access.sinks]).toEqual([sources, sinks]);
    for (const name of sources) expect(access.source(name).name).toBe(name);
  });

  it("reads and writes", async () => {
    const access = open(tagged).data.access("predict");
    const frame = await access.source("shared").frame();
    await access.sink("results").write(frame);
    expect(readFileSync(join(folder, "out/results.csv"), "utf8")).toBe("a\n1\n2\n");
  });

  it("lists the names there are, with their tags, and what was meant", () => {
    const access = open(tagged).data.access("train");
    expect(() => access.source("petal")).toThrowError(
      expect.objectContaining({
        code: "DATA_UNKNOWN",
        message: expect.stringMatching(
          /"petal"; did you mean "petals"\? .*petals \(train\), holdout \(test, predict\), shared \(no tags\)/,
        ),
      }),
    );
    expect(() => access.source("toString")).toThrowError(expect.objectContaining({ code: "DATA_UNKNOWN" }));
    expect(() => open({}).data.access("train").sink("x")).toThrowError(/there are no datasinks/);
  });

  it("says that a name is for another action", () => {
    expect(() => open(tagged).data.access("train").source("holdout")).toThrowError(
      expect.objectContaining({
        code: "DATA_UNKNOWN",
        message: expect.stringMatching(/for test, predict, not for train/),
      }),
    );
  });
});

describe("check", () => {
  it("passes when something serves every type", () => {
    expect(() => open(tagged).data.check()).not.toThrow();
    expect(() => open({}).data.check()).not.toThrow();
  });

  it("lists every type that nothing serves, and what was meant", () => {
    const { data } = open({
      dbms: { shop: { type: "sqll", url: "file:x.db" } },
      datasources: {
        a: { type: "csvv", path },
        b: { type: "dbms.shop", query: "select 1" },
        d: { type: "toString" },
      },
      datasinks: { e: { type: "dbms.shop" } },
    });
    const error = (() => {
      try {
        data.check();
      } catch (thrown) {
        return thrown as Error & { code: string };
      }
    })();
    expect(error?.code).toBe("CONFIG_INVALID");
    expect(error?.message.split("\n")).toEqual([
      expect.stringMatching(/no data source type "csvv"; did you mean "csv"\?/),
      expect.stringMatching(/no data source type "dbms.shop" \(dbms.sqll\); did you mean "dbms.sql"\?/),
      expect.stringMatching(/no data source type "toString"/),
      expect.stringMatching(/no data sink type "dbms.shop" \(dbms.sqll\)/),
    ]);
  });
});

describe("prepare", () => {
  it("fails with everything that is wrong with what the action sees, and only with that", async () => {
    const { data } = open({
      datasources: {
        a: { type: "csv", path, options: { sep_var: "SEPARATOR" } },
        b: { type: "csv", path, options: { seb: ";" } },
        c: { type: "csv", path, options: { dezimal: "," }, tags: ["test"] },
      },
    });
    const error = await data.prepare("train").catch((thrown) => thrown);
    expect(error.message).toContain("SEPARATOR");
    expect(error.message).toContain('did you mean "sep"?');
    expect(error.message).not.toContain("dezimal");
  });

  it("fills in variables", async () => {
    const text = join(folder, "semicolon.csv");
    writeFileSync(text, "a;b\n1;2\n");
    const sections = {
      datasources: { a: { type: "csv", path: pathToFileURL(text).href, options: { sep_var: "SEPARATOR" } } },
    };
    const { data } = open(sections, { env: { SEPARATOR: ";" } });
    await data.prepare("train");
    expect((await data.access("train").source("a").frame()).row(0)).toEqual({ a: 1, b: 2 });
  });

  it("reads no data, and can be tried again after a failure", async () => {
    let env: Record<string, string> = {};
    const sections = { datasources: { a: { type: "csv", path: "file:///nowhere.csv", options: { sep_var: "SEP" } } } };
    const { data } = open(sections, { env: (name) => env[name] });
    await expect(data.prepare("train")).rejects.toMatchObject({ code: "VARIABLE_NOT_SET" });
    env = { SEP: ";" };
    await expect(data.prepare("train")).resolves.toBeUndefined();
  });
});

describe("drivers", () => {
  const counted = () => {
    const events: string[] = [];
    const plugin = defineSource({
      serves: ["bogus"],
      async open({ name }) {
        events.push(`open ${name}`);
        return {
          async frame() {
            events.push(`read ${name}`);
            return createFrame({ a: [events.length] });
          },
          close: () => {
            events.push(`close ${name}`);
            throw new Error("already closed");
          },
        };
      },
    });
    return { events, plugin };
  };

  it("are opened once, however many runs use them, and closed at the end", async () => {
    const { events, plugin } = counted();
    const { data } = open({ datasources: { a: { type: "bogus" }, b: { type: "bogus" } } }, {}, [plugin]);
    data.check();
    await Promise.all([data.prepare("train"), data.prepare("test"), data.access("train").source("a").frame()]);
    await data.access("predict").source("a").frame();
    await data.close();
    expect(events).toEqual(["open a", "open b", "read a", "read a", "close a", "close b"]);
    await expect(data.access("train").source("a").frame()).rejects.toMatchObject({ code: "DATA_UNAVAILABLE" });
  });

  it("keep what was read between runs, for as long as expires says", async () => {
    const { events, plugin } = counted();
    let now = 0;
    const sections = { datasources: { a: { type: "bogus", expires: 5 } } };
    const { data } = open(sections, { now: () => now }, [plugin]);
    for (const action of ["train", "test", "predict"] as const) await data.access(action).source("a").frame();
    now = 5000;
    await data.access("predict").source("a").frame();
    expect(events).toEqual(["open a", "read a", "read a"]);
    expect(() => data.access("train").source("a").batches()).toThrowError(/expires: 0/);
  });

  it("keep 32 results by parameters unless told, and let go of what was not used for longest", async () => {
    const { events, plugin } = counted();
    const { data } = open({ datasources: { a: { type: "bogus", expires: -1 } } }, {}, [plugin]);
    const read = (value: number) => data.access("predict").source("a").frame({ value });
    for (let value = 0; value < 33; value++) await read(value);
    expect(events).toHaveLength(34);
    await read(32);
    await read(1);
    expect(events).toHaveLength(34);
    await read(0);
    expect(events).toHaveLength(35);
  });

  it("of plugins replace earlier ones and built-ins, with a warning", async () => {
    const fixed = (a: number) =>
      defineSource({ serves: ["csv"], open: () => ({ frame: async () => createFrame({ a: [a] }) }) });
    const { data, host } = open({ datasources: { x: { type: "csv", path } } }, {}, [fixed(10), fixed(20)]);
    expect((await data.access("train").source("x").frame()).row(0)).toEqual({ a: 20 });
    const warnings = host.records.filter(({ level }) => level === "warning");
    expect(warnings.map(({ name, message }) => [name, message])).toEqual([
      ["launchpad.data", "a plugin replaces the data source type csv of Launchpad"],
      ["launchpad.data", "a plugin replaces the data source type csv of another plugin"],
    ]);
  });

  it("of databases get their dbms entry, variables filled in", async () => {
    const url = pathToFileURL(join(folder, "shop.db")).href;
    const client = createClient({ url });
    await client.executeMultiple("create table t (a integer); insert into t values (1), (2);");
    client.close();
    const { data } = open(
      {
        dbms: { shop: { type: "sql", url_var: "SHOP" } },
        datasources: { orders: { type: "dbms.shop", query: "select a from t where a > :least" } },
      },
      { env: { SHOP: url } },
    );
    data.check();
    await data.prepare("predict");
    expect((await data.access("predict").source("orders").frame({ least: 1 })).row(0)).toEqual({ a: 2 });
    await data.close();
  });
});

describe("plugins", () => {
  const a = defineSource({ serves: ["a"], open: () => ({}) });
  const b = defineSink({ serves: ["b"], open: () => ({}) });

  it("are found among the exports of a module, each once", () => {
    expect(pluginsFrom({ default: a, a, list: [b], other: 1 }, "./plugin.ts")).toEqual([a, b]);
  });

  it("must be there", () => {
    expect(() => pluginsFrom({ serves: ["a"] }, "./plugin.ts")).toThrowError(
      expect.objectContaining({ code: "MODULE_INVALID", message: expect.stringMatching(/^\.\/plugin\.ts: .*serves/) }),
    );
  });
});
