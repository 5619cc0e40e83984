import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import type { Frame } from "../../../../src/data/types.ts";
import { type RunningWebServer, startFiles, startWeb } from "../../../storage/servers.ts";
import { folder, openSink, openSource, temporaryFile } from "../../../support/entries.ts";

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const open = (path: string, options: object = {}) => openSource({ type: "parquet", path, options });
const read = async (name: string, options: object = {}) => (await open(fixture(`${name}.parquet`), options)).frame();
const refusal = (reading: Promise<unknown>) =>
  reading.then(
    (value) => expect.fail(`not refused: ${JSON.stringify(value)}`),
    (error: Error & { code: string }) => error,
  );

/** What fixtures/make.py wrote. */
const expected = {
  name: ["setosa", null, "Ähre 🌾", "", "setosa"],
  kind: ["a", "b", "a", null, "a"],
  exact: [2n ** 63n - 1n, -(2n ** 63n), 0n, 9007199254740993n, 1n],
  small: [1, null, -3, 4, 5],
  unsigned: [0, 4294967295, 1, 2, 3],
  float: [0.1, null, Number.POSITIVE_INFINITY, -0, 1e300],
  half: [0.5, -0.25, null, 1.5, 2],
  flag: [true, false, null, true, false],
  millis: ["2026-01-02T03:04:05.678Z", null, "1969-12-31T23:59:59.999Z", "1970-01-01", "1970-01-01"],
  micros: ["2026-01-02T03:04:05.678Z", null, "1969-12-31T23:59:59.999Z", "1970-01-01", "1970-01-01"],
  nanos: ["2026-01-02T03:04:05.678Z", null, "1969-12-31T23:59:59.999Z", "1970-01-01", "1970-01-01"],
  day: ["2026-01-02", null, "1969-12-31", "0001-01-01", "9999-12-31"],
  price: [0.3, null, -1234567.8, 12, 0],
  wide: [Number("12345678901234567890.0123456789"), null, -1e-10, 0, 1],
  clock: ["03:04:05.678901", null, "23:59:59.000000", "00:00:00.000000", "12:00:00.000000"],
  bytes: ["text", null, "æ", "", "x"],
  list: ["[1,2]", null, "[]", '[null,"9007199254740993"]', "[3]"],
  struct: ['{"a":1,"b":"x"}', null, '{"a":null,"b":"y"}', '{"a":2,"b":null}', '{"a":3,"b":""}'],
};

const dtypes = {
  name: "str",
  kind: "str",
  exact: "int64",
  small: "float64",
  unsigned: "int64",
  float: "float64",
  half: "float64",
  flag: "bool",
  millis: "datetime",
  micros: "datetime",
  nanos: "datetime",
  day: "datetime",
  price: "float64",
  wide: "float64",
  clock: "str",
  bytes: "str",
  list: "str",
  struct: "str",
} as const;

/** The cells of a frame, with missing ones as null. */
const cellsOf = (frame: Frame) =>
  Object.fromEntries(
    frame.names.map((name) => [
      name,
      Array.from(frame.column(name) as ArrayLike<unknown>, (cell) => (Number.isNaN(cell) ? null : cell)),
    ]),
  );
const wanted = Object.fromEntries(
  Object.entries(expected).map(([name, cells]) => [
    name,
    dtypes[name as keyof typeof dtypes] === "datetime"
      ? cells.map((cell) => (cell === null ? null : new Date(String(cell))))
      : cells,
  ]),
);

