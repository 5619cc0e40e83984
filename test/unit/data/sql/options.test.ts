import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import { opening } from "../../../databases/open.ts";
import { testHost } from "../../../support/host.ts";

const url = pathToFileURL(join(mkdtempSync(join(tmpdir(), "launchpad-sql-options-")), "shop.db")).href;
const host = testHost();
const open = opening(url, host);

beforeAll(async () => {
  const client = createClient({ url });
  await client.executeMultiple(`
    create table sales (id integer, day text, sold integer, at integer, price numeric(10, 2), note text);
    insert into sales values (1, '29.02.2024', 1709210000, 1709210000123, '9.50', '12'),
      (2, '01.03.2024', null, null, '123456789012345678.25', null), (3, null, 0, 0, null, '7');
  `);
  client.close();
});

afterAll(() => open.close());

const query = "select * from sales order by id";
const read = async (options: object, sql = query, params = {}) =>
  (await open.source(sql, { entry: { options } })).frame(params);
const failing = (action: Promise<unknown>) =>
  action.then(
    (value) => expect.fail(`not refused: ${String(value)}`),
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  );

describe("options of read_sql", () => {
  it("choose columns, and leave out those of an index", async () => {
    expect((await read({ columns: ["note", "id"] })).names).toEqual(["note", "id"]);
    expect((await read({ columns: ["note", "id"], index_col: "id" })).names).toEqual(["note"]);
    expect((await read({ index_col: ["id", "day", "sold", "at"] })).names).toEqual(["price", "note"]);
    expect((await read({ index_col: null, columns: null })).names).toHaveLength(6);
    for (const options of [
      { columns: ["nte"] },
      { index_col: "nte" },
      { dtype: { nte: "str" } },
      { parse_dates: ["nte"] },
    ]) {
      expect(await failing(read(options))).toMatch(
        /^COLUMN_UNKNOWN .*no column "nte", which the options name; did you mean/,
      );
    }
  });

  it("read dates as they are written, and as numbers since 1970", async () => {
    const { columns, dtypes } = await read({
      columns: ["day", "sold", "at"],
      parse_dates: { day: "%d.%m.%Y", sold: "s", at: { unit: "ms" } },
    });
    expect(dtypes).toEqual({ day: "datetime", sold: "datetime", at: "datetime" });
    const iso = (column: unknown) => (column as (Date | null)[]).map((date) => date?.toISOString() ?? null);
    expect(iso(columns.day)).toEqual(["2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z", null]);
    expect(iso(columns.sold)).toEqual(["2024-02-29T12:33:20.000Z", null, "1970-01-01T00:00:00.000Z"]);
    expect(iso(columns.at)).toEqual(["2024-02-29T12:33:20.123Z", null, "1970-01-01T00:00:00.000Z"]);
    // As in pandas: seconds, where nothing is said of a number.
    expect(iso((await read({ columns: ["sold"], parse_dates: ["sold"] })).columns.sold)).toEqual(iso(columns.sold));
    const guessed = await read({ columns: ["day"], parse_dates: { day: { dayfirst: true } } });
    expect(iso(guessed.columns.day)).toEqual(iso(columns.day));
    expect(await failing(read({ parse_dates: { day: "%Y-%m-%d" } }))).toMatch(
      /^DATA_INVALID .*column "day" row 0: a date expected \(options\.parse_dates\), found "29\.02\.2024"/,
    );
    expect(await failing(read({ parse_dates: { day: { wrong: 1 } } }))).toMatch(/^CONFIG_INVALID .*`unit`/);
  });

  it("give columns their dtypes, batch by batch", async () => {
    const source = await open.source(query, {
      entry: { options: { dtype: { note: "Int64", id: "str" }, columns: ["id", "note"] } },
    });
    const rows: unknown[] = [];
    for await (const batch of source.batches({ size: 2 })) rows.push(...batch.toJSON());
    expect(rows).toEqual([
      { id: "1", note: 12 },
      { id: "2", note: Number.NaN },
      { id: "3", note: 7 },
    ]);
    expect(await failing(read({ dtype: { day: "int64" }, columns: ["day"] }))).toMatch(
      /^DATA_INVALID .*column "day" row 0: int64 expected \(options\.dtype\), found "29\.02\.2024"/,
    );
  });

  it("make parameters of what a model does not give", async () => {
    const sql = "select id from sales where id > :least and id < :most order by id";
    const ids = async (params: object) => (await read({ params: { least: 0, most: 3 } }, sql, params)).toJSON();
    expect(await ids({})).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await ids({ least: 1 })).toEqual([{ id: 2 }]);
    expect(await failing(read({ params: { leats: 0 } }, sql, { least: 0, most: 1 }))).toMatch(/no parameter :leats/);
    expect(await failing(read({ params: [1] }, sql))).toMatch(/^CONFIG_INVALID .*names of parameters/);
  });

  it("are refused with what to write instead, or ignored where they only tune pandas", async () => {
    expect(await failing(read({ chunksize: 5 }))).toMatch(/^CONFIG_INVALID .*Read `batches/);
    expect(await failing(read({ con: "x" }))).toMatch(/Write the address below `dbms`/);
    expect(await failing(read({ coerce_float: "yes" }))).toMatch(/^CONFIG_INVALID/);
    host.records.length = 0;
    expect((await read({ dtype_backend: "pyarrow" })).length).toBe(3);
    expect(host.records.filter(({ level }) => level === "debug").map(({ message }) => message)).toEqual([
      "launchpad.yml line 9: options.dtype_backend only tunes pandas; it is ignored",
    ]);
  });
});

describe("options of to_sql", () => {
  const frame = createFrame({ name: ["a", "b"], n: [1, 2] }, { n: "int64" });
  const written = async (table: string, options: object, value = frame) => {
    await (await open.sink(table, { entry: { options } })).write(value);
    return (await open.source(`select * from ${table}`)).frame();
  };
  const madeOf = async (table: string) =>
    (await (await open.source(`select sql from sqlite_master where name = '${table}'`)).frame()).row(0)?.sql;

  it("number the rows", async () => {
    expect((await written("plain", { index: false })).names).toEqual(["name", "n"]);
    expect((await written("numbered", { index: true })).toJSON()).toEqual([
      { index: 0, name: "a", n: 1 },
      { index: 1, name: "b", n: 2 },
    ]);
    const labelled = open.sink("labelled", { entry: { options: { index: true, index_label: "row" } } });
    await (await labelled).write(
      (async function* () {
        yield frame;
        yield frame;
      })(),
    );
    const all = await (await open.source("select row from labelled")).frame();
    expect([...all.column("row")]).toEqual([0, 1, 2, 3]);
    expect(await failing(written("twice", { index: true, index_label: "n" }))).toMatch(/a column "n" already/);
  });

  it("say the types of columns where a table is made, and nothing else", async () => {
    await written("typed", { dtype: { n: "varchar(20)" } });
    expect(await madeOf("typed")).toMatch(/"n" varchar\(20\)/);
    await written("all_typed", { dtype: "double precision" }, createFrame({ a: [1.5] }));
    expect(await madeOf("all_typed")).toMatch(/"a" double precision/);
    expect(await failing(written("bad", { dtype: { m: "text" } }))).toMatch(/^COLUMN_UNKNOWN .*no column "m"/);
    for (const dtype of ["text); drop table plain; --", "text, x text", "", 5, ["text"]]) {
      expect(await failing(written("bad", { dtype }))).toMatch(/^CONFIG_INVALID .*a type of the database/);
    }
  });

  it("empty a table before its rows are written, and take that back with them", async () => {
    await written("kept", {});
    const again = await written("kept", { if_exists: "delete_rows" }, createFrame({ name: ["c"], n: [3] }));
    expect(again.toJSON()).toEqual([{ name: "c", n: 3 }]);
    const wrong = createFrame({ name: ["d"], missing: [1] });
    expect(await failing(written("kept", { if_exists: "delete_rows" }, wrong))).toMatch(/^DATA_INVALID/);
    expect((await (await open.source("select * from kept")).frame()).toJSON()).toEqual([{ name: "c", n: 3 }]);
    expect((await written("new_one", { if_exists: "delete_rows" })).length).toBe(2);
  });

  it("name the schema", async () => {
    expect((await written("main.schemed", {})).length).toBe(2);
    await (await open.sink("told", { entry: { options: { schema: "main" } } })).write(frame);
    expect((await (await open.source("select * from main.told")).frame()).length).toBe(2);
    expect(await failing(open.sink("main.x", { entry: { options: { schema: "main" } } }))).toMatch(
      /Remove one of them/,
    );
    expect(await failing(open.sink("x", { entry: { options: { schema: "a.b" } } }))).toMatch(/the name of a schema/);
  });

  it("are ignored where they only tune pandas, and refused otherwise", async () => {
    host.records.length = 0;
    await written("tuned", { chunksize: 1000, method: "multi" });
    expect(host.records.filter(({ level }) => level === "debug")).toHaveLength(2);
    expect(await failing(written("x", { method: "callable" }))).toMatch(/^CONFIG_INVALID .*multi/);
    expect(await failing(written("x", { name: "y" }))).toMatch(/Write `table` beside `type`/);
  });
});
