import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../../../src/config/load.ts";
import { createData } from "../../../../src/data/access/create-data.ts";
import { defineSink, defineSource, type Plugin } from "../../../../src/data/access/plugin.ts";
import { createFrame, frameOf, typedColumn } from "../../../../src/data/frame/frame.ts";
import { dictionaryText } from "../../../../src/data/frame/text.ts";
import type { Sink, Source } from "../../../../src/data/types.ts";
import { folder, temporaryFile } from "../../../support/entries.ts";
import { testHost } from "../../../support/host.ts";

let projects = 0;

/** A project whose configuration file stands beside its data, and what its only source or sink is. */
async function open(sections: string, files: Record<string, string> = {}, plugins: readonly Plugin[] = []) {
  projects += 1;
  const config = temporaryFile(
    `-${projects}.yml`,
    `model_store: { location: x }\nmodel: { name: m, version: "1", module: m }\n${sections}`,
  );
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const host = testHost();
  const data = createData({ config: await loadConfig([pathToFileURL(config)], host), host, plugins });
  return data.access("train");
}
const source = async (entry: string, files: Record<string, string>): Promise<Source> =>
  (await open(`datasources: { data: ${entry} }`, files)).source("data");
const sink = async (entry: string): Promise<Sink> => (await open(`datasinks: { data: ${entry} }`)).sink("data");
const refusal = (reading: Promise<unknown>) =>
  reading.then(
    (value) => expect.fail(`not refused: ${JSON.stringify(value)}`),
    (error: Error & { code: string }) => error,
  );

const encoder = new TextEncoder();
const told = "columns,dtypes\nid,object\nx,float64\nwhen,datetime64[ns]\nflag,bool\n";
const values = { id: "007", x: 5, when: new Date("2026-01-02"), flag: true, more: 1 };

