import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessTo } from "../../runtimes/backends/backend.ts";
import * as d1 from "../../runtimes/backends/d1.ts";
import { createFrame } from "../../src/data/frame/frame.ts";
import type { D1Database } from "../../src/internal.ts";
import { sinkContract } from "../contract/sink.ts";
import { contractRows, sourceContract } from "../contract/source.ts";
import { testHost } from "../support/host.ts";
import { type Opened, opening } from "./open.ts";

const bound = (bindings: object) => accessTo({ d1 }, { env: () => undefined, bindings: { ...bindings } });

let worker: Miniflare;
let database: D1Database;
let open: Opened;
let tables = 0;

beforeAll(async () => {
  worker = new Miniflare({
    modules: true,
    script: "export default { fetch: () => new Response() }",
    compatibilityDate: "2026-07-01",
    d1Databases: ["DB"],
  });
  database = (await worker.getD1Database("DB")) as unknown as D1Database;
  open = opening("d1://DB", testHost(bound({ DB: database })));
  const columns = "name text, petals integer, width real";
  for (const table of ["petals", "vacant"]) await database.prepare(`create table ${table} (${columns})`).run();
  for (const { name, petals, width } of contractRows) {
    await database.prepare("insert into petals values (?, ?, ?)").bind(name, petals, width).run();
  }
});

afterAll(async () => {
  await open?.close();
  await worker?.dispose();
});

const read = async (table: string) => (await open.source(`select * from "${table}"`)).frame();
const tablesLike = async (name: string) =>
  (await (await open.source("select name from sqlite_master where name like :name")).frame({ name })).length;

sourceContract("dbms.sql (D1)", {
  open: ({ signal, empty } = {}) => open.source(`select * from ${empty ? "vacant" : "petals"}`, { signal }),
  missing: () => open.source("select * from missing"),
});

sinkContract("dbms.sql (D1)", () => {
  const table = `made_${++tables}`;
  return {
    open: ({ signal } = {}) => open.sink(table, { entry: { options: { if_exists: "replace" } }, signal }),
    read: async () => ((await tablesLike(table)) > 0 ? read(table) : undefined),
  };
});

describe("D1", () => {
  it("keeps what was written; whole numbers are integers, up to 2^53", async () => {
    const frame = createFrame(
      {
        f: [1.5, null],
        l: [2 ** 53 - 1, -(2 ** 53 - 1)],
        b: [true, false],
        s: ["Ähre 🌾", null],
        d: [new Date(0), null],
      },
      { b: "bool" },
    );
    await (await open.sink("kept")).write(frame);
    const kept = await read("kept");
    expect([...kept.rows()]).toEqual([
      { f: 1.5, l: 2 ** 53 - 1, b: 1, s: "Ähre 🌾", d: "1970-01-01T00:00:00.000Z" },
      { f: Number.NaN, l: -(2 ** 53 - 1), b: 0, s: null, d: null },
    ]);
    expect(kept.dtypes).toMatchObject({ f: "float64", l: "int64", s: "str" });
  });

  it("binds parameters by name, and reads bytes as hexadecimal text", async () => {
    const source = await open.source("select :word || '!' as said, x'00ff' as bytes, :day as day, :flag as flag");
    const frame = await source.frame({ word: "hush", day: new Date(0), flag: true });
    expect([...frame.rows()]).toEqual([{ said: "hush!", bytes: "00ff", day: "1970-01-01T00:00:00.000Z", flag: 1 }]);
  });

  it("writes more rows than one statement takes, all of them or none", async () => {
    const many = Array.from({ length: 5000 }, (_, n) => ({ n, square: n * n, name: `row ${n}` }));
    await (await open.sink("many")).write(many);
    expect((await read("many")).length).toBe(5000);
    await database.prepare("create table strict (n integer check (n < 300))").run();
    const failing = (await open.sink("strict", { entry: { options: { if_exists: "append" } } })).write(
      Array.from({ length: 400 }, (_, n) => ({ n })),
    );
    await expect(failing).rejects.toMatchObject({ code: "DATA_INVALID", message: /CHECK constraint failed/ });
    expect((await read("strict")).length).toBe(0);
  });

  it("appends to a table, and replaces it", async () => {
    await (await open.sink("log", { entry: { options: { if_exists: "append" } } })).write([{ n: 1 }]);
    await (await open.sink("log", { entry: { options: { if_exists: "append" } } })).write([{ n: 2 }]);
    expect([...(await read("log")).column("n")]).toEqual([1, 2]);
    await (await open.sink("log", { entry: { options: { if_exists: "replace" } } })).write([{ n: 3 }]);
    expect([...(await read("log")).column("n")]).toEqual([3]);
    await expect((await open.sink("log")).write([{ n: 4 }])).rejects.toThrow(/the table "log" exists/);
  });

  it("says what is wrong with a query, and which binding is missing", async () => {
    const wrong = await open.source("select * fro petals");
    await expect(wrong.frame()).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(/syntax error/),
    });
    const unbound = opening("d1://OTHER", testHost(bound({ DB: database, OTHER: "text" })));
    await expect(unbound.source("select 1")).rejects.toMatchObject({
      code: "BINDING_NOT_SET",
      detail: "Not bound where this API runs: OTHER (d1_databases).",
      message: expect.stringContaining(
        "found d1://OTHER, but there is no such binding named OTHER. Add it to d1_databases",
      ),
    });
  });
});
