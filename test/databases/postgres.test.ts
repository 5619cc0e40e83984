import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Opened, opening } from "./open.ts";
import { type DatabaseServer, startPostgres } from "./servers.ts";
import { databaseSuite } from "./suite.ts";

databaseSuite({
  name: "PostgreSQL",
  start: startPostgres,
  async connect(server) {
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql`create schema other`;
    return {
      execute: async (text) => (await sql.unsafe(text)) as unknown as Record<string, unknown>[],
      close: () => sql.end(),
    };
  },
  series: (length) => `select n from generate_series(1, ${length}) n`,
  sleep: (seconds) => `pg_sleep(${seconds})`,
  running: "select query from pg_stat_activity where pid <> pg_backend_pid() and state = 'active'",
  killers: `select 'select pg_terminate_backend(' || pid || ')' from pg_stat_activity
    where pid <> pg_backend_pid() and backend_type = 'client backend'`,
  text: (parameter) => `${parameter}::text`,
  nul: false,
  schema: "other",
  float: "double precision",
});

describe("values of PostgreSQL", () => {
  let server: DatabaseServer;
  let open: Opened;

  beforeAll(async () => {
    server = await startPostgres();
    open = opening(server.url);
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    await sql.unsafe(`
      create type mood as enum ('happy', 'sad');
      create table typed (
        s smallint, i integer, l bigint, r real, f double precision, n numeric(10, 2), m numeric, w numeric(40, 20),
        b boolean, d date, t timestamp, z timestamptz, h time, v interval, x bytea, u uuid, e mood, j json, k jsonb,
        a integer[], q text[], c char(3)
      );
      insert into typed values
        (1, 2, 9007199254740993, 0.1, 0.1, 12.30, 1.5, '12345678901234567890.12345678901234567890', true, '2024-02-29',
          '2024-02-29 12:30:00.123456', '2024-02-29 12:30:00.123456+02', '12:30', '1 day 02:00', '\\x00ff10',
          '0a0b0c0d-0000-4000-8000-000000000000', 'happy', '{"a": 1.50}', '{"a": 1.50}', '{1,NULL}', '{"a b",c}', 'ab'),
        (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
      create table edges (n numeric, f double precision, t timestamp);
      insert into edges values ('NaN', 'Infinity', 'infinity');
    `);
    await sql.end();
  });

  afterAll(async () => {
    await open.close();
    await server.stop();
  });

  const dtypes = {
    ...{ s: "int64", i: "int64", l: "int64", r: "float64", f: "float64", n: "float64", m: "float64", w: "str" },
    ...{ b: "bool", d: "datetime", t: "datetime", z: "datetime", h: "str", v: "str", x: "str", u: "str", e: "str" },
    ...{ j: "str", k: "str", a: "str", q: "str", c: "str" },
  };

  it("have the dtypes of what is declared", async () => {
    const frame = await (await open.source("select * from typed where i is not null")).frame();
    expect(frame.dtypes).toEqual(dtypes);
    expect(frame.row(0)).toEqual({
      ...{ s: 1, i: 2, l: 9007199254740993n, r: 0.1, f: 0.1, n: 12.3, m: 1.5 },
      ...{ w: "12345678901234567890.12345678901234567890", b: true, d: new Date("2024-02-29") },
      ...{ t: new Date("2024-02-29T12:30:00.123Z"), z: new Date("2024-02-29T10:30:00.123Z"), h: "12:30:00" },
      ...{ v: "1 day 02:00:00", x: "00ff10", u: "0a0b0c0d-0000-4000-8000-000000000000", e: "happy" },
      ...{ j: '{"a": 1.50}', k: '{"a": 1.50}', a: "[1,null]", q: '["a b","c"]', c: "ab " },
    });
  });

  it("have them where everything is missing, and where there is nothing", async () => {
    const missing = await (await open.source("select * from typed where i is null")).frame();
    const floats = { s: "float64", i: "float64", l: "float64", w: "float64" };
    expect(missing.dtypes).toEqual({ ...dtypes, ...floats });
    const nothing = await (await open.source("select * from typed where false")).frame();
    expect(nothing.dtypes).toEqual({ ...dtypes, w: "float64" });
  });

  it("are computed as floats, and whole ones exactly", async () => {
    const query =
      "select avg(i) as a, sum(l) as s, sum(l) * 1000 as big, avg(g) as x from typed, (values (1), (1), (2)) v(g)";
    const frame = await (await open.source(query)).frame();
    expect(frame.row(0)).toEqual({ a: 2, s: "27021597764222979", big: "27021597764222979000", x: 1.3333333333333333 });
  });

  it("are decimals as the options say", async () => {
    const text = await (
      await open.source("select n, w from typed", { dbms: { options: { decimals: "str" } } })
    ).frame();
    expect(text.row(0)).toEqual({ n: "12.30", w: "12345678901234567890.12345678901234567890" });
    const floats = await (
      await open.source("select n, w from typed", { dbms: { options: { decimals: "float64" } } })
    ).frame();
    expect(floats.row(0)).toEqual({ n: 12.3, w: Number("12345678901234567890") });
  });

  it("may be infinite, but no date is", async () => {
    expect((await (await open.source("select n, f from edges")).frame()).row(0)).toEqual({
      n: Number.NaN,
      f: Number.POSITIVE_INFINITY,
    });
    await expect((await open.source("select t from edges")).frame()).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(/column "t": a date expected, found "infinity"\. Cast it to text/),
    });
  });

  it("fail in the middle of a result with one error", async () => {
    const source = await open.source("select 1 / (50000 - n) as x from generate_series(1, 60000) n", {
      dbms: { options: { max_connections: 1 } },
    });
    const reading = async () => {
      let rows = 0;
      for await (const frame of source.batches({ size: 1000 })) rows += frame.length;
      return rows;
    };
    await expect(reading()).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringContaining("division by zero"),
    });
    await expect(source.frame()).rejects.toMatchObject({ code: "DATA_INVALID" });
  });

  it("need a type where PostgreSQL cannot know it", async () => {
    await expect((await open.source("select 1 where :a is null")).frame({ a: null })).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringContaining(":name::text"),
    });
  });

  it("take parameters of every type where the server asks for another", async () => {
    const one = async (query: string, v: never) =>
      Object.values((await (await open.source(query)).frame({ v })).row(0) ?? {})[0];
    expect(await one("select i from typed where b = :v", 1 as never)).toBe(2);
    expect(await one("select i from typed where k @> :v", '{"a": 1.5}' as never)).toBe(2);
    expect(await one("select i from typed where d = :v", new Date("2024-02-29") as never)).toBe(2);
    expect(await one("select i from typed where t < :v", "2024-03-01" as never)).toBe(2);
    expect(await one("select i from typed where u = :v", "0a0b0c0d-0000-4000-8000-000000000000" as never)).toBe(2);
    expect(await one("select i from typed where e = :v", "happy" as never)).toBe(2);
    expect(await one("select i from typed where x = decode(:v, 'hex')", "00ff10" as never)).toBe(2);
    expect(await one("select k ? :v as v from typed", "a" as never)).toBe(true);
  });
});
