import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { patternOf } from "../../../../src/data/files/pattern.ts";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import type { Frame, Source } from "../../../../src/data/types.ts";
import type { Files } from "../../../../src/host.ts";
import { folder, openSink, openSource } from "../../../support/entries.ts";
import { testHost } from "../../../support/host.ts";

/** A folder of files by their paths. */
function filesOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(folder, "many-"));
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), contents);
  }
  return root;
}

const csv = (path: string, options: object = {}) => openSource({ type: "csv", path, options });
const cells = (frame: Frame, name: string) => Array.from(frame.column(name) as ArrayLike<unknown>);
const framesOf = async (source: Source, size: number, columns?: readonly string[]) => {
  const frames: Frame[] = [];
  for await (const frame of source.batches({ size, ...(columns && { columns }) })) frames.push(frame);
  return frames;
};

const table = {
  "year=2023/month=12/a.csv": "x\n1\n2\n",
  "year=2024/month=01/a.csv": "x\n3\n",
  "year=2024/month=01/b.csv": "x\n4.5\n",
  "year=2024/month=02/a.csv": "x\n5\n",
  _SUCCESS: "",
  "year=2024/.x.crc": "no rows",
  "_temporary/0/part.csv": "x\n99\n",
};

describe("many files", () => {
  it("are one table in the order of their paths, with a column of each partition", async () => {
    const root = filesOf(table);
    const frame = await (await csv(`${root}/`)).frame();
    expect(cells(frame, "x")).toEqual([1, 2, 3, 4.5, 5]);
    expect(frame.dtypes).toEqual({ x: "float64", year: "int64", month: "int64" });
    expect(cells(frame, "month")).toEqual([12, 12, 1, 1, 2]);
    const text = await (await csv(`${root}/`, { dtype: { month: "str" } })).frame();
    expect(cells(text, "month")).toEqual(["12", "12", "01", "01", "02"]);
  });

  it("come in batches of one size, across files", async () => {
    const frames = await framesOf(await csv(`${filesOf(table)}/`), 2);
    expect(frames.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it("are named by stars", async () => {
    const root = filesOf({ ...table, "top.csv": "x\n7\n", "other.txt": "x" });
    expect(cells(await (await csv(`${root}/*.csv`)).frame(), "x")).toEqual([7]);
    expect(cells(await (await csv(`${root}/year=2024/**/a.csv`)).frame(), "x")).toEqual([3, 5]);
    expect(cells(await (await csv(`${root}/year=*/month=12/*`)).frame(), "x")).toEqual([1, 2]);
  });

  it("have no column of a partition twice, and one layout", async () => {
    await expect((await csv(`${filesOf({ "x=1/a.csv": "x\n1\n" })}/`)).frame()).rejects.toThrow("Rename the one");
    await expect((await csv(`${filesOf({ "y=1/a.csv": "x\n1\n", "a.csv": "x\n1\n" })}/`)).frame()).rejects.toThrow(
      "the same partitions expected",
    );
  });

  it("have the same columns in any order, and no others", async () => {
    const root = filesOf({ "1.csv": "a,b\n1,2\n", "2.csv": "b,a\n4,3\n" });
    expect(cells(await (await csv(`${root}/`)).frame(), "a")).toEqual([1, 3]);
    writeFileSync(join(root, "3.csv"), "a,c\n1,2\n");
    await expect((await csv(`${root}/`)).frame()).rejects.toThrow(
      '3.csv: the columns of the first file expected in every file, found none named "b"',
    );
  });

  it("follow links, and no circle of them", async () => {
    const elsewhere = filesOf({ "far.csv": "x\n8\n" });
    const root = filesOf({ "near.csv": "x\n1\n" });
    symlinkSync(elsewhere, join(root, "linked"));
    symlinkSync(root, join(root, "zcircle"));
    expect(cells(await (await csv(`${root}/`)).frame(), "x")).toEqual([8, 1]);
  });

  it("are refused where there are none, with the reason", async () => {
    const root = filesOf({ "a.txt": "" });
    await expect((await csv(`${root}/*.csv`)).frame()).rejects.toThrow("at least one file expected, found others");
    await expect((await csv(`${root}/none/*.csv`)).frame()).rejects.toThrow("it does not exist");
    await expect((await csv(`${root}/`)).text()).rejects.toThrow("names many files");
  });

  it("say of a wrong option at the start", async () => {
    await expect(csv(`${filesOf(table)}/`, { spe: ";" })).rejects.toThrow("options: unknown option");
  });

  it("may be one file with a star in its name", async () => {
    const root = filesOf({ "a*.csv": "x\n1\n", "ab.csv": "x\n2\n" });
    expect(cells(await (await csv(`${root}/a*.csv`)).frame(), "x")).toEqual([1]);
  });

  it("can be given as some of their columns", async () => {
    const source = await csv(`${filesOf({ "y=1/a.csv": "a,b\n1,2\n" })}/`);
    const [frame] = await framesOf(source, 10, ["y", "b"]);
    expect(frame?.names).toEqual(["y", "b"]);
    await expect(framesOf(source, 10, ["z"])).rejects.toThrow('no column "z"');
    const listed = await (await csv(`${filesOf({ "y=1/a.csv": "a,b\n1,2\n" })}/`, { usecols: ["b"] })).frame();
    expect(listed.names).toEqual(["b"]);
  });
});

describe("filters", () => {
  /** A host that tells which files were opened. */
  const counting = () => {
    const opened: string[] = [];
    const host = testHost();
    const files: Files = {
      ...host.files,
      stream: (url) => {
        opened.push(decodeURIComponent(url.pathname));
        return host.files.stream(url);
      },
    };
    return { opened, host: { ...host, files } };
  };

  it("open no file whose folders say that it holds no such row", async () => {
    const root = filesOf(table);
    const { opened, host } = counting();
    const options = {
      filters: [
        ["year", "=", 2024],
        ["month", "in", [1, 3]],
        ["x", ">", 3],
      ],
    };
    const source = await openSource({ type: "csv", path: `${root}/`, options }, { host });
    expect(cells(await source.frame(), "x")).toEqual([4.5]);
    expect(opened.map((path) => path.slice(root.length + 1))).toEqual([
      "year=2024/month=01/a.csv",
      "year=2024/month=01/b.csv",
    ]);
  });

  it("leave the columns where no file is left", async () => {
    const source = await csv(`${filesOf(table)}/`, { filters: [["year", "==", 1999]] });
    const frame = await source.frame();
    expect([frame.length, frame.names]).toEqual([0, ["x", "year", "month"]]);
  });

  it("choose rows as pandas does: no missing value but for `not in`", async () => {
    const root = filesOf({ "a.csv": "n,s,d\n1,a,2024-01-01\n,b,2024-06-01\n3,,2025-01-01\n" });
    const rows = async (filters: unknown) => {
      const source = await csv(`${root}/a.csv`, { filters, parse_dates: ["d"] });
      return (await source.frame()).toJSON().map(({ n, s }) => `${n || "null"}${s}`);
    };
    expect(await rows([["n", "!=", 1]])).toEqual(["3null"]);
    expect(await rows([["n", "not in", [1]]])).toEqual(["nullb", "3null"]);
    expect(await rows([["s", ">=", "b"]])).toEqual(["nullb"]);
    expect(await rows([["d", "<", "2024-12-31"]])).toEqual(["1a", "nullb"]);
    expect(await rows([[["n", "==", 1]], [["s", "==", "b"]]])).toEqual(["1a", "nullb"]);
    await expect(rows([["n", "==", "1"]])).rejects.toThrow(
      'a number expected to compare with column "n" (float64), found "1"',
    );
    await expect(rows([["m", "==", 1]])).rejects.toThrow('filters: no column "m"');
    await expect(rows([["n", "~", 1]])).rejects.toThrow("a list of conditions such as");
    await expect(rows("n > 1")).rejects.toThrow("a list of conditions such as");
  });

  it("skip row groups of Parquet by their statistics, and read only the columns that are asked for", async () => {
    const path = join(mkdtempSync(join(folder, "groups-")), "a.parquet");
    const sink = await openSink({ type: "parquet", path, options: { row_group_size: 10 } });
    const n = Array.from({ length: 100 }, (_, at) => at);
    const wide = n.map((at) =>
      Array.from({ length: 2000 }, (_, i) => (Math.sin(at * 2000 + i) * 1e9).toString(36)).join(""),
    );
    await sink.write(createFrame({ n, half: n.map((at) => at / 2 + 0.25), wide }));
    let bytes = 0;
    const host = testHost();
    const files: Files = {
      ...host.files,
      async parts(url) {
        const parts = await host.files.parts(url);
        return (
          parts && {
            size: parts.size,
            read(start, end) {
              bytes += end - start;
              return parts.read(start, end);
            },
          }
        );
      },
    };
    const read = async (options: object, columns?: readonly string[]) => {
      bytes = 0;
      const source = await openSource({ type: "parquet", path, options }, { host: { ...host, files } });
      const frames = await framesOf(source, 1000, columns);
      return { rows: frames.flatMap((frame) => cells(frame, "n")), bytes };
    };
    const all = await read({});
    const some = await read({ filters: [["n", ">=", 95]] });
    expect(some.rows).toEqual([95, 96, 97, 98, 99]);
    expect(some.bytes).toBeLessThan(all.bytes / 2.5);
    expect((await read({ filters: [["half", "<", 1]] })).rows).toEqual([0, 1]);
    expect((await read({ filters: [["n", "in", [5, 55]]] })).rows).toEqual([5, 55]);
    expect((await read({ filters: [["n", ">", 1000]] })).rows).toEqual([]);
    const narrow = await read({}, ["n"]);
    expect(narrow.rows).toEqual(all.rows);
    expect(narrow.bytes).toBeLessThan(all.bytes / 2);
  });
});

describe("a pattern", () => {
  it.each([
    ["file:///d/*.csv", ["a.csv"], ["a.txt", "x/a.csv", ".a.csv", "_a.csv"]],
    ["file:///d/", ["a", "b/c"], ["_x/a", "b/.c"]],
    ["s3://b/t/**/x*y.z", ["xy.z", "a/b/x1y.z"], ["a/xy.zz", "a/x.z"]],
    ["s3://b/t/y=*/", ["y=1/a", "y=1/b/c"], ["z/a"]],
    ["s3://b/*a*a*", ["aa", "bab1a2"], ["ba"]],
  ])("%s", (path, fits, others) => {
    const pattern = patternOf(path);
    expect(fits.filter((name) => !pattern?.matches(name))).toEqual([]);
    expect(others.filter((name) => pattern?.matches(name))).toEqual([]);
  });

  it("is none of one file, nor of what a web server has", () => {
    expect(["file:///d/a.csv", "https://example.com/a/*/", "s3://b/k"].map(patternOf)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