describe("a Parquet file of Arrow's", () => {
  for (const name of ["none", "snappy", "gzip", "brotli", "zstd", "lz4", "v1"]) {
    it(`is read exactly: ${name}`, async () => {
      const frame = await read(name);
      expect(frame.dtypes).toEqual(dtypes);
      expect(cellsOf(frame)).toEqual(wanted);
    });
  }

  it("gives batches across its row groups", async () => {
    const source = await open(fixture("none.parquet"));
    for (const [size, lengths] of [
      [1, [1, 1, 1, 1, 1]],
      [3, [3, 2]],
      [4, [4, 1]],
      [100, [5]],
    ] as const) {
      const frames: Frame[] = [];
      for await (const frame of source.batches({ size })) frames.push(frame);
      expect(frames.map(({ length }) => length)).toEqual(lengths);
      expect(frames.flatMap((frame) => cellsOf(frame).name)).toEqual(expected.name);
    }
  });

  it("has its columns without rows", async () => {
    const frame = await read("empty");
    expect([frame.length, frame.names]).toEqual([0, Object.keys(expected)]);
    expect(frame.dtypes).toEqual({ ...dtypes, small: "int64" });
  });

  it("gives the columns and dtypes that the options say", async () => {
    const frame = await read("none", { columns: ["wide", "name"], dtype: { wide: "str" } });
    expect(cellsOf(frame)).toEqual({
      wide: ["12345678901234567890.0123456789", null, "-0.0000000001", "0.0000000000", "1.0000000000"],
      name: expected.name,
    });
    expect(frame.names).toEqual(["wide", "name"]);
    const unknown = await refusal(read("none", { columns: ["nam"] }));
    expect(unknown).toMatchObject({ code: "COLUMN_UNKNOWN", message: expect.stringContaining('did you mean "name"?') });
    const misfit = await refusal(read("none", { dtype: { name: "int64" } }));
    expect(misfit.message).toMatch(/none\.parquet: column "name" row 0: int64 expected, found "setosa"/);
  });

  it("says what a frame cannot hold, and how to go on", async () => {
    const id = await refusal(read("odd", { columns: ["id"] }));
    expect(id.code).toBe("DATA_INVALID");
    expect(id.message).toMatch(
      /odd\.parquet: column "id" row 0: float64 expected, found 9007199254740993\. `dtype: \{ id: str \}`/,
    );
    expect(cellsOf(await read("odd", { columns: ["id"], dtype: "str" }))).toEqual({ id: ["9007199254740993", null] });
    const raw = await refusal(read("odd", { columns: ["raw"] }));
    expect(raw.message).toMatch(/column "raw" row 0: text in UTF-8 expected, found bytes .*`columns` in the options/);
    const big = await refusal(read("odd", { columns: ["big"] }));
    expect(big.message).toMatch(/column "big" row 0: int64 expected, found 18446744073709551615\. `dtype/);
  });
});

describe("a file that is no Parquet file", () => {
  it("is one error that says what it is", async () => {
    const whole = readFileSync(fixture("none.parquet"));
    const cut = temporaryFile(".parquet", whole);
    truncateSync(cut, whole.length - 100);
    const torn = Buffer.from(whole).fill(0xff, whole.length - 400, whole.length - 100);
    const holed = Buffer.concat([whole.subarray(0, 100), whole.subarray(4000)]);
    for (const [path, found] of [
      [temporaryFile(".parquet", ""), "found an empty file"],
      [temporaryFile(".parquet", "PAR1"), "found a file of a few bytes"],
      [temporaryFile(".parquet", "a,b\n1,2\n".repeat(100)), "found other bytes"],
      [cut, "its end is missing|whose end is missing: it was cut off"],
      [temporaryFile(".parquet", torn), "one that cannot be read"],
      [temporaryFile(".parquet", holed), "one that cannot be read"],
    ] as const) {
      const error = await refusal((await open(path)).frame());
      expect(error.code, found).toBe("DATA_INVALID");
      expect(error.message).toMatch(new RegExp(`\\[parquet\\] ${path}: .*(${found})`));
    }
  });
});

describe("a Parquet file behind a web server", () => {
  let web: RunningWebServer;
  let path: string;
  beforeAll(async () => {
    web = await startFiles(folder);
    path = temporaryFile(".parquet");
    const rows = 50_000;
    const numbers = Float64Array.from({ length: rows }, (_, row) => Math.sin(row));
    const frame = createFrame({ a: numbers, b: numbers.map((x) => x * 2), c: numbers.map((x) => x * 3) });
    await (await openSink({ type: "parquet", path, options: { compression: "none", row_group_size: 10_000 } })).write(
      frame,
    );
  });
  afterAll(() => web.stop());

  it("is fetched only as far as it is needed", async () => {
    const size = readFileSync(path).length;
    const source = await open(`${web.origin}${path.slice(folder.length)}`, { columns: ["b"] });
    let fetched = 0;
    for await (const frame of source.batches({ size: 10_000 })) {
      expect(frame.column("b")[1]).toBeCloseTo(Math.sin(1) * 2);
      break;
    }
    for (const { headers } of web.requests) {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
      fetched += Number(end) - Number(start) + 1;
    }
    // The footer's half a megabyte, and one of fifteen column chunks.
    expect(size).toBeGreaterThan(1_100_000);
    expect(fetched).toBeLessThan(2 ** 19 + size / 10);
  });

  it("is read whole where the server sends no parts, and when it is compressed", async () => {
    const bytes = readFileSync(path);
    const whole = await startWeb((_, response) => void response.end(bytes));
    try {
      expect((await (await open(`${whole.origin}/x.parquet`)).frame()).length).toBe(50_000);
    } finally {
      await whole.stop();
    }
    const zipped = temporaryFile(".parquet.gz");
    await (await openSink({ type: "parquet", path: zipped })).write([{ a: 1 }]);
    expect(JSON.stringify(await (await open(zipped)).frame())).toBe('[{"a":1}]');
  });

  it("that changes while it is read is an error, and never a mixture", async () => {
    const bytes = readFileSync(path);
    let asked = 0;
    const changing = await startWeb((request, response) => {
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      const part = bytes.subarray(Number(start), Number(end) + 1);
      asked++;
      response.writeHead(206, {
        etag: asked > 3 ? '"new"' : '"old"',
        "content-range": `bytes ${start}-${end}/${bytes.length}`,
      });
      response.end(part);
    });
    try {
      const error = await refusal((await open(`${changing.origin}/x.parquet`)).frame());
      expect(error).toMatchObject({
        code: "DATA_UNAVAILABLE",
        message: expect.stringContaining("it was changed while"),
      });
    } finally {
      await changing.stop();
    }
    const file = temporaryFile(".parquet", bytes);
    const batches = (await open(file)).batches({ size: 10_000 })[Symbol.asyncIterator]();
    await batches.next();
    writeFileSync(file, Buffer.concat([bytes, bytes]));
    const rest = async () => {
      while (!(await batches.next()).done);
    };
    expect((await refusal(rest())).message).toBe(
      `[parquet] ${file}: ${file} cannot be read: it was changed while it was read`,
    );
  });
});

describe("a Parquet sink", () => {
  it("writes what Arrow reads: fixtures/check.py has looked at these bytes", async () => {
    const path = temporaryFile(".parquet");
    const sink = await openSink({ type: "parquet", path, options: { row_group_size: 2 } });
    await sink.write(await read("none"));
    expect(readFileSync(path).equals(readFileSync(fixture("written.parquet")))).toBe(true);
    expect(cellsOf(await (await open(path)).frame())).toEqual(wanted);
  });

  it("takes frames whose numbers fit the first, and says which do not", async () => {
    const path = temporaryFile(".parquet");
    const sink = () => openSink({ type: "parquet", path, options: { row_group_size: 2 } });
    const ints = createFrame({ a: [1, 2] });
    await (await sink()).write([ints, createFrame({ a: [3, null] }), createFrame({ a: [9007199254740993n] })]);
    expect(cellsOf(await (await open(path, { dtype: "str" })).frame()).a).toEqual([
      "1",
      "2",
      "3",
      null,
      "9007199254740993",
    ]);
    await (await sink()).write([createFrame({ a: [0.5, 1] }), ints]);
    expect(cellsOf(await (await open(path)).frame()).a).toEqual([0.5, 1, 1, 2]);
    for (const [frame, found] of [
      [createFrame({ a: [0.5, 1] }), "row 2: int64 as in the first frames expected, found 0.5"],
      [createFrame({ a: ["x", "y"] }), "row 2: int64 as in the first frames expected, found x"],
    ] as const) {
      const error = await refusal((await sink()).write([ints, frame]));
      expect(error.code).toBe("DATA_INVALID");
      expect(error.message).toContain(`[parquet] ${path}: column "a" ${found}`);
    }
    expect(cellsOf(await (await open(path)).frame()).a).toEqual([0.5, 1, 1, 2]);
  });

  it("writes no rows, and no columns", async () => {
    const path = temporaryFile(".parquet");
    await (await openSink({ type: "parquet", path })).write(createFrame({ a: [], b: [] }, { a: "int64" }));
    const frame = await (await open(path)).frame();
    expect([frame.length, frame.dtypes]).toEqual([0, { a: "int64", b: "str" }]);
    await (await openSink({ type: "parquet", path })).write([]);
    expect((await (await open(path)).frame()).names).toEqual([]);
  });

  it("refuses options that it does not have", async () => {
    for (const [options, message] of [
      [{ compression: "zstd" }, 'options.compression: snappy or none expected, found "zstd"'],
      [{ row_group_size: 0 }, "options.row_group_size: a whole number of rows from 1 expected, found 0"],
      [{ codec: "snappy" }, 'options: unknown option "codec"'],
    ] as const) {
      const opening = openSink({ type: "parquet", path: temporaryFile(".parquet"), options });
      expect(await refusal(opening)).toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining(message),
      });
    }
  });
});
