import fc from "fast-check";

const bits = new DataView(new ArrayBuffer(8));

/** Every bit pattern is as likely as any other: mostly enormous and tiny numbers. */
const patterns = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((pattern) => {
  bits.setBigUint64(0, pattern);
  return bits.getFloat64(0);
});

/** Numbers as tables have them. */
export const usual = fc
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

/** Texts of numbers of all kinds. */
export const texts = fc.oneof(
  patterns.map(String),
  patterns.map((value) => value.toExponential()),
  usual.map(String),
  fc.tuple(usual, fc.nat({ max: 18 })).map(([value, decimals]) => value.toFixed(decimals)),
  fc.tuple(usual, fc.integer({ min: 1, max: 21 })).map(([value, precision]) => value.toPrecision(precision)),
  middles,
  digits.map((parts) => parts.join("")),
);
