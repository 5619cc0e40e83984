import { existsSync, mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSource } from "../../../../src/data/access/source.ts";
import { source } from "../../../../src/data/sql/index.ts";
import type { Source } from "../../../../src/data/types.ts";
import { contractRows, sourceContract } from "../../../contract/source.ts";
import { testHost } from "../../../support/host.ts";

const folder = mkdtempSync(join(tmpdir(), "launchpad-sql-"));
const path = join(folder, "shop with space.db");
const url = pathToFileURL(path).href;
const host = testHost({ cwd: folder });

beforeAll(async () => {
  const client = createClient({ url });
  await client.executeMultiple(`
    create table petals (name text, petals integer, width real);
    create table empty (name text, petals integer, width real);
    create table mixed (i, f, s, b);
    create table typed (i integer, r real, n numeric(10, 2), s varchar(10), b boolean, d timestamp);
    insert into typed values (1, 2, 3, 'x', 1, '2024-02-29 12:30:00'), (2, null, null, null, null, null),
      (3, null, null, null, 2, 'soon');
    insert into mixed values (1, 1, 1, x'00'), (2, 2.5, 'x', null), (9007199254740993, null, 2.0, null);
  `);
  for (const { name, petals, width } of contractRows) {
    await client.execute({ sql: "insert into petals values (?, ?, ?)", args: [name, petals, width] });
  }
  client.close();
});

const opened: { close?(): unknown }[] = [];
afterAll(async () => {
  for (const driver of opened) await driver.close?.();
});

async function open(query: unknown, dbms: object = { url }, signal?: AbortSignal): Promise<Source> {
  const entry = { type: "dbms.shop", query };
  const driver = await source.open({ name: "orders", entry, dbms: { ...dbms }, where: "launchpad.yml line 9", host });
  opened.push(driver);
  return createSource(driver, { name: "orders", type: "dbms.shop", tags: [], where: "launchpad.yml line 9", signal });
}

const fails = async (query: unknown, params = {}, dbms?: object) => {
  const error = await open(query, dbms)
    .then((opening) => opening.frame(params))
    .catch((thrown) => thrown);
  return `${error.code} ${error.message}`;
};
const first = async (query: string, params = {}) => (await (await open(query)).frame(params)).row(0);

sourceContract("dbms.sql", {
  open: ({ signal, empty } = {}) => open(`select * from ${empty ? "empty" : "petals"}`, { url }, signal),
  missing: () => open("select * from missing"),
});

describe("results", () => {
  it("have the dtypes of what is stored", async () => {
    const frame = await (await open("select i, f, s from mixed")).frame();
    expect(frame.dtypes).toEqual({ i: "int64", f: "float64", s: "str" });
    expect(frame.column("i")).toEqual(BigInt64Array.of(1n, 2n, 9007199254740993n));
    expect(frame.column("f")).toEqual(Float64Array.of(1, 2.5, Number.NaN));
    expect(frame.column("s")).toEqual(["1", "x", "2"]);
  });

  it("keep integers exact that a float cannot hold", async () => {
    const frame = await (await open("select 9007199254740993 as a union all select null")).frame();
    expect([frame.dtypes.a, frame.column("a")]).toEqual(["str", ["9007199254740993", null]]);
  });

  it("have names that are all different", async () => {
    expect(await first("select 1 as a, 2 as a")).toEqual({ a: 1, "a.1": 2 });
  });

  it("hold bytes as hexadecimal text", async () => {
    const frame = await (await open("select x'00ff10' as b union all select null")).frame();
    expect([frame.dtypes.b, frame.column("b")]).toEqual(["str", ["00ff10", null]]);
  });

  it("have the declared types of their columns, also where there is nothing", async () => {
    const dtypes = { i: "int64", r: "float64", n: "float64", s: "str", b: "bool", d: "datetime" };
    expect((await (await open("select * from typed where i > 5")).frame()).dtypes).toEqual(dtypes);
    expect((await (await open("select * from typed where i = 2")).frame()).dtypes).toEqual(dtypes);
    expect(await first("select * from typed where i = 1")).toEqual({
      ...{ i: 1, r: 2, n: 3, s: "x", b: true },
      d: new Date("2024-02-29T12:30:00Z"),
    });
    expect((await (await open("select b, d from typed where i = 3")).frame()).row(0)).toEqual({ b: 2, d: "soon" });
    expect((await (await open("select r, s, b, d from typed where i = 2")).frame()).row(0)).toEqual({
      ...{ r: Number.NaN, s: null, b: null, d: null },
    });
  });
});

