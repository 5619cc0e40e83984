import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellsOf } from "../../../../src/data/csv/cells.ts";
import { type NumberRun, readNumbers } from "../../../../src/data/csv/number.ts";

/** Reads texts as the cells of a column; where it stops is NaN. */
function read(texts: readonly string[], decimal = "."): { readonly values: Float64Array; readonly stops: number[] } {
  const cells = cellsOf(
    texts.map((text) => [text]),
    1,
  );
  const values = new Float64Array(texts.length).fill(Number.NaN);
  const stops: number[] = [];
  const run: NumberRun = {
    decimal: decimal.charCodeAt(0),
    missing: undefined,
    leadingZeros: true,
    wholeOnly: false,
    fractions: false,
    gaps: false,
    filled: false,
  };
  for (let row = 0; row < texts.length; row++) {
    row = readNumbers(cells, 0, row, values, row, run);
    if (row < texts.length) stops.push(row);
  }
  return { values, stops };
}

const bits = new DataView(new ArrayBuffer(8));

/** Every bit pattern is as likely as any other: mostly enormous and tiny numbers. */
const patterns = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((pattern) => {
  bits.setBigUint64(0, pattern);
  return bits.getFloat64(0);
});

/** Numbers as tables have them. */
const usual = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -6, max: 12 }))
  .map(([value, power]) => value * 10 ** power);

/** The float64 above a positive one. */
function above(value: number): number {
  bits.setFloat64(0, value);
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  return bits.getFloat64(0);
}

/** Decimals of 17 to 19 digits around the middle between two neighbours, where rounding is hardest. */
const middles = fc
  .tuple(
    fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
    fc.integer({ min: 17, max: 19 }),
    fc.integer({ min: -2, max: 2 }),
  )
  .map(([value, digits, off]) => {
    // The middle is exact in so many bits: (a + b) / 2, both scaled by a power of two.
    const scale = 2n ** 70n;
    const whole = (one: number) => BigInt(Math.floor(one)) * scale + BigInt((one - Math.floor(one)) * 2 ** 70);
    const middle = whole(value) + whole(above(value));
    const decimals = digits - Math.max(1, Math.floor(Math.log10(value)) + 1);
    const scaled = (middle * 10n ** BigInt(decimals)) / (2n * scale) + BigInt(off);
    const text = String(scaled).padStart(decimals + 1, "0");
    return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
  });

const digits = fc.tuple(
  fc.stringMatching(/^[+-]?\d{1,20}$/),
  fc.stringMatching(/^(\.\d{0,20})?$/),
  fc.stringMatching(/^([eE][+-]?\d{1,3})?$/),
);

const texts = fc.oneof(
  patterns.map(String),
  patterns.map((value) => value.toExponential()),
  usual.map(String),
  fc.tuple(usual, fc.nat({ max: 18 })).map(([value, decimals]) => value.toFixed(decimals)),
  fc.tuple(usual, fc.integer({ min: 1, max: 21 })).map(([value, precision]) => value.toPrecision(precision)),
  middles,
  digits.map((parts) => parts.join("")),
);

describe("a number in bytes", () => {
  it("is to the last bit what Number makes of its text", () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 100, maxLength: 300 }), (all) => {
        const { values, stops } = read(all);
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
        expect(read(commas, ",").values).toEqual(Float64Array.from(points, Number));
      }),
    );
    expect(read(["1.5", "1,5"], ",").stops).toEqual([0]);
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
    expect(read(none).stops).toEqual(none.map((_, i) => i));
  });

  it("is not what follows its cell", () => {
    expect([...read(["1", "", "2", ".5", "e5", "3"]).values]).toEqual([1, Number.NaN, 2, 0.5, Number.NaN, 3]);
  });
});
