import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { readCsvSinkOptions } from "../../../../src/data/csv/options/sink-options.ts";
import { writeCsv } from "../../../../src/data/csv/write.ts";
import { missingTokens } from "../../../../src/data/frame/infer.ts";
import type { Frame } from "../../../../src/data/types.ts";
import { testHost } from "../../../support/host.ts";
import { folder, openCsv, openCsvSink, temporaryFile } from "./files.ts";

const host = testHost({ cwd: folder });
const read = async (text: string | Uint8Array, options: object = {}) =>
  (await openCsv(temporaryFile(text), { options }, host)).frame();
const rows = async (text: string, options: object = {}) =>
  [...(await read(text, options)).rows()].map((row) => Object.values(row));
const fails = async (text: string | Uint8Array, options: object = {}) => {
  const error = await read(text, options).catch((thrown) => thrown);
  return `${error.code} ${error.message}`;
};

describe("cells", () => {
  it.each([
    ["whole numbers", "1\n-2\n+3", "int64", [1, -2, 3]],
    ["spaces around numbers", " 1\n2 ", "int64", [1, 2]],
    ["numbers", "1\n.5\n-2.\n1e3\n1E-2", "float64", [1, 0.5, -2, 1000, 0.01]],
    ["whole numbers with one missing", "1\nNA\n2", "float64", [1, Number.NaN, 2]],
    ["booleans of any spelling", "True\nFALSE\ntrue", "bool", [true, false, true]],
    ["booleans with one missing", "True\nNA\nFalse", "bool", [true, null, false]],
    ["booleans beside numbers", "True\n1", "str", ["True", "1"]],
    ["infinities", "inf\n-Infinity\n+INF", "float64", [Infinity, -Infinity, Infinity]],
    ["hexadecimal, which is no number in a table", "0x10", "str", ["0x10"]],
    ["a sign alone", "-\n1", "str", ["-", "1"]],
    ["zeros", "0\n-0", "int64", [0, 0]],
    ["leading zeros of a whole number", "007\n1.5", "str", ["007", "1.5"]],
    ["integers past 2^53", "9007199254740993\n-1", "int64", [9007199254740993n, -1n]],
    ["integers past 2^63", "9223372036854775808\n1", "str", ["9223372036854775808", "1"]],
    ["integers that no float holds beside a missing one", "9007199254740993\nNA", "str", ["9007199254740993", null]],
    ["nothing but missing values", "NA\nnull", "float64", [Number.NaN, Number.NaN]],
    ["quoted numbers", '"1"\n"2"', "int64", [1, 2]],
  ])("%s", async (_, text, dtype, values) => {
    const frame = await read(`a\n${text}\n`);
    expect([frame.dtypes.a, Array.from<unknown>(frame.column("a"))]).toEqual([dtype, values]);
  });

  it("are the very number that JavaScript reads", async () => {
    const texts = ["0.1", "1.7976931348623157e308", "5e-324", "9007199254740993.0", "123456789.123456789", "1e23"];
    expect((await read(`a\n${texts.join("\n")}\n`)).column("a")).toEqual(Float64Array.from(texts, Number));
  });

  it("are missing for every token of pandas", async () => {
    expect(missingTokens.size).toBe(19);
    const texts = [...missingTokens].map((token) => `x,${token}`).join("\n");
    expect((await read(`a,b\n${texts}\nx,y\n`)).describe().b).toMatchObject({ count: 1, top: "y" });
  });
});

