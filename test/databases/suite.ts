import { createServer } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFrame, frameFromRows } from "../../src/data/frame/frame.ts";
import type { Frame } from "../../src/data/types.ts";
import { sinkContract } from "../contract/sink.ts";
import { contractRows, sourceContract } from "../contract/source.ts";
import { type Opened, opening } from "./open.ts";
import { type DatabaseServer, freePort, password } from "./servers.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What differs between databases. */
export interface DatabaseSetup {
  readonly name: string;
  start(): Promise<DatabaseServer>;
  /** Executes a statement by the bare client, and gives its rows. */
  connect(server: DatabaseServer): Promise<{
    execute(sql: string): Promise<readonly Record<string, unknown>[]>;
    close(): Promise<void>;
  }>;
  /** The numbers from 1 to so many, as a column `n`. */
  series(length: number): string;
  /** Takes so many seconds. */
  sleep(seconds: number): string;
  /** The queries that other sessions are executing. */
  readonly running: string;
  /** The statements that end all other sessions, as a column. */
  readonly killers: string;
  /** A parameter that is text. */
  text(parameter: string): string;
  /** Whether text holds U+0000. */
  readonly nul: boolean;
  /** A schema beside the default one, made and there. */
  readonly schema: string;
  readonly float: string;
}

/**
 * Checks what sources and sinks promise with a real database.
 *
 * @param setup The database.
 */
