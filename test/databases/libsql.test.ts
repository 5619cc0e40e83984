import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFrame, frameFromRows } from "../../src/data/frame/frame.ts";
import { sinkContract } from "../contract/sink.ts";
import { contractRows, sourceContract } from "../contract/source.ts";
import { type LibsqlServer, startLibsql } from "./libsql-server.ts";
import { type Opened, opening } from "./open.ts";
import { freePort } from "./servers.ts";

const token = "hunter2-token";
let folder: string;
let server: LibsqlServer;
let open: Opened;
let tables = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "launchpad-libsql-"));
  server = await startLibsql(join(folder, "shop.db"), token);
  open = opening(server.url);
  const columns = "name text, petals integer, width real";
  const client = createClient({ url: server.url, authToken: token });
  await client.batch([`create table petals (${columns})`, `create table vacant (${columns})`], "write");
  for (const { name, petals, width } of contractRows) {
    await client.execute({ sql: "insert into petals values (?, ?, ?)", args: [name, petals, width] });
  }
  client.close();
});

afterAll(async () => {
  await open.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const dbms = { auth_token: token };
const read = async (table: string) => (await open.source(`select * from "${table}"`, { dbms })).frame();
const tablesLike = async (name: string) =>
  (await (await open.source("select name from sqlite_master where name like :name", { dbms })).frame({ name })).length;

sourceContract("dbms.sql (libSQL server)", {
  open: ({ signal, empty } = {}) => open.source(`select * from ${empty ? "vacant" : "petals"}`, { dbms, signal }),
  missing: () => open.source("select * from missing", { dbms }),
});

sinkContract("dbms.sql (libSQL server)", () => {
  const table = `made_${++tables}`;
  return {
    open: ({ signal } = {}) => open.sink(table, { dbms, entry: { options: { if_exists: "replace" } }, signal }),
    read: async () => ((await tablesLike(table)) > 0 ? read(table) : undefined),
  };
});

describe("a libSQL server", () => {
  it("keeps what was written, to the last bit", async () => {
    const frame = createFrame(
      {
        ...{ f: [1.5, null], l: [2n ** 63n - 1n, -(2n ** 63n)], b: [true, null], s: ["Ähre 🌾", null] },
        d: [new Date("2024-02-29T12:30:00.125Z"), null],
      },
      { b: "bool" },
    );
    await (await open.sink("everything", { dbms })).write(frame);
    const found = await read("everything");
    expect(found.dtypes).toEqual(frame.dtypes);
    expect([...found.rows()]).toEqual([...frame.rows()]);
    expect((await (await open.source("select x'00ff' as x", { dbms })).frame()).row(0)).toEqual({ x: "00ff" });
  });

  it("takes many rows in few requests, all or nothing", async () => {
    async function* frames(failAt = Number.POSITIVE_INFINITY) {
      for (let part = 0; part < 5; part++) {
        if (part === failAt) throw new TypeError("no more");
        yield frameFromRows(Array.from({ length: 2000 }, (_, i) => ({ n: part * 2000 + i, t: `row ${i}` })));
      }
    }
    const before = server.requests();
    await (await open.sink("many", { dbms })).write(frames());
    expect(server.requests() - before).toBeLessThan(40);
    const appending = await open.sink("many", { dbms, entry: { options: { if_exists: "append" } } });
    await expect(appending.write(frames(3))).rejects.toThrowError("no more");
    const found = await (await open.source("select count(*) as n, max(n) as m from many", { dbms })).frame();
    expect(found.row(0)).toEqual({ n: 10_000, m: 9999 });
    expect(await tablesLike("launchpad%")).toBe(0);
  });

  it("is said to be away, or to have refused, without the token", async () => {
    const error = async (more: object) =>
      (await open.source("select 1", { dbms: more })).frame().catch((thrown) => thrown);
    const refused = await error({ auth_token: "hunter3-token" });
    expect(refused).toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringMatching(/does not let this user in/),
    });
    expect(`${refused.message}${refused.cause?.stack}`).not.toContain("hunter3");
    const away = await error({ url: `http://127.0.0.1:${await freePort()}/?authToken=hunter4` });
    expect(away).toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringMatching(/the server cannot be reached/),
    });
    expect(away.message).not.toContain("hunter4");
  });
});
