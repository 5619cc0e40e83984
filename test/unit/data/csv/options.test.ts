import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { testHost } from "../../../support/host.ts";
import { openCsv, openCsvSink, temporaryFile } from "./files.ts";

const host = testHost();

async function columns(text: string | Uint8Array, options: object = {}): Promise<Record<string, unknown[]>> {
  const frame = await (await openCsv(temporaryFile(text), { options }, host)).frame();
  const cell = (value: unknown) => (Number.isNaN(value) ? null : value instanceof Date ? value.toISOString() : value);
  return Object.fromEntries(frame.names.map((name) => [name, Array.from<unknown>(frame.column(name)).map(cell)]));
}

const refused = (text: string, options: object = {}) =>
  columns(text, options).then(
    (found) => expect.fail(`not refused: ${JSON.stringify(found)}`),
    (error: Error) => error.message,
  );

describe("what real files have", () => {
  it.each<[string, string, object, Record<string, unknown[]>]>([
    ["a number in na_values however it is written", "a\n1\n-999.00\n3\n", { na_values: -999 }, { a: [1, null, 3] }],
    ["None, which is missing since pandas 2", "a\n1\nNone\n3\n", {}, { a: [1, null, 3] }],
    ["Namibia", "c,d\nN,NA\nU,US\n", { keep_default_na: false }, { c: ["N", "U"], d: ["NA", "US"] }],
    ["no missing values at all", "d\nNA\n\n", { na_filter: false }, { d: ["NA"] }],
    ["text behind a closing quote", 'a,b\n"z"x,2\n"w"y,3\n', {}, { a: ["zx", "wy"], b: [2, 3] }],
    [
      "separators at the end of lines",
      "A,B,C\n1,4,7,\n2,5,8,\n",
      { index_col: false },
      { A: [1, 2], B: [4, 5], C: [7, 8] },
    ],
    [
      "a header that is one shorter, as R writes it",
      '"x" "y"\n"r1" 1 2\n"r2" 3 4\n',
      { sep: " " },
      { x: [1, 3], y: [2, 4] },
    ],
    ["an index by position", "id,x\n7,1\n8,2\n", { index_col: 0 }, { x: [1, 2] }],
    ["an index by name", "id,x\n7,1\n8,2\n", { index_col: "id" }, { x: [1, 2] }],
    [
      "timestamps as COPY writes them",
      "t\n2020-01-01 10:00:00+00\n2020-01-01 10:00:00.5+05:30\n",
      { dtype: { t: "datetime" } },
      { t: ["2020-01-01T10:00:00.000Z", "2020-01-01T04:30:00.500Z"] },
    ],
    [
      "dates with the day first",
      "d\n13/02/2020\n01/03/2020\n",
      { parse_dates: ["d"], dayfirst: true },
      { d: ["2020-02-13T00:00:00.000Z", "2020-03-01T00:00:00.000Z"] },
    ],
    [
      "dates in a form",
      "d\n02.Jan.2020 3 PM\n",
      { parse_dates: ["d"], date_format: "%d.%b.%Y %I %p" },
      { d: ["2020-01-02T15:00:00.000Z"] },
    ],
    ["nullable whole numbers", "a,b\n1,1\n,2\n", { dtype: "Int64" }, { a: [1, null], b: [1, 2] }],
    ["a dtype by the name of two columns", "a,a\n01,02\n", { dtype: { a: "str" } }, { a: ["01"], "a.1": ["02"] }],
    ["a dtype by position", "a,b\n1,2\n", { dtype: { 1: "str" } }, { a: [1], b: ["2"] }],
    ["white space between cells", "a  b\n 1\t2 \n3   4\n", { sep: "\\s+" }, { a: [1, 3], b: [2, 4] }],
    ["a separator of several characters", "a::b\n1::2\n", { sep: "::" }, { a: [1], b: [2] }],
    ["a separator that the first line tells", "a;b\n1,5;2\n", { sep: null, decimal: "," }, { a: [1.5], b: [2] }],
    ["thousands", 'a,b\n"1,234.5",1\n"12,345",2\n', { thousands: "," }, { a: [1234.5, 12345], b: [1, 2] }],
    ["comments", "# made by us\na,b\n1,2 # two\n#3,4\n5,6\n", { comment: "#" }, { a: [1, 5], b: [2, 6] }],
    ["other quotes", "a,b\n'x,y',2\n", { quotechar: "'" }, { a: ["x,y"], b: [2] }],
    ["quotes that are data", 'a,b\n"x,2\n', { quoting: 3 }, { a: ['"x'], b: [2] }],
    ["escaped signs", 'a,b\nx\\,y,2\n"a\\"b",3\n', { escapechar: "\\" }, { a: ["x,y", 'a"b'], b: [2, 3] }],
    ["spaces behind separators", 'a, b\n1, "x,y"\n', { skipinitialspace: true }, { a: [1], b: ["x,y"] }],
    ["lines at the end", "a\n1\n2\nsum 3\n", { skipfooter: 1 }, { a: [1, 2] }],
    ["lines that are passed over", "a\nunit\n1\n2\n", { skiprows: [1] }, { a: [1, 2] }],
    ["a header further down", "title\n\na,b\n1,2\n", { header: 1 }, { a: [1], b: [2] }],
    ["a header of two rows", "a,a\nx,y\n1,2\n", { header: [0, 1] }, { a_x: [1], a_y: [2] }],
    ["rows with too many cells", "a,b\n1,2\n3,4,5\n6,7\n", { on_bad_lines: "skip" }, { a: [1, 6], b: [2, 7] }],
    ["words for true and false", "a\nyes\nno\n", { true_values: ["yes"], false_values: ["no"] }, { a: [true, false] }],
    ["delimiter for sep", "a;b\n1;2\n", { delimiter: ";" }, { a: [1], b: [2] }],
  ])("%s", async (_, text, options, expected) => {
    expect(await columns(text, options)).toEqual(expected);
  });

  it("is refused with what to write instead", async () => {
    expect(await refused("A,B\n1,4,\n2,5,\n")).toMatch(/line 2: 2 cells expected.*`index_col: false`/);
    expect(await refused("a\n1\n", { chunksize: 10 })).toMatch(/options\.chunksize: .*batches\(\{ size \}\)/);
    expect(await refused("a\n1\n", { converters: {} })).toMatch(/options\.converters: .*dtype/);
    expect(await refused("d\n2020-01-01\nx\n", { parse_dates: ["d"] })).toMatch(
      /line 3: column "d": datetime expected \(options\.parse_dates\), found "x"/,
    );
    expect(await refused("d\n1\n", { date_format: "%Q" })).toMatch(/without %Q/);
    expect(await refused("a,b\n1,\n", { dtype: "int64" })).toMatch(/int64 expected.*`Int64` takes missing values/);
    const many = Array.from({ length: 60_000 }, (_, i) => `c${i}`).join(",");
    expect(await refused(`${many}\n`)).toMatch(/at most 50000 columns expected \(options\.max_columns\), found 60000/);
  });

  it("takes what only tunes pandas, and says so where one looks", async () => {
    const lines: string[] = [];
    const log = { ...host.log, child: () => ({ ...host.log, debug: (message: string) => void lines.push(message) }) };
    const source = await openCsv(temporaryFile("a\n1\n"), { options: { engine: "c", low_memory: false } }, {
      ...host,
      log,
    } as never);
    expect([...(await source.frame()).column("a")]).toEqual([1]);
    expect(lines.join("\n")).toMatch(/options\.engine only tunes pandas.*\n.*options\.low_memory/);
  });
});

