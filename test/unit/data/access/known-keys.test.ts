import { describe, expect, it } from "vitest";
import { createHost } from "../../../../runtimes/node.ts";
import { createData } from "../../../../src/data/access/create-data.ts";
import { defineSink, defineSource } from "../../../../src/data/access/plugin.ts";
import { defineConfig } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";

const base = { model_store: { location: "memory:" }, model: { name: "m", version: "1.0.0", module: "m" } };
const problems = (sections: object, plugins: Parameters<typeof createData>[0]["plugins"] = []) => {
  const host = testHost();
  try {
    const config = defineConfig({ ...base, plugins: plugins.length > 0 ? ["x"] : [], ...sections }, { log: host.log });
    createData({ config, host, plugins }).check();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};
const file = { type: "csv", path: "file:///data/x.csv" };

describe("keys that nothing reads", () => {
  it.each([
    [
      "a source",
      { datasources: { a: { ...file, foo: 1 } } },
      'datasources.a: found an unknown key "foo"; there are "type"',
    ],
    ["a sink", { datasinks: { a: { ...file, chunks: 1 } } }, 'datasinks.a: found an unknown key "chunks"'],
    ["a variable", { datasources: { a: { ...file, secret_thing_var: "X" } } }, 'unknown key "secret_thing_var"'],
    ["a query of a file", { datasources: { a: { ...file, query: "select 1" } } }, 'unknown key "query"'],
    [
      "a table of a source",
      {
        dbms: { d: { type: "sql", url: "sqlite://" } },
        datasources: { a: { type: "dbms.d", query: "select 1", table: "t" } },
      },
      'unknown key "table"; there are',
    ],
    ["a database", { dbms: { d: { type: "sql", url: "sqlite://", foo: 1 } } }, 'dbms.d: found an unknown key "foo"'],
    [
      "SQLAlchemy's",
      { dbms: { d: { type: "sql", url: "sqlite://", pool_size: 5 } } },
      'unknown key "pool_size". Write options.max_connections',
    ],
    [
      "SQLAlchemy's echo",
      { dbms: { d: { type: "sql", url: "sqlite://", echo: true } } },
      'unknown key "echo". Remove it',
    ],
    [
      "create_engine's arguments",
      { dbms: { d: { type: "sql", url: "sqlite://", connect_args: {} } } },
      "Write what they hold below options",
    ],
  ])("of %s are errors", (_, sections, message) => {
    expect(problems(sections)).toContain(message);
  });

  it("are all told at once", () => {
    const told = problems({ datasources: { a: { ...file, foo: 1, bar: 2 } }, datasinks: { b: { ...file, baz: 1 } } });
    expect(told.split("\n")).toHaveLength(3);
  });

  it("ask what was meant", () => {
    expect(problems({ datasources: { a: { ...file, max_byte: 1 } } })).toMatch(/Did you mean max_bytes\?/);
  });

  it("may be anything where a plugin serves the type, also one of Launchpad's", () => {
    const open = () => ({});
    const own = [
      defineSource({ serves: ["mine", "csv", "dbms.spark"], open }),
      defineSink({ serves: ["dbms.spark"], open }),
    ];
    const entries = {
      dbms: { s: { type: "spark", master: "local", anything: 1 } },
      datasources: { a: { type: "mine", foo: 1 }, b: { ...file, foo: 1 }, c: { type: "dbms.s", whatever: 1 } },
    };
    expect(problems(entries, own)).toBe("");
    expect(problems({ datasources: { a: { type: "jsonl", path: "file:///x", foo: 1 } } }, own)).toContain(
      'unknown key "foo"',
    );
  });

  it("of a model store are errors, as far as its location says", async () => {
    const { openStorage } = createHost();
    const opening = async (location: string, section: object) => openStorage(location, { ...section });
    await expect(opening("memory:", { regoin: "x" })).rejects.toThrow(
      "model_store.regoin: found an unknown key, expected location, refresh, sign_key or verify_key",
    );
    await expect(opening("s3://bucket/x", { regoin: "x" })).rejects.toThrow("Did you mean region?");
    await expect(opening("http://127.0.0.1/x", { region: "x" })).rejects.toThrow(
      "model_store.region: found an unknown key",
    );
    await expect(opening("memory:", { refresh: 3, verify_key: ["x"] })).resolves.toBeDefined();
  });
});
