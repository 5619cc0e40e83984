import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponent, median, quantile, ratio, spread } from "../../bench/tool/statistics.ts";
import { inTurns } from "../../bench/tool/turns.ts";

describe("statistics", () => {
  it("finds quantiles as NumPy does", () => {
    // numpy.quantile([7, 1, 3, 10], [0, 0.25, 0.5, 0.9, 1])
    expect([0, 0.25, 0.5, 0.9, 1].map((part) => quantile([7, 1, 3, 10], part).toFixed(9))).toEqual([
      "1.000000000",
      "2.500000000",
      "5.000000000",
      "9.100000000",
      "10.000000000",
    ]);
    expect([median([3]), median([1, 2]), median([])]).toEqual([3, 1.5, Number.NaN]);
  });

  it("says how far values are spread, as a part of their median", () => {
    expect(spread([10, 10, 10])).toBe(0);
    expect(spread([8, 9, 10, 11, 12])).toBe(0.1);
  });

  it("compares within rounds: what slows both does not count", () => {
    expect(ratio([10, 100, 1000], [5, 50, 500])).toBe(2);
    expect(ratio([1], [])).toBe(Number.NaN);
  });

  it("finds the exponent of every power", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0.001, max: 1000, noNaN: true }),
        (power, factor) => {
          const sizes = [1, 10, 50, 100, 200];
          expect(
            exponent(
              sizes,
              sizes.map((size) => factor * size ** power),
            ),
          ).toBeCloseTo(power, 6);
        },
      ),
    );
  });

  it("looks at the largest sizes, where what is done once does not hide the growth", () => {
    const sizes = [1, 10, 100, 1000, 10_000];
    expect(
      exponent(
        sizes,
        sizes.map((size) => 50 + size ** 2),
      ),
    ).toBeGreaterThan(1.9);
  });
});

describe("turns", () => {
  it("lets every contender run in every round, each before and after each, and forgets what warms up", async () => {
    const order: string[] = [];
    const contender = (name: string) => async () => order.push(name);
    const found = await inTurns({ a: contender("a"), b: contender("b"), c: contender("c") }, 6, 1);
    expect(Object.values(found).map((values) => values.length)).toEqual([6, 6, 6]);
    const rounds = Array.from({ length: 7 }, (_, round) => order.slice(round * 3, round * 3 + 3).join(""));
    for (const round of rounds) expect([...round].sort().join("")).toBe("abc");
    const text = rounds.slice(1).join(" ");
    for (const pair of ["ab", "ba", "bc", "cb", "ac", "ca"]) expect(text).toContain(pair);
  });
});