describe("rows", () => {
  it("may be short", async () => {
    expect(await rows("a,b\n1\n2,x\n")).toEqual([
      [1, null],
      [2, "x"],
    ]);
  });

  it("may not be longer than the header", async () => {
    const path = temporaryFile('a,b\n"1\n1",2\n\n3,4,5\n');
    const source = await openCsv(path, {}, host);
    const shown = path.slice(folder.length);
    await expect(source.frame()).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringContaining(`[csv] .${shown} line 5: 2 cells expected`),
    });
  });

  it.each([
    ["LF", "a,b\n1,x\n2,y\n"],
    ["CRLF", "a,b\r\n1,x\r\n2,y\r\n"],
    ["CR", "a,b\r1,x\r2,y\r"],
    ["one and then the other", "a,b\r\n1,x\n2,y\r\n"],
    ["nothing at the end", "a,b\n1,x\n2,y"],
    ["CR at the end", 'a,b\r\n1,x\r\n2,"y"\r'],
    ["CRLF after quotes", '"a","b"\r\n"1","x"\r\n"2","y"\r\n'],
    ["blank lines between", "\n\na,b\n1,x\n  \n2,y\n\n"],
    ["a byte order mark before", "\uFEFFa,b\n1,x\n2,y\n"],
  ])("end with %s", async (_, text) => {
    const frame = await read(text);
    expect([frame.names, JSON.stringify(frame)]).toEqual([["a", "b"], '[{"a":1,"b":"x"},{"a":2,"b":"y"}]']);
  });

  it("hold what is in quotes as it is", async () => {
    expect(await rows('a,b\n"x,\ny",1\n"""q""",2\n"\r",3\n5" pipe,4\n')).toEqual([
      ["x,\ny", 1],
      ['"q"', 2],
      ["\r", 3],
      ['5" pipe', 4],
    ]);
    expect(await rows('b,a\n1,"x\r"\n2,"y\r"\r\n3,z\r\n4,""\r\n')).toEqual([
      [1, "x\r"],
      [2, "y\r"],
      [3, "z"],
      [4, null],
    ]);
  });

  it("are there when their only cell is empty and in quotes", async () => {
    expect(await rows('a\nx\n""\n\ny\n')).toEqual([["x"], [null], ["y"]]);
  });

  it("say where a quote opens that is not closed", async () => {
    expect(await fails('a,b\n1,2\n3,"x\n4,5\n6,7\n')).toMatch(/^DATA_INVALID \[csv\] .* line 3: a quote opens here/);
    expect(await fails(`a,b\n${"1,2\n".repeat(50_000)}3,"x\n${"4,5\n".repeat(50_000)}`)).toContain("line 50002:");
  });
});

describe("names", () => {
  it("are made different, and given where there are none", async () => {
    expect((await read("a,a,a.1,,a\n1,2,3,4,5\n")).names).toEqual(["a", "a.2", "a.1", "Unnamed: 3", "a.3"]);
  });
});

describe("files", () => {
  it("must not be empty", async () => {
    for (const text of ["", "\n\n", "\uFEFF"]) expect(await fails(text)).toMatch(/^DATA_INVALID .*the file is empty/);
  });

  it("must be UTF-8", async () => {
    expect(await fails(Uint8Array.of(0x61, 0x0a, 0xe4, 0x0a))).toMatch(/^DATA_INVALID \[csv\].*UTF-8 expected/);
    expect(await fails(Uint8Array.of(0x61, 0x0a, 0xe2, 0x82))).toMatch(/^DATA_INVALID \[csv\].*UTF-8 expected/);
  });

  it("are let go when no more rows are wanted", async () => {
    let cancelled = false;
    const chunk = new TextEncoder().encode("a\n1\n2\n");
    const stream = () =>
      new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull: (controller) => controller.enqueue(chunk),
        cancel() {
          cancelled = true;
        },
      });
    const endless = testHost({ files: { ...host.files, stream: async () => stream() } });
    const source = await openCsv("/endless.csv", { options: { nrows: 3 } }, endless);
    expect((await source.frame()).length).toBe(3);
    expect(cancelled).toBe(true);
  });

  it("are read as they are asked for, one batch at a time", async () => {
    let pulled = 0;
    const chunk = new TextEncoder().encode("1,x\n".repeat(1000));
    const stream = () =>
      new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull(controller) {
          pulled++;
          controller.enqueue(pulled === 1 ? new TextEncoder().encode("a,b\n") : chunk);
        },
      });
    const endless = testHost({ files: { ...host.files, stream: async () => stream() } });
    const lengths: number[] = [];
    for await (const frame of (await openCsv("/endless.csv", {}, endless)).batches({ size: 1500 })) {
      lengths.push(frame.length);
      if (lengths.length === 3) break;
    }
    expect(lengths).toEqual([1500, 1500, 1500]);
    expect(pulled).toBeLessThan(10);
  });
});

