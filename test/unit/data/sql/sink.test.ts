import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { afterAll, describe, expect, it } from "vitest";
import { createFrame, frameFromRows } from "../../../../src/data/frame/frame.ts";
import { sinkContract } from "../../../contract/sink.ts";
import { opening } from "../../../databases/open.ts";

const folder = mkdtempSync(join(tmpdir(), "launchpad-sql-sink-"));
const file = join(folder, "new folder", "shop.db");
const url = pathToFileURL(file).href;
const open = opening(url);
let tables = 0;
const newTable = () => `made_${++tables}`;

afterAll(() => open.close());

async function execute(sql: string) {
  const client = createClient({ url });
  try {
    return (await client.execute(sql)).rows;
  } finally {
    client.close();
  }
}

const tablesLike = async (name: string) =>
  (await execute(`select name from sqlite_master where name like '${name}'`)).length;
const replace = { entry: { options: { if_exists: "replace" } } };
const append = { entry: { options: { if_exists: "append" } } };
const read = async (table: string) => (await open.source(`select * from ${table}`)).frame();

sinkContract("dbms.sql", () => {
  const table = newTable();
  return {
    open: ({ signal } = {}) => open.sink(table, { ...replace, signal }),
    read: async () => (existsSync(file) && (await tablesLike(table)) > 0 ? read(table) : undefined),
  };
});

describe("a table of SQLite", () => {
  const everything = createFrame(
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

  it("holds what was written, to the last bit", async () => {
    await (await open.sink("everything")).write(everything);
    const frame = await read("everything");
    expect(frame.dtypes).toEqual(everything.dtypes);
    expect([...frame.rows()]).toEqual([...everything.rows()]);
  });

  it("holds frames without rows, and names in need of quotes", async () => {
    await (await open.sink('odd "name`] 🌾')).write(
      createFrame({ 'a "b` 🌾]': [1], select: ["x"], "": [true] }).slice(0, 0),
    );
    expect((await read('"odd ""name`] 🌾"')).dtypes).toEqual({ 'a "b` 🌾]': "int64", select: "str", "": "bool" });
  });

  it("is kept unless the options say otherwise", async () => {
    const table = newTable();
    await (await open.sink(table)).write(createFrame({ a: [1] }));
    await expect((await open.sink(table)).write(createFrame({ a: [2] }))).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(/the table "made_\d+" exists\. Set options\.if_exists to append or replace/),
    });
    await (await open.sink(table, append)).write(createFrame({ a: [2] }));
    await (await open.sink(`main.${table}`, append)).write(createFrame({ a: [3] }));
    expect((await read(table)).column("a")).toEqual(Float64Array.of(1, 2, 3));
  });

  it("takes many rows as they come, all or nothing", async () => {
    const table = newTable();
    async function* frames(failAt = Number.POSITIVE_INFINITY) {
      for (let part = 0; part < 10; part++) {
        if (part === failAt) throw new TypeError("no more");
        yield frameFromRows(Array.from({ length: 2500 }, (_, i) => ({ n: part * 2500 + i, t: `row ${i}`, w: i / 3 })));
      }
    }
    await (await open.sink(table)).write(frames());
    for (const options of [append, replace]) {
      await expect((await open.sink(table, options)).write(frames(5))).rejects.toThrowError("no more");
      expect(
        Object.values((await execute(`select count(*), count(distinct n), max(n) from ${table}`))[0] ?? {}),
      ).toEqual([25_000, 25_000, 24_999]);
    }
    expect(await tablesLike("launchpad%")).toBe(0);
  });

  it("says which value does not fit", async () => {
    const writing = async (...frames: Parameters<typeof createFrame>[0][]) =>
      (await open.sink(newTable())).write(frames.map((columns) => createFrame(columns)));
    await expect(writing({ a: [Number.POSITIVE_INFINITY] })).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(
        /column "a" row 0: a finite number, because SQLite has no other, expected, found "Infinity"/,
      ),
    });
    await expect(writing({ a: ["a\0b"] })).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(/column "a" row 0: text without U\+0000, which SQLite does not hold, expected/),
    });
    await expect(writing({ a: [1] }, { a: [2, 1.5] })).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(/column "a" row 2: int64, as in the first frame, expected, found "1\.5"/),
    });
    await writing({ a: [1] }, { a: [null, 2] });
    await expect(writing({ a: ["x"] }, { a: [true] })).rejects.toMatchObject({ code: "DATA_INVALID" });
  });

  it("is no table of its own in a file that is no database", async () => {
    const other = opening(new URL("../../../../package.json", import.meta.url).href);
    const before = readFileSync(new URL("../../../../package.json", import.meta.url), "utf8");
    await expect((await other.sink("t")).write(createFrame({ a: [1] }))).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining("not a database"),
    });
    expect(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8")).toBe(before);
    await other.close();
  });
});
