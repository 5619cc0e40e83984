import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queryPairs } from "../../../../src/api/validation/query.ts";

const pairsOf = (url: string) => [...queryPairs(url)];

describe("the query of a URL", () => {
  it.each([
    ["http://x/a", []],
    ["http://x/a?", []],
    [
      "http://x/a?b=1&c=2.5",
      [
        ["b", "1"],
        ["c", "2.5"],
      ],
    ],
    [
      "http://x/a?b=1&b=2",
      [
        ["b", "1"],
        ["b", "2"],
      ],
    ],
    ["http://x/a?b", [["b", ""]]],
    [
      "http://x/a?b&c=",
      [
        ["b", ""],
        ["c", ""],
      ],
    ],
    [
      "http://x/a?=1&&=",
      [
        ["", "1"],
        ["", ""],
      ],
    ],
    ["http://x/a?b=1=2?3", [["b", "1=2?3"]]],
    ["http://x/a?b=1#c?d=2", [["b", "1"]]],
    ["http://x/a?b=%C3%A9+%26", [["b", "é &"]]],
    ["http://x/a?b=%", [["b", "%"]]],
  ])("of %s", (url, pairs) => {
    expect(pairsOf(url)).toEqual(pairs);
  });

  it("is what URLSearchParams reads", () => {
    const text = fc.string({ unit: fc.constantFrom(..."&&&===?abcd1.%+é\ud800 /\\".split("")) });
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "binary" })), (query) => {
        const [before = ""] = query.split("#");
        expect(pairsOf(`http://x/?${query}`)).toEqual([...new URLSearchParams(`?${before}`)]);
      }),
      { numRuns: 20_000 },
    );
  });
});