describe("options", () => {
  const text = "a;b;c\n1,5;x;01\n2;-;02\n";
  const json = async (csv: string, options: object) => JSON.parse(JSON.stringify(await read(csv, options)));

  it("sep and decimal", async () => {
    expect(await json(text, { sep: ";", decimal: "," })).toEqual([
      { a: 1.5, b: "x", c: "01" },
      { a: 2, b: "-", c: "02" },
    ]);
    expect(await json("a\tb\n1\t2\n", { sep: "\t" })).toEqual([{ a: 1, b: 2 }]);
  });

  it("header and names", async () => {
    expect((await read("1,2\n", { header: false })).names).toEqual(["0", "1"]);
    expect(await json("1,2\n", { names: ["x", "y"] })).toEqual([{ x: 1, y: 2 }]);
    expect(await json("1,2\n", { names: ["x", "y"], header: null })).toEqual([{ x: 1, y: 2 }]);
    expect(await json("a,b\n1,2\n", { names: ["x", "y"], header: true })).toEqual([{ x: 1, y: 2 }]);
    expect(await fails("a,b\n1,2\n", { names: ["x"], header: true })).toMatch(/^DATA_INVALID .*1 columns expected/);
  });

  it("usecols, by name or position, in the order of the file", async () => {
    expect((await read("a,b,c\n1,2,3\n", { usecols: ["c", 0] })).names).toEqual(["a", "c"]);
    expect(await fails("width\n1\n", { usecols: ["widht"] })).toMatch(/^COLUMN_UNKNOWN .*did you mean "width"/);
    expect(await fails("a\n1\n", { usecols: [1] })).toMatch(/^COLUMN_UNKNOWN .*position 1/);
  });

  it("dtype, for all columns or by name", async () => {
    expect((await read("a,b\n1,2\n", { dtype: "str" })).dtypes).toEqual({ a: "str", b: "str" });
    const frame = await read("a,b,c,d,e\n01,2,True,NA,2020-01-02 03:04\n", {
      dtype: { a: "int64", b: "float", c: "bool", d: "object", e: "datetime" },
    });
    expect(frame.dtypes).toEqual({ a: "int64", b: "float64", c: "bool", d: "str", e: "datetime" });
    expect(frame.row(0)).toEqual({ a: 1, b: 2, c: true, d: null, e: new Date("2020-01-02T03:04:00Z") });
  });

  it("dtype, with the line, column and value that does not fit", async () => {
    const cases = { int64: "1.5", float64: "x", bool: "1", datetime: "2021-02-30" };
    for (const [dtype, value] of Object.entries(cases)) {
      expect(await fails(`a\n\n${value}\n`, { dtype: { a: dtype } })).toMatch(
        new RegExp(`^DATA_INVALID .* line 3: column "a": ${dtype} expected.*"${value}"`),
      );
    }
    expect(await fails("a,b\n,1\n", { dtype: "int64" })).toMatch(/line 2: column "a": int64 expected.*nothing/);
    expect(await fails("a\n1\n", { dtype: { b: "str" } })).toMatch(/^COLUMN_UNKNOWN .*"b"/);
  });

  it("na_values, for all columns or by name", async () => {
    expect(await rows("a,b\n-,-\n1,NA\n", { na_values: "-" })).toEqual([
      [Number.NaN, Number.NaN],
      [1, Number.NaN],
    ]);
    expect(await rows("a,b\n-999,-999\n", { na_values: { a: [-999] } })).toEqual([[Number.NaN, -999]]);
  });

  it("skiprows and nrows", async () => {
    expect(await rows('made by "us\n\na\n1\n2\n', { skiprows: 2, nrows: 1 })).toEqual([[1]]);
    expect((await read("a,b\n1,2\n", { nrows: 0 })).names).toEqual(["a", "b"]);
  });

  it("say all that is wrong with them, and what was meant", async () => {
    const path = temporaryFile("a\n1\n");
    const options = { seperator: ";", dtyp: "str", sep: '"', nrows: -1, decimal: "x", dtype: { a: "int33" } };
    const error = await openCsv(path, { options }, host).catch((thrown) => thrown);
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message.split("\n")).toHaveLength(6);
    expect(error.message).toContain('launchpad.yml line 3: options: unknown option "dtyp"; did you mean "dtype"?');
    expect(error.message).toContain("options.nrows: a whole number from 0 expected, found -1");
  });
});

