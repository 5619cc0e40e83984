import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTooDeep, readJson } from "../../../src/schema/json-limits.ts";

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe("the nesting of JSON", () => {
  it.each([99, 100, 101])("is known from its text: %i levels", (depth) => {
    for (const [open, close] of [
      ["[", "]"],
      ['{"a":', "}"],
    ] as const) {
      const text = `${open.repeat(depth)}1${close.repeat(depth)}`;
      expect(depthOf(JSON.parse(text))).toBe(depth);
      expect(isTooDeep(text)).toBe(depth > 100);
      expect(readJson(text) === undefined).toBe(depth > 100);
    }
  });

  it("has nothing to do with what stands in texts", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("[", "{", '"', "\\", "a")), fc.nat({ max: 110 }), (pieces, depth) => {
        const value = JSON.stringify(pieces.join("").repeat(100));
        expect(isTooDeep(`${"[".repeat(depth)}${value}${"]".repeat(depth)}`)).toBe(depth > 100);
      }),
    );
  });
});

describe("reading JSON", () => {
  it("gives the value, or nothing", () => {
    fc.assert(fc.property(fc.json(), (text) => void expect(readJson(text)).toEqual(JSON.parse(text))));
    for (const text of ["", "{", '"', "[1,]", "nul", '"\\']) expect(readJson(text)).toBeUndefined();
  });
});
