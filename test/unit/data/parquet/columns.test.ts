import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openSource } from "../../../support/entries.ts";

const open = (name: string, options: object = {}) =>
  openSource({ type: "parquet", path: fileURLToPath(new URL(`fixtures/${name}.parquet`, import.meta.url)), options });

/** What pyarrow's `to_pylist` gives for fixtures/nested.parquet, as JSON. */
const nested = {
  text: ['{"key":1,"ab":2}', null, "{}", '{"__proto__":null}'],
  dates: ['{"2020-01-02":"2020-01-02T03:04:05.000Z"}', null, "{}", '{"1969-12-31":null}'],
  decimals: ['{"1.10":-0.25}', null, "{}", '{"12.00":null}'],
  bools: ['{"true":[1,2],"false":null}', null, "{}", "{}"],
  inner: ['{"a":{"b":1.5}}', null, "{}", '{"c":null,"d":{}}'],
  structs: ['[{"x":1,"__proto__":"p"},null]', null, "[]", '[{"x":null,"__proto__":null}]'],
  binary: ['["74657874","ff00"]', null, "[]", "[null]"],
  amounts: ["[0.30,null]", null, "[]", '["12345678901234567.89"]'],
  days: [
    '{"day":"2020-01-02","at":"03:04:05.678901"}',
    null,
    '{"day":null,"at":null}',
    '{"day":"0001-01-01","at":"00:00:00.000000"}',
  ],
  lists: ["[[1],null,[]]", null, "[]", "[[null,2]]"],
  ["__proto__"]: [1, 2, 3, 4],
  "a.b": [1, 2, 3, 4],
  mapstruct: ['{"k":{"u":1,"v":"w"}}', null, "{}", '{"k":null}'],
};

describe("columns of a Parquet file", () => {
  it("that hold others are what pyarrow makes of them, whatever the time zone", async () => {
    const before = process.env.TZ;
    try {
      for (const zone of ["UTC", "America/New_York", "Asia/Tokyo"]) {
        process.env.TZ = zone;
        const frame = await (await open("nested")).frame();
        expect(frame.names).toEqual(Object.keys(nested));
        for (const [name, cells] of Object.entries(nested)) expect([...frame.column(name)], name).toEqual(cells);
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it("of one name are told apart as in CSV files", async () => {
    const frame = await (await open("same")).frame();
    expect([...frame.rows()]).toEqual([
      { a: 1, b: "x", "a.1": 2 },
      { a: 5, b: "y", "a.1": 7 },
    ]);
    const second = await (await open("same", { columns: ["a.1"], dtype: { "a.1": "str" } })).frame();
    expect([...second.column("a.1")]).toEqual(["2", "7"]);
  });

  it("that are an index of pandas' are there for who asks", async () => {
    expect((await (await open("index")).frame()).names).toEqual(["x"]);
    const asked = await (await open("index", { columns: ["__index_level_0__", "x"] })).frame();
    expect([...asked.rows()]).toEqual([
      { __index_level_0__: "r", x: 1.5 },
      { __index_level_0__: "s", x: 2.5 },
    ]);
  });

  it("give one message for numbers too long beside missing ones, whichever row group holds which", async () => {
    await expect((await open("groups")).frame()).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringMatching(
        /groups\.parquet: column "i" row 0: float64 expected, found 1152921504606846977\. `dtype: \{ i: str \}` in the options keeps all digits$/,
      ),
    });
    const text = await (await open("groups", { dtype: { i: "str" } })).frame();
    expect([...text.column("i")]).toEqual(["1152921504606846977", "5", null]);
    const lengths: unknown[] = [];
    for await (const frame of (await open("groups")).batches({ size: 2 })) lengths.push(frame.dtypes.i);
    expect(lengths).toEqual(["int64", "float64"]);
  });
});
