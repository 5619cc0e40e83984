import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameBuilder } from "../../../../src/data/sql/columns.ts";
import type { SqlColumn, SqlValue } from "../../../../src/data/sql/dialect.ts";
import { arrayToJson } from "../../../../src/data/sql/dialects/postgres-array.ts";
import { readerOf } from "../../../../src/data/sql/dialects/postgres-values.ts";
import { parseDatetime } from "../../../../src/data/sql/values/datetime.ts";
import { survives } from "../../../../src/data/sql/values/decimal.ts";

type Kind = Omit<SqlColumn, "name">;

function columnOf(column: Kind, values: readonly SqlValue[], decimals?: "float64" | "str") {
  const builder = frameBuilder([{ name: "x", ...column }], "[dbms.shop] orders", { decimals });
  builder.push(values.map((value) => [value]));
  const frame = builder.take();
  return [frame.dtypes.x, [...frame.column("x")]];
}

describe("values of a result", () => {
  const nan = Number.NaN;
  it.each<[string, Kind, SqlValue[], unknown[]]>([
    ["integers", { kind: "integer" }, [1, "2", 3n], ["int64", [1, 2, 3]]],
    ["integers, one missing", { kind: "integer" }, [1, null], ["float64", [1, nan]]],
    ["no integer", { kind: "integer" }, [], ["int64", []]],
    ["only missing integers", { kind: "integer" }, [null, null], ["float64", [nan, nan]]],
    ["large integers", { kind: "integer" }, ["9007199254740993", -1], ["int64", [9007199254740993n, -1n]]],
    ["large and missing", { kind: "integer" }, ["9007199254740993", null, 5], ["str", ["9007199254740993", null, "5"]]],
    ["more than 64 bits", { kind: "integer" }, ["18446744073709551615"], ["str", ["18446744073709551615"]]],
    [
      "floats",
      { kind: "float" },
      [1.5, null, Number.POSITIVE_INFINITY],
      ["float64", [1.5, nan, Number.POSITIVE_INFINITY]],
    ],
    ["decimals", { kind: "decimal" }, ["12.3400", "-0.5", null], ["float64", [12.34, -0.5, nan]]],
    ["long decimals", { kind: "decimal" }, ["0.1234567890123456789", null], ["str", ["0.1234567890123456789", null]]],
    ["an average", { kind: "decimal", computed: true }, ["3.3333333333333333"], ["float64", [3.3333333333333335]]],
    ["a large sum", { kind: "decimal", computed: true }, ["9007199254740993"], ["str", ["9007199254740993"]]],
    ["no decimal", { kind: "decimal" }, [], ["float64", []]],
    ["booleans", { kind: "boolean" }, [true, 0, null, 1], ["bool", [true, false, null, true]]],
    ["bytes", { kind: "bytes" }, ["00ff", null], ["str", ["00ff", null]]],
    ["no text", { kind: "text" }, [null], ["str", [null]]],
    [
      "dates",
      { kind: "datetime" },
      ["2024-02-29", null, "0000-00-00 00:00:00"],
      ["datetime", [new Date("2024-02-29"), null, null]],
    ],
  ])("%s", (_, column, values, expected) => {
    expect(columnOf(column, values)).toEqual(expected);
  });

  it("has decimals as the options say", () => {
    expect(columnOf({ kind: "decimal" }, ["1.50"], "str")).toEqual(["str", ["1.50"]]);
    expect(columnOf({ kind: "decimal" }, ["0.1234567890123456789"], "float64")).toEqual([
      "float64",
      [0.12345678901234568],
    ]);
  });

  it("stays text in the batches after the first that is", () => {
    const builder = frameBuilder([{ name: "x", kind: "decimal" }], "", { decimals: undefined });
    builder.push([["0.12345678901234567891"]]);
    expect(builder.take().dtypes.x).toBe("str");
    builder.push([["1.5"]]);
    expect(builder.take().dtypes.x).toBe("str");
  });

  it.each<[Kind, SqlValue, RegExp]>([
    [{ kind: "boolean" }, 2, /^\[dbms.shop\] orders: column "x": 0 or 1 expected, found 2\. Cast/],
    [{ kind: "datetime" }, "infinity", /column "x": a date expected, found "infinity"/],
  ])("refuses for %j what is none", (column, value, expected) => {
    expect(() => columnOf(column, [value])).toThrowError(expected);
  });
});

