import fc from "fast-check";
import { type CsvOptions, readCsvOptions } from "../../../../src/data/csv/options.ts";

const numbers = fc.oneof(
  fc.double().map(String),
  fc.double({ noNaN: true }).map((value) => value.toFixed(3)),
  fc.double({ noNaN: true }).map((value) => value.toExponential()),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.tuple(fc.nat(), fc.nat()).map(([whole, part]) => `${whole}.${part}`),
  fc.tuple(fc.nat(), fc.nat()).map(([whole, part]) => `${whole},${part}`),
  fc.constantFrom("0", "-0", "+1", "1.", ".5", ".", "-", "1e5", "1e", "1E+400", "00.5", "007", " 1", "2 ", "\u00A03"),
  fc.constantFrom("inf", "-Infinity", "+INF", "0x10", "1_000", "1.5.2", "--1", "1\r", "9007199254740993", "1e-400"),
);
const integers = fc.oneof(fc.integer().map(String), fc.constantFrom("0", "-0", "+7", " 8", "-12345678901"));
const large = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const words = fc.constantFrom(
  "a",
  "True",
  "FALSE",
  "true",
  "é",
  "🌾",
  "\uFEFF",
  "2020-01-02",
  "2020-02-30",
  "x y",
  "b",
);
const missing = fc.constantFrom("", "NA", "NaN", "null", "-1.#IND", "#N/A N/A", "-", "-9", "n/a");
const odd = fc.constantFrom(" ", "\r", '5" pipe', "\u2003", "\0", "\u0085");
const inQuotes = fc
  .array(fc.constantFrom("a", "1", ",", ";", "\n", "\r\n", "\r", '""', "é", " "), { maxLength: 4 })
  .map((parts) => `"${parts.join("")}"`);
const broken = fc.constantFrom('"x" ', '"x"y', '"', '"a""', '""a"');

/** Tables in which a column is mostly of one kind, with what does not fit thrown in, and the separator that they have. */
const tables = fc
  .tuple(
    fc.array(fc.constantFrom(numbers, integers, large, words, fc.constantFrom("True", "false"), missing, inQuotes), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.nat({ max: 12 }),
    fc.constantFrom(",", ",", ";", "\t", " ", "é", "1"),
    fc.constantFrom("\n", "\n", "\r\n", "\r"),
    fc.boolean(),
    fc.nat({ max: 10 }),
  )
  .chain(([kinds, length, sep, newline, quoted, faults]) => {
    const quote = (cell: string) => (quoted && !cell.includes('"') ? `"${cell}"` : cell);
    const cell = (kind: fc.Arbitrary<string>) =>
      fc.oneof(
        { weight: 40, arbitrary: kind.map(quote) },
        { weight: faults, arbitrary: missing },
        { weight: faults === 10 ? 1 : 0, arbitrary: fc.oneof(numbers, words, odd, inQuotes) },
      );
    const between = fc.oneof(
      { weight: 50, arbitrary: fc.constant("") },
      { weight: faults, arbitrary: fc.constantFrom("", "  ", "x", `1${sep}`).map((line) => line + newline) },
      { weight: faults === 10 ? 1 : 0, arbitrary: broken.map((line) => line + newline) },
    );
    const rows = fc.array(fc.tuple(between, ...kinds.map(cell)), { minLength: length, maxLength: length });
    return rows.map((all) => {
      const lines = all.map(([before, ...cells]) => before + cells.join(sep));
      return { sep, text: [kinds.map((_, i) => `c${i}`).join(sep), ...lines].join(newline) };
    });
  });

/** Any characters that mean something, in any order. */
const rubble = fc
  .array(fc.constantFrom("a", "1", ",", ";", '"', '"', "\n", "\r", "\r\n", "é", " ", "🌾", "2.5", "NA"), {
    maxLength: 40,
  })
  .map((parts) => ({ sep: ",", text: parts.join("") }));

/** Whole files. */
export const files = fc.oneof({ weight: 5, arbitrary: tables }, { weight: 1, arbitrary: rubble });

const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const given = fc.record({
  sep: seldom(fc.constantFrom(",", ";", "\t", "é", "1", " ")),
  decimal: seldom(fc.constant(",")),
  names: seldom(fc.constant(["c0", "c1", "c2", "c3"])),
  header: seldom(fc.boolean()),
  usecols: seldom(fc.constantFrom<(string | number)[]>(["c0"], [0, 1], ["c1", 0])),
  dtype: seldom(fc.constantFrom<unknown>("str", "float64", "bool", { c0: "int64" }, { c0: "bool", c1: "datetime" })),
  na_values: seldom(fc.constantFrom<unknown>("-", ["1", "x y"], { c0: ["-9", "a"] })),
  skiprows: seldom(fc.nat({ max: 3 })),
  nrows: seldom(fc.nat({ max: 6 })),
});

function optionsOf(sep: string, wanted: object, known: boolean): CsvOptions {
  const entries = Object.entries({ sep, ...wanted }).filter(
    // A column that is not there is an error of its own, which has its own tests.
    ([key, value]) => value !== undefined && (known || !/dtype|na_values/.test(key) || typeof value === "string"),
  );
  return readCsvOptions("", "csv", Object.fromEntries(entries));
}

/** A file, and how it is read. */
export const cases = fc.tuple(files, given).map(([{ sep, text }, options]) => ({
  text,
  options: optionsOf(sep, options, options.names !== undefined && options.usecols === undefined),
}));

/** How large the chunks are in which a file comes. */
export const sizes = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  fc.constant([Number.POSITIVE_INFINITY]),
);