describe("dtypes_path", () => {
  it.each([
    ["csv", "id,x,when,flag,more\n007,5,2026-01-02,True,1\n"],
    ["euro_csv", "id;x;when;flag;more\n007;5,0;2026-01-02;True;1\n"],
    ["jsonl", '{"id":"007","x":5,"when":"2026-01-02","flag":true,"more":1}\n'],
  ])("gives the columns of %s their dtypes, pandas' names included", async (type, text) => {
    const data = await source(`{ type: ${type}, path: told.txt, dtypes_path: told.csv }`, {
      "told.txt": text,
      "told.csv": told,
    });
    const frame = await data.frame();
    expect(frame.dtypes).toEqual({ id: "str", x: "float64", when: "datetime", flag: "bool", more: "int64" });
    expect(frame.row(0)).toEqual(values);
    for await (const batch of data.batches({ size: 1 })) expect(batch.row(0)).toEqual(values);
  });

  it("gives those of a database and of a plugin theirs", async () => {
    const url = pathToFileURL(temporaryFile(".db")).href;
    const client = createClient({ url });
    await client.executeMultiple(
      "create table t (id text, x integer, at text, flag integer); insert into t values ('1', 5, '2026-01-02', 1), ('2', 6, null, 0);",
    );
    client.close();
    const dtypes = "columns,dtypes\nid,int64\nx,float\nat,datetime\nflag,boolean\n";
    const sections = `dbms: { db: { type: sql, url: "${url}" } }
datasources:
  rows: { type: dbms.db, query: "select * from t", dtypes_path: rows.csv }
  own: { type: own, dtypes_path: own.csv }
`;
    const own = defineSource({
      serves: ["own"],
      open: () => ({
        async *batches() {
          yield createFrame({ a: [1], b: ["x"] });
          yield createFrame({ a: [2.5], b: ["y"] });
        },
      }),
    });
    const access = await open(sections, { "rows.csv": dtypes, "own.csv": "columns,dtypes\na,int64\n" }, [own]);
    const frame = await access.source("rows").frame();
    expect(frame.dtypes).toEqual({ id: "int64", x: "float64", at: "datetime", flag: "bool" });
    expect(frame.row(0)).toEqual({ id: 1, x: 5, at: new Date("2026-01-02"), flag: true });
    const rows = async () => {
      for await (const _ of access.source("own").rows());
    };
    expect(await refusal(rows())).toMatchObject({
      code: "DATA_INVALID",
      message: '[own] own: column "a" row 1: int64 expected (dtypes_path), found 2.5',
    });
  });

  it("leaves text that is kept as bytes as it is", async () => {
    const text = dictionaryText(encoder.encode("ab"), Uint32Array.of(0, 1, 2), Int32Array.of(0, -1));
    const kept = {
      dtype: "str",
      text,
      get values(): never {
        throw new Error("the text was decoded");
      },
    } as const;
    const frame = frameOf(new Map([["id", kept]]), 2);
    const own = [
      defineSource({ serves: ["own"], open: () => ({ frame: async () => frame }) }),
      defineSink({
        serves: ["own"],
        open: () => ({
          async write(frames) {
            for await (const one of frames) expect(one).toBe(frame);
          },
        }),
      }),
    ];
    const sections = `datasources: { data: { type: own, dtypes_path: kept.csv } }
datasinks: { data: { type: own, dtypes_path: written.csv } }`;
    const access = await open(sections, { "kept.csv": "columns,dtypes\nid,str\n" }, own);
    expect(typedColumn(await access.source("data").frame(), "id").text).toBe(text);
    await access.sink("data").write([frame]);
    expect(readFileSync(join(folder, "written.csv"), "utf8")).toBe("columns,dtypes\nid,str\n");
  });

  it("refuses a value that does not fit: where, what, and what was expected", async () => {
    for (const [type, text, message] of [
      ["csv", "id,x\na,1\nb,oops\n", /bad\.txt line 3: column "x": float64 expected.*found "oops"/],
      [
        "jsonl",
        '{"id":"a","x":1}\n{"id":"b","x":"oops"}\n',
        /bad\.txt line 2: column "x": float64 expected, found "oops"/,
      ],
    ] as const) {
      const dtypes = "columns,dtypes\nid,str\nx,float64\n";
      const entry = `{ type: ${type}, path: bad.txt, dtypes_path: bad.csv }`;
      const error = await refusal((await source(entry, { "bad.txt": text, "bad.csv": dtypes })).frame());
      expect(error).toMatchObject({ code: "DATA_INVALID", message: expect.stringMatching(message) });
    }
  });

  it("refuses a column that the data does not have", async () => {
    const files = { "less.txt": "id\n1\n", "less.csv": told };
    const error = await refusal((await source("{ type: csv, path: less.txt, dtypes_path: less.csv }", files)).frame());
    expect(error).toMatchObject({ code: "COLUMN_UNKNOWN", message: expect.stringContaining('no column "x"') });
  });

  it("that is not as it should be is one error", async () => {
    for (const [text, code, message] of [
      [undefined, "DATA_UNAVAILABLE", /dtypes_path: .*none\.csv cannot be read: it does not exist/],
      ["", "DATA_INVALID", /dtypes_path: .*none\.csv: the file is empty/],
      [
        "column,dtype\na,str\n",
        "DATA_INVALID",
        /dtypes_path: the columns "columns" and "dtypes" expected, found "column"/,
      ],
      [
        "columns,dtypes\na,number\n",
        "DATA_INVALID",
        /dtypes_path: column "a": str, int64, .* expected, found "number"/,
      ],
    ] as const) {
      rmSync(join(folder, "none.csv"), { force: true });
      const files = { "some.txt": "a\n1\n", ...(text !== undefined && { "none.csv": text }) };
      const data = await source("{ type: csv, path: some.txt, dtypes_path: none.csv }", files);
      const error = await refusal(data.frame());
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(error.message).toMatch(/-\d+\.yml line 3/);
    }
  });

  it.each(["csv", "euro_csv", "jsonl", "parquet"])(
    "is written by a %s sink, and read back by a source",
    async (type) => {
      const entry = `{ type: ${type}, path: new/${type}.data, dtypes_path: new/${type}.dtypes.csv }`;
      const frame = createFrame(
        { id: ["007", null], x: [1, 2], n: [1, 2], when: [new Date(0), null], flag: [true, false] },
        { x: "float64" },
      );
      await (await sink(entry)).write([
        frame,
        createFrame({ id: ["8"], x: [3.5], n: [3], when: [null], flag: [true] }, { when: "datetime" }),
      ]);
      expect(readFileSync(join(folder, `new/${type}.dtypes.csv`), "utf8")).toBe(
        "columns,dtypes\nid,str\nx,float64\nn,int64\nwhen,datetime\nflag,bool\n",
      );
      const back = await (await source(entry, {})).frame();
      expect(back.dtypes).toEqual({ id: "str", x: "float64", n: "int64", when: "datetime", flag: "bool" });
      expect(back.row(0)).toEqual({ id: "007", x: 1, n: 1, when: new Date(0), flag: true });
    },
  );

  it("is written with the dtype that takes all frames, and not when the data is not", async () => {
    const entry = "{ type: csv, path: all.csv, dtypes_path: all.dtypes.csv }";
    const frames = [
      createFrame({ a: [1], b: [1], c: [null], d: [1] }),
      createFrame({ a: [null], b: ["x"], c: [true], d: [0.5] }),
    ];
    await (await sink(entry)).write(frames);
    expect(readFileSync(join(folder, "all.dtypes.csv"), "utf8")).toBe(
      "columns,dtypes\na,float64\nb,str\nc,bool\nd,float64\n",
    );
    const failing = (await sink("{ type: csv, path: failed.csv, dtypes_path: failed.dtypes.csv }")).write([
      createFrame({ a: [1] }),
      createFrame({ b: [1] }),
    ]);
    expect((await refusal(failing)).code).toBe("DATA_INVALID");
    expect(existsSync(join(folder, "failed.dtypes.csv"))).toBe(false);
  });
});
