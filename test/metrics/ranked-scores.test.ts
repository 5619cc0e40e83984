import { describe, expect, it } from "vitest";
import { ndcgOf } from "../../src/model/metrics/ranked.ts";

describe("scores that rank", () => {
  it("are numbers: NaN has no place in an order, and is refused", () => {
    expect(() => ndcgOf([1, 2], [1, Number.NaN], ["a", "a"])).toThrow(/row 2: expected a number, found NaN/);
  });

  it("may be infinite", () => {
    const endless = Number.POSITIVE_INFINITY;
    expect(ndcgOf([2, 2, 0], [endless, endless, -endless], ["a", "a", "a"])).toBe(1);
  });
});