describe("parameters", () => {
  it("are bound, never pasted", async () => {
    const evil = "x'; drop table petals; --";
    expect(await first("select :v as v, ':v' as s -- :no", { v: evil })).toEqual({ v: evil, s: ":v" });
    expect((await (await open("select * from petals where name = :n")).frame({ n: evil })).length).toBe(0);
  });

  it("hold what a cell holds", async () => {
    const types = "select typeof(:v) as t, cast(:v as text) as v";
    expect(await first(types, { v: 5 })).toEqual({ t: "integer", v: "5" });
    expect(await first(types, { v: 0.5 })).toEqual({ t: "real", v: "0.5" });
    expect(await first(types, { v: 2n ** 62n })).toEqual({ t: "integer", v: "4611686018427387904" });
    expect(await first(types, { v: true })).toEqual({ t: "integer", v: "1" });
    expect(await first(types, { v: null })).toMatchObject({ t: "null" });
    expect(await first(types, { v: Number.NaN })).toMatchObject({ t: "null" });
    expect(await first(types, { v: new Date(0) })).toEqual({ t: "text", v: "1970-01-01T00:00:00.000Z" });
    expect(await fails(types, { v: Number.POSITIVE_INFINITY })).toMatch(/^DATA_INVALID .*:v.*Infinity/);
    expect(await fails(types, { v: 2n ** 63n })).toMatch(/^DATA_INVALID .*:v/);
  });

  it("need a value each, and a place each", async () => {
    const message = await fails("select :minimum, :maximum", { minimun: 1 });
    expect(message).toMatch(/^DATA_INVALID/);
    expect(message.split("\n")).toHaveLength(3);
    expect(message).toContain("the query needs a value for :minimum");
    expect(message).toContain("the query needs a value for :maximum");
    expect(message).toContain('the query has no parameter :minimun; did you mean "minimum"?');
    expect(await fails("select :toString")).toContain("a value for :toString");
  });

  it("are written :name", async () => {
    for (const query of ["select ?", "select $a", "select @a", "select ?1"]) {
      expect(await fails(query)).toMatch(/^CONFIG_INVALID launchpad.yml line 9: query: parameters are written :name/);
    }
  });
});

describe("what goes wrong", () => {
  it("says what the database says of a query", async () => {
    expect(await fails("select * from nowhere")).toMatch(
      /^DATA_INVALID \[dbms.shop\] orders: .*no such table: nowhere/,
    );
    expect(await fails("selec 1")).toMatch(/^DATA_INVALID .*syntax error/);
    expect(await fails(undefined)).toMatch(/^CONFIG_INVALID launchpad.yml line 9: query/);
  });

  it("does not create a database that is not there", async () => {
    const missing = join(folder, "missing.db");
    expect(await fails("select 1", {}, { url: pathToFileURL(missing).href })).toMatch(
      /^DATA_UNAVAILABLE .*\.\/missing.db: there is no such database file/,
    );
    expect(existsSync(missing)).toBe(false);
  });

  it("says that a server does not answer, without its secrets", async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const dbms = { url: `http://127.0.0.1:${port}/?authToken=hunter2`, auth_token: "hunter3" };
    const message = await fails("select 1", {}, dbms);
    expect(message).toMatch(/^DATA_UNAVAILABLE \[dbms.shop\] orders: http:\/\/127.0.0.1/);
    expect(message).not.toContain("hunter");
  });

  it("says what a server answers that refuses", async () => {
    const server = createServer((_, response) => response.writeHead(401).end('{"error":"token hunter2 is wrong"}'));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const source = await open("select 1", { url: `http://127.0.0.1:${port}`, auth_token: "hunter2" });
    const error = await source.frame().catch((thrown) => thrown);
    server.closeAllConnections();
    server.close();
    expect(error.code).toBe("DATA_UNAVAILABLE");
    expect(`${error.message}${error.cause?.message}${error.cause?.stack}`).not.toContain("hunter2");
  });

  it.each([
    ["mongodb://user:hunter2@db/shop", /^CONFIG_INVALID launchpad.yml line 9: .*mongodb:.*libsql:.*postgresql:/],
    ["postgresql://user:hunter2/3@db/shop", /^CONFIG_INVALID .*%2F/],
    ["shop.db", /^CONFIG_INVALID .*no scheme/],
    [undefined, /^CONFIG_INVALID .*no url/],
  ])("says what is served instead of %s", async (location, expected) => {
    const message = await fails("select 1", {}, { url: location });
    expect(message).toMatch(expected);
    expect(message).not.toContain("hunter2");
  });
});

describe("addresses", () => {
  it.each([
    ["a file URL", { url }],
    ["ML Launchpad's key", { connection_string: url }],
    ["SQLAlchemy's absolute form", { connection_string: `sqlite:///${path}` }],
    ["SQLAlchemy's relative form", { connection_string: "sqlite:///shop with space.db" }],
    ["libSQL's relative form", { url: "file:shop with space.db" }],
  ])("%s", async (_, dbms) => {
    expect((await (await open("select * from petals", dbms)).frame()).length).toBe(contractRows.length);
  });

  it.each([":memory:", "file::memory:", "sqlite://", "sqlite:///:memory:"])("%s", async (location) => {
    expect((await (await open("select 1 as a", { url: location })).frame()).row(0)).toEqual({ a: 1 });
  });
});
