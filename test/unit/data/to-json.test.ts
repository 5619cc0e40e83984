import { describe, expect, it } from "vitest";
import { frameFromRows } from "../../../src/data/frame/frame.ts";
import { toPlain } from "../../../src/data/to-json.ts";

describe("toPlain", () => {
  it("returns what is plain already, not a copy", () => {
    const value = { a: [1, "x", true, null, { b: {} }] };
    expect(toPlain(value)).toBe(value);
  });

  const conversions: [string, unknown, unknown][] = [
    ["NaN and infinities", [Number.NaN, 1, Number.POSITIVE_INFINITY], [null, 1, null]],
    ["undefined as a whole", undefined, null],
    ["undefined in an array", [undefined, 1], [null, 1]],
    ["undefined properties", { a: undefined, b: 1 }, { b: 1 }],
    ["typed arrays", { p: Float64Array.of(0.5, Number.NaN), i: Uint8Array.of(1, 2) }, { p: [0.5, null], i: [1, 2] }],
    ["big typed arrays", BigInt64Array.of(1n, 2n ** 60n), [1, "1152921504606846976"]],
    ["bytes", [Uint8Array.of(7).buffer, new DataView(Uint8Array.of(8).buffer)], [[7], [8]]],
    ["a small bigint", 12n, 12],
    ["a bigint past 2^53", [2n ** 53n, -(2n ** 53n)], ["9007199254740992", "-9007199254740992"]],
    ["dates", [new Date(0), new Date(Number.NaN)], ["1970-01-01T00:00:00.000Z", null]],
    ["a map with text for keys", new Map([["a", 1n]]), { a: 1 }],
    ["a map with other keys", new Map([[1, "a"]]), [[1, "a"]]],
    ["a set", new Set([1, 1, 2]), [1, 2]],
    ["a URL", new URL("https://a.example/b"), "https://a.example/b"],
    ["boxed values", [Object(1), Object("a"), Object(true)], [1, "a", true]],
    ["toJSON", { a: { toJSON: () => new Set([1n]) } }, { a: [1] }],
    [
      "a toJSON that returns itself",
      new (class {
        a = 1n;
        toJSON() {
          return this;
        }
      })(),
      { a: 1 },
    ],
    [
      "the fields of a class",
      new (class {
        a = 1n;
      })(),
      { a: 1 },
    ],
  ];
  it.each(conversions)("converts %s", (_, value, expected) => {
    expect(JSON.parse(JSON.stringify(toPlain(value)))).toEqual(expected);
  });

  it("makes records of a frame", () => {
    const frame = frameFromRows([
      { a: 1, b: "x" },
      { a: null, b: "y" },
    ]);
    expect(toPlain({ frame })).toEqual({
      frame: [
        { a: 1, b: "x" },
        { a: null, b: "y" },
      ],
    });
  });

  it("does not change what it is given", () => {
    const value = { a: [1n, undefined], b: undefined };
    toPlain(value);
    expect(value).toEqual({ a: [1n, undefined], b: undefined });
    expect("b" in value).toBe(true);
  });

  it("takes the same value twice, as long as it does not contain itself", () => {
    const shared = { a: 1n };
    expect(toPlain([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
  });

  it("keeps the key __proto__ a key", () => {
    const plain = toPlain(new Map([["__proto__", 1n]])) as object;
    expect(JSON.stringify(plain)).toBe('{"__proto__":1}');
  });

  const cycle: Record<string, unknown> = { list: [] };
  (cycle.list as unknown[]).push({ back: cycle });
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  const refusals: [string, unknown, string][] = [
    ["a cycle", cycle, 'result["list"][0]["back"] contains itself'],
    ["a function", { a: { b: () => 1 } }, 'result["a"]["b"] is a function'],
    ["a symbol", [Symbol("x")], "result[0] is a symbol"],
    ["a function as a whole", () => 1, "result is a function"],
    ["a promise", { p: Promise.resolve(1) }, 'result["p"] is a promise'],
    ["no end to the nesting", deep, "is nested more than 500 levels deep"],
  ];
  it.each(refusals)("refuses %s and says where", (_, value, message) => {
    expect(() => toPlain(value)).toThrow(TypeError);
    expect(() => toPlain(value)).toThrow(message);
  });
});
