import { describe, expect, it } from "vitest";
import { concatFrames, createFrame, frameFromRows, isFrame } from "../../../../src/data/frame/frame.ts";
import type { ColumnInput } from "../../../../src/data/types.ts";

const iris = createFrame({ name: ["a", "b", "c"], width: [1.5, null, 3], petals: [1, 2, 3] });

describe("createFrame", () => {
  const day = new Date("2020-01-02");
  it.each<readonly [string, ColumnInput, string, unknown[]]>([
    ["whole numbers", [1, -2], "int64", [1, -2]],
    ["numbers", [1, 2.5], "float64", [1, 2.5]],
    ["whole numbers with one missing", [1, null, undefined], "float64", [1, Number.NaN, Number.NaN]],
    ["numbers past 2^53", [2 ** 53, 0.5], "float64", [2 ** 53, 0.5]],
    ["bigints", [2n ** 53n + 1n, 1n], "int64", [2n ** 53n + 1n, 1n]],
    ["bigints that numbers can hold", [1n, 2], "int64", [1, 2]],
    ["booleans", [true, null], "bool", [true, null]],
    ["texts", ["x", undefined, ""], "str", ["x", null, ""]],
    ["dates", [day, null], "datetime", [day, null]],
    ["nothing but missing values", [null, null], "float64", [Number.NaN, Number.NaN]],
    ["no values", [], "str", []],
    ["a Float64Array, whatever is in it", Float64Array.of(1, 2), "float64", [1, 2]],
    ["a Float32Array", Float32Array.of(0.5), "float64", [0.5]],
    ["an Int32Array", Int32Array.of(-1), "int64", [-1]],
    ["a Uint8Array", Uint8Array.of(255), "int64", [255]],
    ["a BigUint64Array", BigUint64Array.of(5n), "int64", [5]],
  ])("gives %s their dtype", (_, values, dtype, expected) => {
    const frame = createFrame({ a: values });
    expect(frame.dtypes.a).toBe(dtype);
    expect(Array.from<unknown>(frame.column("a"))).toEqual(expected);
  });

  it("keeps integers as numbers, and as bigints as soon as one needs it", () => {
    expect(createFrame({ a: [1n] }).column("a")).toBeInstanceOf(Float64Array);
    expect(createFrame({ a: [1n, 2n ** 60n] }).column("a")).toBeInstanceOf(BigInt64Array);
  });

  it("takes a dtype that fits", () => {
    const frame = createFrame({ a: [1, 2], b: [null, null] }, { a: "float64", b: "datetime" });
    expect(frame.dtypes).toEqual({ a: "float64", b: "datetime" });
  });

  it.each<readonly [string, () => unknown, RegExp]>([
    ["values of several types", () => createFrame({ a: [1, "x"] }), /"a".*integer.*row 0.*string.*row 1/],
    ["values that have no dtype", () => createFrame({ a: [Symbol.iterator as never] }), /"a"/],
    ["an invalid date", () => createFrame({ a: [new Date(Number.NaN)] }), /"a"/],
    ["columns of different lengths", () => createFrame({ a: [1], b: [1, 2] }), /"a" has 1, "b" has 2/],
    ["a dtype that does not fit", () => createFrame({ a: [1, 2.5] }, { a: "int64" }), /"a" row 1: int64.*2\.5/],
    ["int64 with a missing value", () => createFrame({ a: [null, 1] }, { a: "int64" }), /"a" row 0: int64.*missing/],
    ["a dtype that there is not", () => createFrame({ a: [1] }, { a: "int32" as never }), /"int32" is not one of/],
    ["an integer of more than 64 bits", () => createFrame({ a: [2n ** 63n] }), /"a" row 0/],
    ["a missing value beside an exact integer", () => createFrame({ a: [2n ** 53n + 1n, null] }), /"a" row 0/],
  ])("refuses %s", (_, create, message) => {
    expect(create).toThrowError(
      expect.objectContaining({ code: "DATA_INVALID", message: expect.stringMatching(message) }),
    );
  });

  it("refuses a dtype for a column that is not there", () => {
    expect(() => createFrame({ width: [1] }, { widht: "str" })).toThrowError(
      expect.objectContaining({ code: "COLUMN_UNKNOWN", message: expect.stringContaining('did you mean "width"?') }),
    );
  });

  it("is not changed by a change of what it was created from", () => {
    const [plain, typed] = [[1, 2], Float64Array.of(1, 2)];
    const frame = createFrame({ plain, typed });
    plain[0] = 9;
    typed[0] = 9;
    expect(frame.row(0)).toEqual({ plain: 1, typed: 1 });
  });
});