describe("what to_csv takes", () => {
  const rows = [
    { x: 1.5, s: 'a"b', t: new Date("2020-01-02T03:04:05Z") },
    { x: null, s: "c;d", t: null },
  ];
  it.each<[object, string]>([
    [{ index: false, columns: ["x"] }, 'x\n1.5\n""\n'],
    [{ na_rep: "NA", float_format: "%.2f", columns: ["x"] }, "x\n1.50\nNA\n"],
    [{ index: true, index_label: "id", columns: ["x"] }, "id,x\n0,1.5\n1,\n"],
    [{ header: ["eins"], columns: ["x"], na_rep: "-" }, "eins\n1.5\n-\n"],
    [{ header: false, columns: ["s"], quoting: 1 }, '"a""b"\n"c;d"\n'],
    [{ header: false, columns: ["s"], doublequote: false, escapechar: "\\" }, '"a\\"b"\nc;d\n'],
    [{ header: false, columns: ["s"], quotechar: "'", sep: ";" }, "a\"b\n'c;d'\n"],
    [{ header: false, columns: ["t"], date_format: "%Y-%m-%d %H:%M", na_rep: "x" }, "2020-01-02 03:04\nx\n"],
    [{ columns: ["x"], lineterminator: "\r\n", chunksize: 5, na_rep: "0" }, "x\r\n1.5\r\n0\r\n"],
  ])("%j", async (options, expected) => {
    const path = temporaryFile();
    await (await openCsvSink(path, { options }, host)).write(rows as never);
    expect(readFileSync(path, "utf8")).toBe(expected);
  });

  it("writes other encodings, and refuses characters that they do not have", async () => {
    const path = temporaryFile();
    await (await openCsvSink(path, { options: { encoding: "latin-1" } }, host)).write([{ a: "Ähre" }]);
    expect(readFileSync(path, "latin1")).toBe("a\nÄhre\n");
    await (await openCsvSink(path, { options: { encoding: "utf-8-sig" } }, host)).write([{ a: "x" }]);
    expect(readFileSync(path, "utf8")).toBe("\uFEFFa\nx\n");
    const failing = (await openCsvSink(path, { options: { encoding: "latin-1" } }, host)).write([{ a: "🌾" }]);
    await expect(failing).rejects.toThrowError(/latin-1 expected.*UTF-8 has all/);
  });
});
