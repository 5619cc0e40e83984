import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { texts, usual } from "./number-texts.ts";
import { readTexts } from "./reading.ts";

describe("a number in bytes", () => {
  it("is to the last bit what Number makes of its text", () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 100, maxLength: 300 }), (all) => {
        const { values, stops } = readTexts(all);
        for (const [i, text] of all.entries()) {
          // Whole numbers that float64 may not hold, and what is no number in digits, are left to others.
          if (stops.includes(i)) expect(text).toMatch(/^([+-]?\d{16,}|-?Infinity|NaN)$/);
          else if (!Object.is(values[i], Number(text)))
            expect(`${text} is ${values[i]}`).toBe(`${text} is ${Number(text)}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("has a decimal comma where that is asked for", () => {
    fc.assert(
      fc.property(fc.array(usual, { maxLength: 50 }), (all) => {
        const points = all.map(String);
        const commas = points.map((text) => text.replace(".", ","));
        expect(readTexts(commas, ",").values).toEqual(Float64Array.from(points, Number));
      }),
    );
    expect(readTexts(["1.5", "1,5"], ",").stops).toEqual([0]);
  });

  it("is nothing else", () => {
    const none = [
      "-",
      "+",
      ".",
      "-.",
      "e5",
      "1e",
      "1e+",
      "1.5.2",
      "--1",
      "1 ",
      " 1",
      "0x10",
      "1_0",
      "1,5",
      "é",
      "1-2",
      "\0",
    ];
    expect(readTexts(none).stops).toEqual(none.map((_, i) => i));
  });

  it("is not what follows its cell", () => {
    expect([...readTexts(["1", "", "2", ".5", "e5", "3"]).values]).toEqual([1, Number.NaN, 2, 0.5, Number.NaN, 3]);
  });
});