describe("paths", () => {
  it("say which file is missing", async () => {
    await expect((await openCsv("/nowhere/x.csv", {}, host)).frame()).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining("/nowhere/x.csv"),
    });
  });

  it("may be those of a server", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      if (request.url === "/iris.csv") response.end("a\n1\n");
      else response.writeHead(404, "Not Found").end();
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    try {
      const source = await openCsv(`http://user:pass%20word@127.0.0.1:${port}/iris.csv`, {}, host);
      expect([...(await source.frame()).rows()]).toEqual([{ a: 1 }]);
      expect(seen).toEqual([`Basic ${btoa("user:pass word")}`]);
      const missing = await openCsv(`http://user:secret@127.0.0.1:${port}/x.csv?sig=secret`, {}, host);
      const error = await missing.frame().catch((thrown) => thrown);
      expect(error.code).toBe("DATA_UNAVAILABLE");
      expect(error.message).toMatch(/\[csv\] http:.*\/x\.csv.*404 Not Found/);
      expect(error.message).not.toContain("secret");
    } finally {
      server.closeAllConnections();
      server.close();
    }
    await expect((await openCsv(`http://127.0.0.1:${port}/iris.csv`, {}, host)).frame()).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining("cannot be reached"),
    });
  });

  it("need a scheme that is served, and a runtime that has files", async () => {
    await expect(openCsv("ftp://example.org/x.csv", {}, host)).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringMatching(/ftp:.*file:, http:, https:/),
    });
    const { files: _, ...worker } = testHost({ runtime: { name: "workerd", version: "1" } });
    await expect(openCsv("/x.csv", {}, worker)).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: expect.stringContaining("workerd"),
    });
  });
});

describe("writing", () => {
  const written = async (data: Frame | Record<string, never>[], entry: object = {}) => {
    const path = temporaryFile();
    await (await openCsvSink(path, entry, host)).write(data as Frame);
    return readFileSync(path, "utf8");
  };

  it("writes floats as Python does", async () => {
    const floats = [2, 0.1, 1e16, 1.5e-5, 1e-4, 123456789012345680, 1e22, -0, 1e-100, 9007199254740992];
    const text = `a\n${floats.join("\n")}\n0.5\n`;
    expect((await written(await read(text))).split("\n").slice(1, -2)).toEqual(
      "2.0 0.1 1e+16 1.5e-05 0.0001 1.2345678901234568e+17 1e+22 0.0 1e-100 9007199254740992.0".split(" "),
    );
  });

  it("writes what the other dtypes hold", async () => {
    const frame = await read("i,b,s,d\n9007199254740993,True,x,2020-01-02\n1,NA,NA,NA\n", { dtype: { d: "datetime" } });
    expect(await written(frame)).toBe("i,b,s,d\n9007199254740993,True,x,2020-01-02T00:00:00.000Z\n1,,,\n");
  });

  it("follows the dialect and the options", async () => {
    const frame = await read("a,b\n1.5,x;y\n");
    expect(await written(frame, { type: "euro_csv" })).toBe('a;b\n1,5;"x;y"\n');
    expect(await written(frame, { options: { sep: "\t", header: false } })).toBe("1.5\tx;y\n");
    await expect(openCsvSink("/x.csv", { options: { nrows: 1 } }, host)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });

  it("writes a large frame in parts", async () => {
    const lines = Array.from({ length: 25_001 }, (_, i) => `${i},${i % 3 === 0 ? "" : `"${i},é"`}\n`);
    const frame = await read(`a,b\n${lines.join("")}`);
    const pieces: string[] = [];
    const frames = (async function* () {
      yield frame;
    })();
    for await (const piece of writeCsv(frames, readCsvSinkOptions("", "csv", {}))) pieces.push(piece);
    expect(pieces).toHaveLength(3);
    expect(pieces.join("")).toBe(`a,b\n${lines.join("")}`);
  });

  it("asks for frames only as fast as they are written", async () => {
    let given = 0;
    const frame = await read("a\n1\n");
    const frames = (async function* () {
      for (; given < 1000; given++) yield frame;
    })();
    const lags: number[] = [];
    const slow = testHost({
      files: {
        ...host.files,
        async write(_, data) {
          const reader = (data as ReadableStream<Uint8Array>).getReader();
          for (let taken = 1; !(await reader.read()).done; taken++) {
            await new Promise((resolve) => setTimeout(resolve, 0));
            lags.push(given - taken);
          }
        },
      },
    });
    await (await openCsvSink("/slow.csv", {}, slow)).write(frames);
    expect(lags).toHaveLength(1000);
    expect(Math.max(...lags)).toBeLessThan(5);
  });

  it("says that a server is no place to write to", async () => {
    const sink = await openCsvSink("https://example.org/x.csv", {}, host);
    await expect(sink.write(await read("a\n1\n"))).rejects.toMatchObject({ code: "DATA_UNAVAILABLE" });
  });
});
