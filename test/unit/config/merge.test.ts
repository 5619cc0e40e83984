import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeTrees } from "../../../src/source/merge.ts";
import { plainOf } from "../../../src/source/tree.ts";
import { readValue } from "../../../src/source/tree-from-value.ts";

const treeOf = (value: unknown) => readValue(value, { name: "test", cwd: undefined }).tree;
const merge = (first: unknown, second: unknown) => plainOf(mergeTrees(treeOf(first), treeOf(second)));

const key = fc.constantFrom("a", "b", "c", "constructor", "prototype", "toString", "hasOwnProperty");
const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
const { mapping } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(scalar, { maxLength: 3 }), tie("mapping")),
  mapping: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));

describe("merging", () => {
  it("with nothing, or with itself, changes nothing", () => {
    fc.assert(
      fc.property(mapping, (value) => {
        expect(merge(value, {})).toEqual(value);
        expect(merge({}, value)).toEqual(value);
        expect(merge(value, value)).toEqual(value);
      }),
    );
  });

  it("has every path of the second, and those of the first that the second does not replace", () => {
    const expected = (first: unknown, second: unknown): unknown => {
      const isMapping = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
      if (!isMapping(first) || !isMapping(second)) return second;
      const [one, two] = [first as Record<string, unknown>, second as Record<string, unknown>];
      const keys = Array.from(new Set([...Object.keys(one), ...Object.keys(two)]));
      return Object.fromEntries(
        keys.map((name) => {
          if (!Object.hasOwn(two, name)) return [name, one[name]];
          return [name, Object.hasOwn(one, name) ? expected(one[name], two[name]) : two[name]];
        }),
      );
    };
    fc.assert(
      fc.property(mapping, mapping, (first, second) => {
        expect(merge(first, second)).toEqual(expected(first, second));
      }),
    );
  });

  it("changes neither of the two, nor any prototype", () => {
    const keys = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(
      fc.property(mapping, mapping, (first, second) => {
        const before = JSON.stringify([first, second]);
        const trees = [treeOf(first), treeOf(second)] as const;
        mergeTrees(...trees);
        expect(JSON.stringify([first, second])).toBe(before);
        expect(trees.map(plainOf)).toEqual([first, second]);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(keys);
      }),
    );
  });
});
