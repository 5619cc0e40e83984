import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Opened, opening } from "./open.ts";
import { type DatabaseServer, startMariaDb } from "./servers.ts";
import { databaseSuite } from "./suite.ts";

databaseSuite({
  name: "MariaDB",
  start: startMariaDb,
  async connect(server) {
    const connection = await mysql.createConnection({ uri: server.url, charset: "utf8mb4" });
    await connection.query("create database other");
    return {
      execute: async (text) => (await connection.query(text))[0] as Record<string, unknown>[],
      close: () => connection.end(),
    };
  },
  series: (length) => `select seq as n from seq_1_to_${length}`,
  sleep: (seconds) => `sleep(${seconds})`,
  running: "select info from information_schema.processlist where id <> connection_id() and info is not null",
  killers:
    "select concat('kill ', id) as statement from information_schema.processlist where id <> connection_id() and user = 'launchpad'",
  text: (parameter) => parameter,
  nul: true,
  schema: "other",
  float: "double",
});

describe("values of MariaDB", () => {
  let server: DatabaseServer;
  let open: Opened;

  beforeAll(async () => {
    server = await startMariaDb();
    open = opening(server.url);
    const connection = await mysql.createConnection({ uri: server.url, multipleStatements: true, charset: "utf8mb4" });
    await connection.query(`
      create table typed (
        t tinyint, s smallint, i int unsigned, l bigint, u bigint unsigned, f float, r double, n decimal(10, 2), w decimal(40, 20),
        b boolean, o bit(1), m bit(10), y year, d date, dt datetime(6), ts timestamp(6) null, h time, e enum('happy', 'sad'),
        j json, x blob, vb varbinary(3), c char(3), tx text, un uuid
      );
      insert into typed values (1, 2, 4294967295, 9007199254740993, 18446744073709551615, 0.5, 0.1, 12.30,
        '12345678901234567890.12345678901234567890', true, b'1', b'1000000001', 2024, '2024-02-29', '2024-02-29 12:30:00.123456',
        '2024-02-29 12:30:00.5', '-12:30:00', 'happy', '{"a": 1.50}', x'00ff10', x'00ff', 'ab', 'Ähre 🌾',
        '0a0b0c0d-0000-4000-8000-000000000000');
      insert into typed (t) values (null);
      create table edges (b boolean, d date);
      set sql_mode = '';
      insert into edges values (2, '0000-00-00');
    `);
    await connection.end();
  });

  afterAll(async () => {
    await open.close();
    await server.stop();
  });

  const dtypes = {
    ...{ t: "int64", s: "int64", i: "int64", l: "int64", u: "str", f: "float64", r: "float64", n: "float64", w: "str" },
    ...{
      b: "bool",
      o: "bool",
      m: "int64",
      y: "int64",
      d: "datetime",
      dt: "datetime",
      ts: "datetime",
      h: "str",
      e: "str",
    },
    ...{ j: "str", x: "str", vb: "str", c: "str", tx: "str", un: "str" },
  };

  it("have the dtypes of what is declared", async () => {
    const frame = await (await open.source("select * from typed where t = 1")).frame();
    expect(frame.dtypes).toEqual(dtypes);
    expect(frame.row(0)).toEqual({
      ...{ t: 1, s: 2, i: 4294967295, l: 9007199254740993n, u: "18446744073709551615", f: 0.5, r: 0.1, n: 12.3 },
      ...{
        w: "12345678901234567890.12345678901234567890",
        b: true,
        o: true,
        m: 513,
        y: 2024,
        d: new Date("2024-02-29"),
      },
      // The session of the test had the server's time zone, two hours ahead.
      ...{
        dt: new Date("2024-02-29T12:30:00.123Z"),
        ts: new Date("2024-02-29T10:30:00.500Z"),
        h: "-12:30:00",
        e: "happy",
      },
      ...{
        j: '{"a": 1.50}',
        x: "00ff10",
        vb: "00ff",
        c: "ab",
        tx: "Ähre 🌾",
        un: "0a0b0c0d-0000-4000-8000-000000000000",
      },
    });
  });

  it("have them where everything is missing, and where there is nothing", async () => {
    const nothing = await (await open.source("select * from typed where false")).frame();
    expect(nothing.dtypes).toEqual({ ...dtypes, u: "int64", w: "float64" });
    const missing = await (await open.source("select * from typed where t is null")).frame();
    const integers = Object.fromEntries("t s i l u m y w".split(" ").map((name) => [name, "float64"]));
    expect(missing.dtypes).toEqual({ ...dtypes, ...integers });
  });

  it("are computed as floats, and whole ones exactly", async () => {
    const frame = await (
      await open.source(
        "select sum(l) as s, avg(v.g) as x, 1 / 3 as third from typed, (select 1 as g union all select 2) v",
      )
    ).frame();
    expect(frame.row(0)).toEqual({ s: "18014398509481986", x: 1.5, third: 0.3333 });
  });

  it("say what a boolean is that is none, and have dates that are none missing", async () => {
    await expect((await open.source("select b from edges")).frame()).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(/column "b": 0 or 1 expected, found 2\. Cast it/),
    });
    expect((await (await open.source("select cast(b as signed) as b, d from edges")).frame()).row(0)).toEqual({
      b: 2,
      d: null,
    });
  });
});