describe("a frame", () => {
  it("has columns by name, and as a plain object", () => {
    expect([iris.names, iris.length]).toEqual([["name", "width", "petals"], 3]);
    expect(iris.columns.name).toBe(iris.column("name"));
    expect(iris.columns.petals).toEqual(Float64Array.of(1, 2, 3));
  });

  it("is immutable", () => {
    expect([iris, iris.names, iris.columns, iris.dtypes, iris.column("name")].every(Object.isFrozen)).toBe(true);
  });

  it("says which column was meant", () => {
    for (const ask of [() => iris.column("widht"), () => iris.select("widht"), () => iris.drop("name", "widht")]) {
      expect(ask).toThrowError(
        expect.objectContaining({
          code: "COLUMN_UNKNOWN",
          message: expect.stringMatching(/"widht".*did you mean "width"\?.*"name", "width", "petals"/),
        }),
      );
    }
  });

  it("does not take what every object has for a column", () => {
    for (const name of ["toString", "constructor", "__proto__"]) {
      expect(() => iris.column(name)).toThrowError(expect.objectContaining({ code: "COLUMN_UNKNOWN" }));
    }
  });

  it("holds a column named __proto__ like any other", () => {
    const frame = frameFromRows([JSON.parse('{"__proto__": 1, "a": 2}')]);
    const row = frame.row(0) ?? {};
    expect(Object.keys(row)).toEqual(["__proto__", "a"]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(JSON.stringify(frame)).toBe('[{"__proto__":1,"a":2}]');
    expect(frame.drop("a").names).toEqual(["__proto__"]);
    expect(Object.keys(frame.describe())).toEqual(["__proto__", "a"]);
  });

  it("has rows", () => {
    expect(iris.row(2)).toEqual({ name: "c", width: 3, petals: 3 });
    expect([iris.row(3), iris.row(-1), iris.row(0.5)]).toEqual([undefined, undefined, undefined]);
    expect([...iris.rows()].map((row) => row.name)).toEqual(["a", "b", "c"]);
  });

  it("selects in the order asked for, and drops", () => {
    expect(iris.select("petals", "name").names).toEqual(["petals", "name"]);
    expect(iris.drop("name").names).toEqual(["width", "petals"]);
    expect(iris.drop(["name", "width"]).names).toEqual(["petals"]);
    expect(iris.select(["petals", "name"]).names).toEqual(["petals", "name"]);
    const wrong = [() => iris.drop(5 as never), () => iris.select([{}] as never), () => iris.column(null as never)];
    for (const ask of wrong)
      expect(ask).toThrowError(/^frame\.\w+: expected names of columns, such as .*found (5|an object|null)\.$/);
    expect(iris.drop("name", "width", "petals").length).toBe(3);
  });

  it("slices as an array does, without a copy", () => {
    expect(iris.slice(1).column("name")).toEqual(["b", "c"]);
    expect(iris.slice(-2, -1).column("name")).toEqual(["b"]);
    expect(iris.slice(2, 1).length).toBe(0);
    expect(iris.slice(5).names).toEqual(iris.names);
    expect((iris.slice(1).column("petals") as Float64Array).buffer).toBe(
      (iris.column("petals") as Float64Array).buffer,
    );
  });

  it("has integers as numbers again in a slice that needs no bigints", () => {
    const frame = createFrame({ a: [1n, 2n ** 60n] });
    expect(frame.slice(0, 1).row(0)).toEqual({ a: 1 });
    expect(frame.slice(1).row(0)).toEqual({ a: 2n ** 60n });
  });

  it("is records as JSON", () => {
    const frame = createFrame({ a: [1.5, null], b: [2n ** 60n, 1n], d: [new Date(0), null] });
    expect(JSON.parse(JSON.stringify(frame))).toEqual([
      { a: 1.5, b: "1152921504606846976", d: "1970-01-01T00:00:00.000Z" },
      { a: null, b: "1", d: null },
    ]);
  });

  it("is known by a brand that nobody sees", () => {
    expect(isFrame(iris)).toBe(true);
    expect([null, undefined, 1, {}, [], { ...iris }].some(isFrame)).toBe(false);
    expect(isFrame(Object.defineProperty({}, Symbol.for("launchpad.frame"), { value: true }))).toBe(true);
  });
});

describe("frameFromRows", () => {
  it("has every column that a row names; elsewhere it is missing", () => {
    const frame = frameFromRows([{ a: 1 }, { b: "x", a: 2 }, {}]);
    expect([...frame.rows()]).toEqual([
      { a: 1, b: null },
      { a: 2, b: "x" },
      { a: Number.NaN, b: null },
    ]);
  });

  it("has no columns without rows", () => {
    expect([frameFromRows([]).length, frameFromRows([]).names]).toEqual([0, []]);
  });
});

describe("concatFrames", () => {
  const both = (a: ColumnInput, b: ColumnInput) => concatFrames([createFrame({ a }), createFrame({ a: b })]);
  const cells = (a: ColumnInput, b: ColumnInput) => [both(a, b).dtypes.a, Array.from<unknown>(both(a, b).column("a"))];

  it("puts rows together", () => {
    expect(JSON.stringify(concatFrames([iris.slice(0, 1), iris.slice(1, 1), iris.slice(1)]))).toBe(
      JSON.stringify(iris),
    );
    expect(concatFrames([]).length).toBe(0);
  });

  it("finds the dtype that holds both", () => {
    expect(cells([1], [0.5])).toEqual(["float64", [1, 0.5]]);
    expect(cells([1], [2n ** 60n])).toEqual(["int64", [1n, 2n ** 60n]]);
    expect(cells([1], [null])).toEqual(["float64", [1, Number.NaN]]);
    expect(cells([null], ["x"])).toEqual(["str", [null, "x"]]);
    expect(cells([], [true])).toEqual(["bool", [true]]);
    expect(cells([], [])).toEqual(["str", []]);
  });

  it("refuses dtypes and columns that do not go together", () => {
    expect(() => both([1], ["x"])).toThrowError(/"a".*int64 and str/);
    expect(() => concatFrames([createFrame({ a: [1] }), createFrame({ b: [1] })])).toThrowError(/"a".*"b"/);
  });
});

describe("describe", () => {
  it("has the moments and quartiles of numbers that pandas has", () => {
    // pandas.Series([1, 2, 4, 8.5, None]).describe()
    expect(createFrame({ a: [1, 2, 4, 8.5, null] }).describe().a).toEqual({
      count: 4,
      mean: 3.875,
      std: Math.sqrt(11.0625),
      min: 1,
      "25%": 1.75,
      "50%": 3,
      "75%": 5.125,
      max: 8.5,
    });
  });

  it("has null for what is not defined", () => {
    expect(createFrame({ a: [5] }).describe().a).toMatchObject({ count: 1, mean: 5, std: null, "25%": 5 });
    expect(createFrame({ a: [null] }).describe().a).toMatchObject({
      count: 0,
      mean: null,
      std: null,
      min: null,
      max: null,
    });
  });

  it("has the different values of everything else", () => {
    const summaries = createFrame({ s: ["b", "a", "a", null], f: [true, false, null, null] }).describe();
    expect(summaries).toEqual({
      s: { count: 3, unique: 2, top: "a", freq: 2 },
      f: { count: 2, unique: 2, top: "true", freq: 1 },
    });
    expect(createFrame({ s: [] }).describe().s).toEqual({ count: 0, unique: 0, top: null, freq: 0 });
  });

  it("has numbers for bigints", () => {
    expect(createFrame({ a: [2n ** 60n, 0n] }).describe().a).toMatchObject({ count: 2, max: 2 ** 60, mean: 2 ** 59 });
  });
});