export function databaseSuite(setup: DatabaseSetup): void {
  let server: DatabaseServer;
  let bare: Awaited<ReturnType<DatabaseSetup["connect"]>>;
  let open: Opened;
  let tables = 0;

  beforeAll(async () => {
    server = await setup.start();
    bare = await setup.connect(server);
    open = opening(server.url);
    const columns = `name varchar(100), petals int, width ${setup.float}`;
    await bare.execute(`create table petals (${columns})`);
    await bare.execute(`create table nothing (${columns})`);
    const text = (value: string | null) => (value === null ? "null" : `'${value}'`);
    for (const { name, petals, width } of contractRows) {
      await bare.execute(`insert into petals values (${text(name)}, ${petals}, ${width ?? "null"})`);
    }
  });

  afterAll(async () => {
    await open?.close();
    await bare?.close();
    await server?.stop();
  });

  const newTable = () => `made_${++tables}`;
  const count = async (table: string) =>
    Number(Object.values((await bare.execute(`select count(*) as n from ${table}`))[0] ?? {})[0]);
  const read = async (table: string, order = "") => (await open.source(`select * from ${table} ${order}`)).frame();
  const failing = async (action: Promise<unknown>) => {
    const error = await action.then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(`${error?.message}${error?.cause?.stack}${JSON.stringify(error?.cause ?? null)}`).not.toContain(password);
    return `${error?.code} ${error?.message}`;
  };
  const until = async (done: () => Promise<boolean>) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await done()) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  };
  const isRunning = async (marker: string) =>
    (await bare.execute(setup.running)).some((row) => JSON.stringify(row).includes(marker));

  sourceContract(`dbms.sql (${setup.name})`, {
    open: ({ signal, empty } = {}) => open.source(`select * from ${empty ? "nothing" : "petals"}`, { signal }),
    missing: () => open.source("select * from missing"),
  });

  sinkContract(`dbms.sql (${setup.name})`, () => {
    const table = newTable();
    return {
      open: ({ signal } = {}) => open.sink(table, { entry: { options: { if_exists: "replace" } }, signal }),
      read: async () => ((await bareHas(table)) ? read(table) : undefined),
    };
  });

  const bareHas = async (table: string) =>
    (await bare.execute(`select table_name from information_schema.tables where table_name = '${table}'`)).length > 0;

  /** Tables of writes that failed are not left behind. */
  const leftovers = async () =>
    (await bare.execute("select table_name from information_schema.tables where table_name like 'launchpad%'")).length;

  describe(`parameters of ${setup.name}`, () => {
    it("are bound, never pasted", async () => {
      const evil = "x'; drop table petals; -- \\' \" ` $1 ?";
      const source = await open.source("select :v as v, ':v' as s, :v as w -- :no");
      expect((await source.frame({ v: evil })).row(0)).toEqual({ v: evil, s: ":v", w: evil });
      expect((await (await open.source("select * from petals where name = :n")).frame({ n: evil })).length).toBe(0);
      expect(await count("petals")).toBe(contractRows.length);
    });

    it("find what they are equal to", async () => {
      const table = newTable();
      const at = new Date("2024-02-29T12:30:00.125Z");
      const row = { i: 5, l: 2n ** 60n, f: 0.1, b: true, s: "Ähre 🌾", d: at };
      await (await open.sink(table)).write(
        createFrame(Object.fromEntries(Object.entries(row).map(([key, value]) => [key, [value]]))),
      );
      for (const [name, value] of Object.entries(row)) {
        const source = await open.source(`select i from ${table} where ${name} = :v`);
        expect((await source.frame({ v: value })).length, name).toBe(1);
      }
      const both = await open.source(
        `select * from ${table} where i = :i and (${setup.text(":none")} is null or s = :none) limit :n`,
      );
      expect((await both.frame({ i: 5, none: null, n: 10 })).length).toBe(1);
    });

    it("need a value each, and a place each", async () => {
      const source = await open.source("select * from petals where name = :minimum");
      const message = await failing(source.frame({ minimun: "x" }));
      expect(message).toMatch(
        /^DATA_INVALID .*needs a value for :minimum\n.*no parameter :minimun; did you mean "minimum"/,
      );
      expect(await failing(source.frame({ minimum: ["a"] as never }))).toMatch(
        /^DATA_INVALID .*found a list\. Write one parameter/,
      );
    });
  });

  describe(`large results of ${setup.name}`, () => {
    it("stream at constant memory", async () => {
      const source = await open.source(
        `select n, concat('${"x".repeat(100)}', n) as t from (${setup.series(300_000)}) series`,
      );
      let [rows, most] = [0, 0];
      // What a batch leaves is garbage soon: only what is held counts.
      let start = 0;
      for await (const frame of source.batches({ size: 5000 })) {
        rows += frame.length;
        if (rows % 50_000 === 0) collectGarbage();
        const used = process.memoryUsage().heapUsed;
        if (rows === 50_000) start = used;
        if (rows % 50_000 === 0) most = Math.max(most, used);
      }
      expect(rows).toBe(300_000);
      // 300,000 rows of more than 200 bytes are more than 60 MB.
      expect(most - start).toBeLessThan(30e6);
    });

    it("end on the server when the reader leaves early, and give the connection back", async () => {
      const source = await open.source(`select n as early_leaver from (${setup.series(3_000_000)}) series`, {
        dbms: { options: { max_connections: 1 } },
      });
      for (let round = 0; round < 3; round++) {
        const before = performance.now();
        for await (const frame of source.batches({ size: 100 })) {
          expect(frame.row(99)).toEqual({ early_leaver: 100 });
          break;
        }
        expect(performance.now() - before).toBeLessThan(10_000);
      }
      expect(await until(async () => !(await isRunning("early_leaver")))).toBe(true);
      for await (const row of source.rows()) if (row.early_leaver === 3) break;
    });

    it("end on the server when a signal says so", async () => {
      const abort = new AbortController();
      const source = await open.source(`select 1 as sleeper, ${setup.sleep(30)} as s`, {
        signal: abort.signal,
        dbms: { options: { max_connections: 1 } },
      });
      const before = performance.now();
      const reading = failing(source.frame());
      expect(await until(() => isRunning("sleeper"))).toBe(true);
      abort.abort();
      expect(await reading).toMatch(/^ABORTED/);
      expect(await until(async () => !(await isRunning("sleeper")))).toBe(true);
      expect(performance.now() - before).toBeLessThan(15_000);
    });

    it("are read by as many as there are at the same time", async () => {
      const source = await open.source(`select ${setup.sleep(0.2)} as s, :v as v`, {
        dbms: { options: { max_connections: 3 } },
      });
      const frames = await Promise.all(Array.from({ length: 9 }, (_, v) => source.frame({ v: `${v}` })));
      expect(frames.map((frame) => frame.row(0)?.v)).toEqual(Array.from({ length: 9 }, (_, v) => `${v}`));
    });

    it("say that the connection was lost, and connect again", async () => {
      const source = await open.source("select 1 as one", { dbms: { options: { max_connections: 1 } } });
      expect((await source.frame()).row(0)).toEqual({ one: 1 });
      await killOthers();
      expect((await source.frame()).row(0)).toEqual({ one: 1 });
    });
  });

  it("says that the server went away while it was asked", async () => {
    const other = await setup.start();
    const there = opening(other.url);
    const abort = new AbortController();
    const sleeping = await there.source(`select ${setup.sleep(30)} as s`);
    const stopping = await there.source(`select ${setup.sleep(30)} as s`, { signal: abort.signal });
    const batches = await there.source(`select n from (${setup.series(3_000_000)}) series`);
    const [lost, stopped] = [failing(sleeping.frame()), failing(stopping.frame())];
    const left = failing(
      (async () => {
        for await (const frame of batches.batches({ size: 1000 })) if (frame.row(0)?.n === 1) await other.stop();
      })(),
    );
    expect(await lost).toMatch(/^DATA_UNAVAILABLE .*(the connection to the server was lost|cannot be reached)/);
    expect(await left).toMatch(/^DATA_UNAVAILABLE .*(the connection to the server was lost|cannot be reached)/);
    abort.abort();
    expect(await stopped).toMatch(/^(DATA_UNAVAILABLE|ABORTED)/);
    await there.close();
  });

  async function killOthers(): Promise<void> {
    for (const row of await bare.execute(setup.killers)) await bare.execute(String(Object.values(row)[0]));
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  describe(`what goes wrong with ${setup.name}`, () => {
    const at = /^DATA_(INVALID|UNAVAILABLE) \[dbms\.shop\] orders: \w+:\/\/127\.0\.0\.1:\d+\/\w+: /;

    it.each<[string, string, RegExp]>([
      ["a table", "select * from nowhere", /DATA_INVALID.*nowhere/],
      ["a column", "select nobody from petals", /DATA_INVALID.*nobody/],
      ["a schema", "select * from nowhere.petals", /DATA_INVALID.*nowhere/],
      ["the syntax", "selec 1", /DATA_INVALID.*syntax/],
      ["two statements", "select 1; drop table petals", /DATA_INVALID/],
    ])("says what is wrong with %s", async (_, query, expected) => {
      const message = await failing((await open.source(query)).frame());
      expect(message).toMatch(expected);
      expect(message).toMatch(at);
      expect(message).not.toContain("\n");
      const inBatches = async () => {
        for await (const _ of (await open.source(query)).batches());
      };
      expect(await failing(inBatches())).toBe(message);
      expect(await count("petals")).toBe(contractRows.length);
    });

    it("goes on after a wrong query", async () => {
      const source = await open.source("select petals / :by as p from petals order by petals limit 1", {
        dbms: { options: { max_connections: 1 } },
      });
      expect(await failing(source.frame({ by: "x" }))).toMatch(/DATA_INVALID|undefined/);
      expect((await source.frame({ by: 1 })).row(0)).toEqual({ p: -6 });
    });

    it("says that the password is wrong, and not what it is", async () => {
      const wrong = await open.source("select 1", { dbms: { password: "swordfish" } });
      const message = await failing(wrong.frame());
      expect(message).toMatch(/^DATA_UNAVAILABLE.*does not let this user in.*password_var/);
      expect(message).toMatch(at);
      expect(message).not.toContain("swordfish");
    });

    it("says that there is no such database", async () => {
      const wrong = await open.source("select 1", { dbms: { database: "nowhere" } });
      expect(await failing(wrong.frame())).toMatch(
        /^DATA_UNAVAILABLE .*nowhere.*(no such database|does not let this user in)/,
      );
    });

    it("says that nobody listens, in bounded time", async () => {
      const wrong = await open.source("select 1", { dbms: { port: await freePort() } });
      const before = performance.now();
      expect(await failing(wrong.frame())).toMatch(
        /^DATA_UNAVAILABLE .*cannot be reached\. Check host and port.*ECONNREFUSED/,
      );
      expect(
        await failing((await open.sink("t", { dbms: { port: await freePort() } })).write(createFrame({ a: [1] }))),
      ).toMatch(/^DATA_UNAVAILABLE .*cannot be reached/);
      expect(performance.now() - before).toBeLessThan(5000);
    });

    it("says that the server does not answer, in the time that the options allow", async () => {
      const sockets: { destroy(): void }[] = [];
      const silent = createServer((socket) => sockets.push(socket.on("error", () => {})));
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const { port } = silent.address() as { port: number };
      const wrong = await open.source("select 1", { dbms: { port, options: { connect_timeout: 1 } } });
      const before = performance.now();
      const message = await failing(wrong.frame());
      const taken = performance.now() - before;
      for (const socket of sockets) socket.destroy();
      silent.close();
      expect(message).toMatch(/^DATA_UNAVAILABLE .*no answer within 1 s \(options\.connect_timeout\)/);
      expect(taken).toBeGreaterThan(900);
      expect(taken).toBeLessThan(5000);
    });

    it("takes the parts of the url from keys beside it, as ML Launchpad does", async () => {
      const scheme = server.url.split(":")[0];
      const keys = { host: server.host, port: server.port, user: server.user, password, database: server.database };
      const source = await open.source("select count(*) as n from petals", {
        dbms: { url: `${scheme}://user:no@nowhere/x`, ...keys },
      });
      expect((await source.frame()).row(0)).toEqual({ n: contractRows.length });
      const sqlAlchemy = server.url.replace("://", scheme === "mysql" ? "+pymysql://" : "+psycopg2://");
      const old = await open.source("select 1 as a", { dbms: { url: undefined, connection_string: sqlAlchemy } });
      expect((await old.frame()).row(0)).toEqual({ a: 1 });
    });

    it("writes as the options of to_sql say, and reads as those of read_sql", async () => {
      const options = { schema: setup.schema, index: true, dtype: { n: "varchar(20)" } };
      const frame = createFrame({ n: ["1", "2"], day: ["29.02.2024", "01.03.2024"] });
      await (await open.sink("shaped", { entry: { options } })).write(frame);
      const again = { schema: setup.schema, index: true, if_exists: "delete_rows" };
      await (await open.sink("shaped", { entry: { options: again } })).write(frame);
      const reading = { dtype: { n: "int64" }, parse_dates: { day: "%d.%m.%Y" }, index_col: "index" };
      const source = await open.source(`select * from ${setup.schema}.shaped`, { entry: { options: reading } });
      expect((await source.frame()).dtypes).toEqual({ n: "int64", day: "datetime" });
      expect((await source.frame()).column("n")).toEqual(Float64Array.of(1, 2));
      const types = `select data_type as t from information_schema.columns where table_name = 'shaped' and column_name = 'n'`;
      expect(Object.values((await bare.execute(types))[0] ?? {})[0]).toMatch(/var/);
    });

    it("refuses options that it does not have", async () => {
      expect(await failing(open.source("select 1", { dbms: { options: { conect_timeout: 1 } } }))).toMatch(
        /^CONFIG_INVALID launchpad.yml line 9: .*did you mean "connect_timeout"/,
      );
      expect(await failing(open.source("select 1", { dbms: { options: { connect_timeout: 0 } } }))).toMatch(
        /^CONFIG_INVALID/,
      );
      expect(await failing(open.source("select 1", { entry: { options: { sep: ";" } } }))).toMatch(/^CONFIG_INVALID/);
      expect(await failing(open.sink("t", { entry: { options: { if_exist: "append" } } }))).toMatch(
        /did you mean "if_exists"/,
      );
      expect(await failing(open.sink("t", { entry: { options: { if_exists: "truncate" } } }))).toMatch(
        /fail, replace, append, delete_rows/,
      );
      for (const table of ["", "a..b", "a.b.c.d", 5]) {
        expect(await failing(open.sink(table as string))).toMatch(
          /^CONFIG_INVALID launchpad.yml line 9: table: the name of a table/,
        );
      }
    });
  });

  describe(`tables of ${setup.name}`, () => {
    const everything = () =>
      createFrame(
        {
          f: [1.5, null, -1e300, 1e-7],
          i: [1, -5, 2 ** 53 - 1, 0],
          l: [2n ** 63n - 1n, -(2n ** 63n), 0n, 1n],
          b: [true, null, false, true],
          s: ["Ähre 🌾", null, "a 'b' \"c\" \\ \n\t%_", ""],
          d: [new Date("2024-02-29T12:30:00.125Z"), null, new Date("1969-12-31T23:59:59Z"), new Date("2400-01-01")],
        },
        { i: "int64" },
      );
    const plain = (frame: Frame) => [frame.dtypes, [...frame.rows()]];

    it("hold what was written, to the last bit", async () => {
      const table = newTable();
      await (await open.sink(table)).write(everything());
      expect(plain(await read(table))).toEqual(plain(everything()));
    });

    it("hold frames without rows, and names in need of quotes", async () => {
      const table = 'odd "name`] ä';
      const frame = createFrame({ 'a "b` ä]': [1], select: ["x"], "": [1] }).select('a "b` ä]', "select");
      await (await open.sink(table)).write(frame.slice(0, 0));
      const quoted =
        setup.name === "PostgreSQL" ? `"${table.replaceAll('"', '""')}"` : `\`${table.replaceAll("`", "``")}\``;
      expect((await read(quoted)).dtypes).toEqual(frame.dtypes);
      await (await open.sink(table, { entry: { options: { if_exists: "append" } } })).write(frame);
      expect(plain(await read(quoted))).toEqual(plain(frame));
    });

    it(`hold U+0000 in text, or say that they do not`, async () => {
      const table = newTable();
      const writing = (await open.sink(table)).write(createFrame({ s: ["a\0b"] }));
      if (setup.nul) {
        await writing;
        expect((await read(table)).row(0)).toEqual({ s: "a\0b" });
      } else {
        expect(await failing(writing)).toMatch(
          /^DATA_INVALID .*column "s" row 0: text without U\+0000, which PostgreSQL does not hold/,
        );
        expect(await bareHas(table)).toBe(false);
      }
    });

    it("are in the schema that is named", async () => {
      await (await open.sink(`${setup.schema}.elsewhere`)).write(createFrame({ a: [1] }));
      expect(await count(`${setup.schema}.elsewhere`)).toBe(1);
      const replacing = await open.sink(`${setup.schema}.elsewhere`, { entry: { options: { if_exists: "replace" } } });
      await replacing.write(createFrame({ b: [1, 2] }));
      expect(await count(`${setup.schema}.elsewhere`)).toBe(2);
      expect(await failing((await open.sink("nowhere.t")).write(createFrame({ a: [1] })))).toMatch(
        /^DATA_(INVALID|UNAVAILABLE) .*nowhere/,
      );
    });

    it("that exist are kept unless the options say otherwise", async () => {
      const table = newTable();
      await (await open.sink(table)).write(createFrame({ a: [1] }));
      expect(await failing((await open.sink(table)).write(createFrame({ a: [2] })))).toMatch(
        /^DATA_INVALID .*exists.*append or replace/,
      );
      expect((await read(table)).column("a")).toEqual(Float64Array.of(1));
      const appending = await open.sink(table, { entry: { options: { if_exists: "append" } } });
      await appending.write(createFrame({ a: [2] }));
      await appending.write([]);
      expect((await read(table, "order by a")).column("a")).toEqual(Float64Array.of(1, 2));
      expect(await failing(appending.write(createFrame({ z: [2] })))).toMatch(/^DATA_INVALID .*z/);
      const newer = newTable();
      await (await open.sink(newer, { entry: { options: { if_exists: "append" } } })).write(createFrame({ a: [2] }));
      expect(await count(newer)).toBe(1);
      expect(await failing((await open.sink(newTable())).write([]))).toMatch(/^DATA_INVALID .*no frame and no row/);
      expect(await failing((await open.sink(newTable())).write(createFrame({})))).toMatch(
        /^DATA_INVALID .*at least one column/,
      );
    });

    it("take many rows as they come, all or nothing", async () => {
      const table = newTable();
      async function* frames(failAt = Number.POSITIVE_INFINITY) {
        for (let part = 0; part < 20; part++) {
          if (part === failAt) throw new TypeError("no more");
          const rows = Array.from({ length: 2500 }, (_, i) => ({ n: part * 2500 + i, t: `row ${i}`, w: i / 3 }));
          yield frameFromRows(rows);
        }
      }
      await (await open.sink(table)).write(frames());
      expect(await count(table)).toBe(50_000);
      for (const if_exists of ["append", "replace"]) {
        const sink = await open.sink(table, { entry: { options: { if_exists } } });
        await expect(sink.write(frames(10))).rejects.toThrowError("no more");
        expect(await count(table)).toBe(50_000);
        expect(
          await failing(
            sink.write([createFrame({ n: [1], t: ["a"], w: [1] }), createFrame({ n: [1], t: [2], w: [1] })]),
          ),
        ).toMatch(/^DATA_INVALID .*column "t" row 1: str, as in the first frame, expected, found "2"/);
        expect(await count(table)).toBe(50_000);
      }
      expect(await leftovers()).toBe(0);
      const sum = await bare.execute(`select min(n) as a, max(n) as b, count(distinct n) as c from ${table}`);
      expect(Object.values(sum[0] ?? {}).map(Number)).toEqual([0, 49_999, 50_000]);
    });

    it("keep what the database refuses from becoming something else", async () => {
      const table = newTable();
      await bare.execute(`create table ${table} (a smallint, s varchar(3))`);
      const appending = await open.sink(table, { entry: { options: { if_exists: "append" } } });
      expect(await failing(appending.write(createFrame({ a: [1, 70_000], s: ["x", "y"] })))).toMatch(/^DATA_INVALID/);
      expect(await failing(appending.write(createFrame({ a: [1, 2], s: ["x", "much too long"] })))).toMatch(
        /^DATA_INVALID/,
      );
      expect(await count(table)).toBe(0);
      const later = [createFrame({ a: [1], s: ["x"] }), createFrame({ a: [1.5], s: ["x"] })];
      expect(await failing((await open.sink(newTable())).write(later))).toMatch(
        /column "a" row 1: int64, as in the first frame,/,
      );
    });

    it("are as they were for others until everything is there", async () => {
      const table = newTable();
      await (await open.sink(table)).write(createFrame({ a: [1] }));
      const seen: number[] = [];
      const replacing = await open.sink(table, { entry: { options: { if_exists: "replace" } } });
      async function* watched() {
        for (let part = 0; part < 3; part++) {
          yield createFrame({ a: [part, part] });
          seen.push(await count(table));
        }
      }
      await replacing.write(watched());
      expect(seen).toEqual([1, 1, 1]);
      expect(await count(table)).toBe(6);
      expect(await leftovers()).toBe(0);
    });

    it("are not written to by halves when the connection is lost", async () => {
      for (const if_exists of ["append", "replace"]) {
        const table = newTable();
        await (await open.sink(table)).write(createFrame({ a: [1] }));
        async function* interrupted() {
          yield createFrame({ a: [2] });
          await killOthers();
          for (let part = 0; part < 3; part++) yield createFrame({ a: [3] });
        }
        const sink = await open.sink(table, { entry: { options: { if_exists } } });
        expect(await failing(sink.write(interrupted()))).toMatch(
          /^DATA_UNAVAILABLE .*connection to the server was lost/,
        );
        expect((await read(table)).column("a")).toEqual(Float64Array.of(1));
        expect(await leftovers()).toBe(0);
        await sink.write(createFrame({ a: [2] }));
      }
    });

    it("are written by several at the same time", async () => {
      const table = newTable();
      await (await open.sink(table)).write(createFrame({ a: [0] }));
      const appending = await open.sink(table, { entry: { options: { if_exists: "append" } } });
      await Promise.all(Array.from({ length: 8 }, (_, a) => appending.write(createFrame({ a: [a + 1] }))));
      expect([...(await read(table, "order by a")).column("a")]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });
  });
}
