import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import { readLines } from "../../../../src/data/jsonl/lines.ts";
import type { Frame } from "../../../../src/data/types.ts";
import { streamFrom } from "../../../../src/util/streams.ts";
import { openSink, openSource, temporaryFile } from "../../../support/entries.ts";

const read = async (contents: string | Uint8Array, options: object = {}) =>
  (await openSource({ type: "jsonl", path: temporaryFile(".jsonl", contents), options })).frame();
const batches = async (contents: string, size: number, options: object = {}) => {
  const frames: Frame[] = [];
  const source = await openSource({ type: "jsonl", path: temporaryFile(".jsonl", contents), options });
  for await (const frame of source.batches({ size })) frames.push(frame);
  return frames;
};
const refusal = (reading: Promise<unknown>) =>
  reading.then(
    (value) => expect.fail(`not refused: ${JSON.stringify(value)}`),
    (error: Error & { code: string }) => error,
  );

describe("JSON Lines", () => {
  it("make a column of every key, in the order in which they turn up", async () => {
    const frame = await read('{"b":1,"a":"x"}\n\n{"c":true,"a":null}\n');
    expect(frame.names).toEqual(["b", "a", "c"]);
    expect(frame.dtypes).toEqual({ b: "float64", a: "str", c: "bool" });
    expect([...frame.rows()].map((row) => JSON.stringify(row))).toEqual([
      '{"b":1,"a":"x","c":null}',
      '{"b":null,"a":null,"c":true}',
    ]);
  });

  it("keep whole numbers past 2^53, and give a number what Number gives", async () => {
    const frame = await read(
      '{"id":9007199254740993,"x":0.1,"s":"12345678901234567890"}\n{"id":-9223372036854775808,"x":1E400,"s":"#1"}\n',
    );
    expect(Array.from(frame.column("id") as BigInt64Array)).toEqual([9007199254740993n, -(2n ** 63n)]);
    expect(frame.column("x")[0]).toBe(0.1);
    expect(frame.column("s")[0]).toBe("12345678901234567890");
    expect(frame.dtypes).toEqual({ id: "int64", x: "float64", s: "str" });
    const large = await read('{"a":0.5,"b":1}\n{"a":100000000000000000001,"b":100000000000000000001}', {
      dtype: { b: "float64" },
    });
    expect([large.column("a")[1], large.column("b")[1]]).toEqual([1e20, 1e20]);
  });

  it("refuse more columns than anybody has, unless told", async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `{"key${at}":${at}}`).join("\n");
    const error = await refusal(read(lines));
    expect(error.code).toBe("DATA_INVALID");
    expect(error.message).toContain('line 5001: at most 5000 columns expected, found another, "key5000"');
    expect((await read(lines, { columns: ["key7"] })).names).toEqual(["key7"]);
    const few = lines.split("\n").slice(0, 5001).join("\n");
    expect((await read(few, { max_columns: 5001 })).names).toHaveLength(5001);
    expect((await refusal(read("{}", { max_columns: 0 }))).message).toContain(
      "options.max_columns: a whole number above 0",
    );
  });

  it("refuse a table that is nearly empty, and far larger than its file", async () => {
    const wide = Array.from({ length: 4000 }, (_, at) => `{"key${at}":${at}}`).join("\n");
    const error = await refusal(read(`${wide}\n${"{}\n".repeat(1_000_000)}`));
    expect(error.message).toMatch(
      /line \d+: a table expected, found 4000 columns of which nearly all cells are missing/,
    );
  });

  it("refuse nesting without end, by its line", async () => {
    for (const opening of ["[", '{"a":']) {
      const error = await refusal(read(`{"a":1}\n{"a":${opening.repeat(200_000)}`));
      expect(error.code).toBe("DATA_INVALID");
      expect(error.message).toContain("line 2: at most 100 levels of lists and objects expected, found more");
    }
  });

  it("refuse a number where no number belongs, also a long one", async () => {
    const error = await refusal(read('{"a":1}\n{12345678901234567890:1}\n'));
    expect(error.message).toMatch(/file-\d+\.jsonl line 2: one JSON object expected/);
  });

  it("make JSON of what is nested", async () => {
    const frame = await read('{"a":[1,{"b":9007199254740993}],"c":{"d":"x"}}\n{"a":null,"c":"text"}\n');
    expect(frame.column("a")[0]).toBe('[1,{"b":9007199254740993}]');
    expect([frame.column("c")[0], frame.column("c")[1]]).toEqual(['{"d":"x"}', "text"]);
  });

  it("have the dtypes and columns that the options say", async () => {
    const text = '{"id":1,"when":"2026-01-02","flag":1,"x":2,"y":"7"}\n{"id":"b","x":3}\n';
    const dtype = { id: "str", when: "datetime", flag: "bool", x: "float64", y: "int64", more: "object" };
    const frame = await read(text.replace(',"x":3', ',"x":3,"y":8'), { dtype });
    expect(frame.dtypes).toEqual({ ...dtype, more: "str" });
    expect(frame.row(0)).toEqual({ id: "1", when: new Date("2026-01-02"), flag: true, x: 2, y: 7, more: null });
    const some = await read(text, { columns: ["x", "more"] });
    expect(some.names).toEqual(["x", "more"]);
    expect((await read("", { columns: ["a", "b"] })).names).toEqual(["a", "b"]);
    expect((await read("")).length).toBe(0);
  });

  it("say which line is wrong, and what to do", async () => {
    for (const [text, message] of [
      ['{"a":1}\n{"a":\n', /line 2: one JSON object expected, found "\{\\"a\\":" \(.+\)/],
      ['[{"a":1}]\n', /line 1: a JSON object expected, found .*A file of one array is no JSON Lines/],
      ["{}\n\n5", /line 3: a JSON object expected, found "5"/],
      [
        '{"a":1}\n{"a":null}\n{"a":"x"}\n',
        /line 3: column "a": a number as on line 1 expected, found "x"\. `dtype: \{ a: str \}`/,
      ],
      ['{"a":true}\n{"a":1}\n', /line 2: column "a": a boolean as on line 1 expected, found 1/],
      [
        '{"a":18446744073709551616}\n',
        /line 1: column "a": a number of at most 64 bits expected, found 18446744073709551616/,
      ],
      [
        '{"a":9007199254740993}\n{}',
        /line 1: column "a": a number that float64 holds \(values are missing\) expected, found 9007199254740993/,
      ],
    ] as const) {
      const error = await refusal(read(text));
      expect(error.code).toBe("DATA_INVALID");
      expect(error.message).toMatch(message);
    }
    const error = await refusal(read('{"a":1}\n{"a":"x"}\n{"a":2.5}', { dtype: { a: "int64" } }));
    expect(error.message).toMatch(/line 2: column "a": int64 expected, found "x"/);
    const utf8 = await refusal(read(Uint8Array.of(0x7b, 0x7d, 0x0a, 0xff)));
    expect(utf8.message).toMatch(/line 1 or below: UTF-8 expected/);
  });

  it("refuse an option that they do not have", async () => {
    for (const [options, message] of [
      [{ colums: ["a"] }, 'options: unknown option "colums"; did you mean "columns"?'],
      [{ columns: ["a", "a"] }, "options.columns: a list of different names of columns expected"],
      [{ dtype: { a: "number" } }, "options.dtype: str, int64, float64, bool or datetime"],
    ] as const) {
      const error = await refusal(read("", options));
      expect(error).toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining(message) });
    }
    const sink = openSink({ type: "jsonl", path: temporaryFile(".jsonl"), options: { columns: ["a"] } });
    expect((await refusal(sink)).message).toContain('unknown option "columns"; there are "mode"');
  });

  it("have the columns of the first batch in all of them", async () => {
    const frames = await batches('{"a":1,"b":1}\n{"b":2}\n{"a":3}\n', 1);
    expect(frames.map(({ names }) => names)).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ]);
    const error = await refusal(batches('{"a":1}\n{"a":2,"b":3}\n', 1));
    expect(error.message).toMatch(/line 2: column "b": .*List `columns` in the options/);
    const told = await batches('{"a":1}\n{"a":2,"b":3}\n', 1, { dtype: { b: "float64" } });
    expect(told.map((frame) => JSON.stringify(frame))).toEqual(['[{"b":null,"a":1}]', '[{"b":3,"a":2}]']);
  });

  it("are the same however their bytes are cut", async () => {
    const value = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)));
    await fc.assert(
      fc.asyncProperty(fc.array(value), fc.array(fc.nat(9), { minLength: 1 }), async (rows, cuts) => {
        const text = rows.map((row) => JSON.stringify(row)).join("\n");
        const bytes = new TextEncoder().encode(text);
        const pieces = async function* () {
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const length = 1 + (cuts[turn % cuts.length] ?? 0);
            yield bytes.slice(at, at + length);
            at += length;
          }
        };
        const found: unknown[] = [];
        const numbers = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);
        for await (const line of readLines(
          streamFrom(pieces(), (piece) => piece),
          "x",
        )) {
          found.push(JSON.parse(JSON.stringify(line.value, numbers)));
        }
        expect(found).toEqual(rows.map((row) => JSON.parse(JSON.stringify(row))));
      }),
    );
  });

  it("are written so that they read back the same", async () => {
    const path = temporaryFile(".jsonl");
    const frame = createFrame({
      __proto__x: ["a\n", null],
      id: [9007199254740993n, 1n],
      x: [1, Number.NaN],
      zero: [-0, 1e21],
      flag: [true, null],
      when: [new Date("2026-01-02T03:04:05.678Z"), null],
    });
    await (await openSink({ type: "jsonl", path })).write(frame);
    expect(readFileSync(path, "utf8")).toBe(
      '{"__proto__x":"a\\n","id":9007199254740993,"x":1.0,"zero":-0.0,"flag":true,"when":"2026-01-02T03:04:05.678Z"}\n' +
        '{"__proto__x":null,"id":1,"x":null,"zero":1e+21,"flag":null,"when":null}\n',
    );
    const back = await (await openSource({ type: "jsonl", path, options: { dtype: { when: "datetime" } } })).frame();
    expect(JSON.stringify(back.select(...frame.names))).toBe(JSON.stringify(frame));
    expect(back.dtypes).toMatchObject(frame.dtypes);
  });

  it("have no infinity", async () => {
    const sink = await openSink({ type: "jsonl", path: temporaryFile(".jsonl") });
    const error = await refusal(
      sink.write([createFrame({ a: [1.5] }), createFrame({ a: [Number.POSITIVE_INFINITY] })]),
    );
    expect(error).toMatchObject({ code: "DATA_INVALID" });
    expect(error.message).toMatch(/column "a" row 1: a finite number expected, found Infinity/);
  });
});
