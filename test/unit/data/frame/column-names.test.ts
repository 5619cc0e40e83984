import { describe, expect, it } from "vitest";
import { uniqueNames } from "../../../../src/data/frame/column-names.ts";

describe("names of columns", () => {
  it("that are the same are told apart, and none is given to another", () => {
    expect(uniqueNames(["a", "a", "b", "a"])).toEqual(["a", "a.1", "b", "a.2"]);
    expect(uniqueNames(["a", "a", "a.1"])).toEqual(["a", "a.2", "a.1"]);
    expect(uniqueNames(["a.1", "a", "a", "a.1"])).toEqual(["a.1", "a", "a.2", "a.1.1"]);
    expect(uniqueNames(["__proto__", "__proto__"])).toEqual(["__proto__", "__proto__.1"]);
  });

  it("take a time that grows with their number, however many are the same", () => {
    const names = uniqueNames(Array<string>(200_000).fill("x"));
    expect(new Set(names).size).toBe(200_000);
    expect(names.at(-1)).toBe("x.199999");
  });
});