describe("datetimes", () => {
  it.each([
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2024-02-29 12:30", "2024-02-29T12:30:00.000Z"],
    ["2024-02-29T12:30:05Z", "2024-02-29T12:30:05.000Z"],
    ["2024-02-29 12:30:05.1", "2024-02-29T12:30:05.100Z"],
    ["2024-02-29 12:30:05.123999", "2024-02-29T12:30:05.123Z"],
    ["2024-02-29 12:30:05+00", "2024-02-29T12:30:05.000Z"],
    ["2024-02-29 12:30:05.5+02", "2024-02-29T10:30:05.500Z"],
    ["2024-02-29 12:30:05-05:30", "2024-02-29T18:00:05.000Z"],
    ["2024-02-29 12:30:05+0130", "2024-02-29T11:00:05.000Z"],
    ["0044-03-15 00:00:00", "0044-03-15T00:00:00.000Z"],
    ["9999-12-31 23:59:59.999", "9999-12-31T23:59:59.999Z"],
  ])("%s", (text, expected) => {
    expect(parseDatetime(text)?.toISOString()).toBe(expected);
  });

  it.each([
    ...[
      "",
      "soon",
      "2024",
      "2024-02-30",
      "2024-13-01",
      "2024-00-01",
      "2024-02-29 24:00:00",
      "2024-02-29 12",
      "infinity",
    ],
    ...[
      "2024-02-29 12:30:05 BC",
      "12024-02-29",
      "2024-02-29 12:30:05.",
      "2024-02-29 12:30:05+2",
      "20240229",
      "2024-02-29Z",
    ],
  ])("%s is none", (text) => {
    expect(parseDatetime(text)).toBeUndefined();
  });

  it("are what Date makes of ISO 8601", () => {
    const dates = fc.date({ noInvalidDate: true, min: new Date("0000-01-01"), max: new Date("9999-12-31T23:59:59Z") });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseDatetime(date.toISOString())).toEqual(date);
        expect(parseDatetime(date.toISOString().replace("T", " ").slice(0, -1))).toEqual(date);
      }),
    );
  });
});

describe("decimals", () => {
  it.each([
    "0",
    "1.50",
    "-12.3400",
    "123456789012345",
    "0.1",
    "100000000000000000000",
    "9007199254740992",
    "NaN",
    "0.30000000000000004",
  ])("%s survives", (text) => {
    expect(survives(text)).toBe(true);
  });
  it.each(["9007199254740993", "0.1234567890123456789", "12345678901234567890.12", "1.00000000000000001"])(
    "%s does not",
    (text) => {
      expect(survives(text)).toBe(false);
    },
  );

  it("survive if they are what a float is written as", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) => {
        expect(survives(String(value))).toBe(true);
      }),
    );
  });
});

describe("what PostgreSQL sends", () => {
  const read = (type: number, text: string) => readerOf(type)(new TextEncoder().encode(text));

  it.each([
    "0",
    "-0",
    "1.5",
    "-2.25",
    "0.1",
    "123456789.12345",
    "1e+20",
    "1e-7",
    "NaN",
    "Infinity",
    "-Infinity",
    "0.30000000000000004",
  ])("%s is the float that it is", (text) => {
    expect(read(701, text)).toBe(Number(text));
  });

  it("is every float that there is", () => {
    const decimals = fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 12 })).map(([digits, point]) => {
      const text = String(Math.abs(digits)).padStart(point + 1, "0");
      return `${digits < 0 ? "-" : ""}${text.slice(0, text.length - point)}${point > 0 ? `.${text.slice(text.length - point)}` : ""}`;
    });
    fc.assert(
      fc.property(fc.oneof(decimals, fc.double().map(String)), (text) => {
        expect(read(701, text)).toBe(Number(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("is every integer that there is", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (integer) => {
        expect(BigInt(read(20, String(integer)) as string)).toBe(integer);
      }),
    );
  });

  it.each([
    ["2024-02-29 12:30:05", "2024-02-29T12:30:05.000Z"],
    ["2024-02-29 12:30:05.1", "2024-02-29T12:30:05.100Z"],
    ["2024-02-29 12:30:05.123999", "2024-02-29T12:30:05.123Z"],
    ["2024-02-29 12:30:05.12+00", "2024-02-29T12:30:05.120Z"],
    ["2024-02-29 12:30:05+00", "2024-02-29T12:30:05.000Z"],
    ["2024-02-29 12:30:05+02", "2024-02-29T10:30:05.000Z"],
    ["0044-03-15 01:02:03", "0044-03-15T01:02:03.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ])("%s is the moment that it is", (text, expected) => {
    expect(read(1184, text)).toEqual(new Date(expected));
  });

  it.each(["infinity", "0044-03-15 00:00:00 BC", "12024-02-29 12:30:05"])("%s is no moment", (text) => {
    expect(read(1114, text)).toBe(text);
  });
});

describe("arrays of PostgreSQL", () => {
  it.each([
    ["{}", "number", "[]"],
    ["{1,NULL,-2.50,NaN}", "number", '[1,null,-2.50,"NaN"]'],
    ["{t,f,NULL}", "boolean", "[true,false,null]"],
    ['{a,"b c","NULL","say \\"hi\\", \\\\ {x}",""}', "text", '["a","b c","NULL","say \\"hi\\", \\\\ {x}",""]'],
    ["{{1,2},{3,4}}", "number", "[[1,2],[3,4]]"],
    ["[0:1]={5,6}", "number", "[5,6]"],
    ['{"{\\"a\\": [1]}",NULL}', "json", '[{"a": [1]},null]'],
  ] as const)("%s", (text, element, json) => {
    expect(arrayToJson(text, element)).toBe(json);
  });
});
