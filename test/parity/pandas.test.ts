import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readCsvOptions } from "../../src/data/csv/options.ts";
import { plain, read } from "../unit/data/csv/reading.ts";

/** Kept between runs, and of no account to git. */
const folder = fileURLToPath(new URL("../../node_modules/.cache/launchpad-pandas", import.meta.url));
const python = `${folder}/bin/python`;
const script = fileURLToPath(new URL("read_with_pandas.py", import.meta.url));

beforeAll(() => {
  if (existsSync(python) && spawnSync(python, ["-c", "import pandas"]).status === 0) return;
  mkdirSync(folder, { recursive: true });
  execFileSync("python3", ["-m", "venv", folder]);
  execFileSync(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pandas>=3,<4"]);
}, 300_000);

/** Cells that pandas and Launchpad do not read differently on purpose, as whole numbers that begin with a zero. */
const cells = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("1", "2", "-3", "40", "5.5", "-0.25", "1e3", "6.0", "+7") },
  { weight: 3, arbitrary: fc.constantFrom("x", "y z", "é", "True", "false", "yes", "no", "2020-01-02") },
  { weight: 2, arbitrary: fc.constantFrom("", "NA", "None", "nan", "null", "-999", "-999.00", "n/a", "-") },
  {
    weight: 1,
    arbitrary: fc.constantFrom('"q"', '"a,b"', '"a""b"', '"z"x', '"l\nm"', '""', "inf", "tRUE", " 8", "9 "),
  },
  { weight: 1, arbitrary: fc.constantFrom("1,234", "#c", "a#b", "'q,r'", "a\\,b", " s") },
);

const texts = fc
  .record({
    names: fc.array(fc.constantFrom("a", "b", "c", "a", "", "a.1"), { minLength: 1, maxLength: 4 }),
    rows: fc.array(fc.array(cells, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
    square: fc.boolean(),
    blank: fc.nat({ max: 12 }),
    newline: fc.constantFrom("\n", "\n", "\r\n"),
    ended: fc.boolean(),
  })
  .map(({ names, rows, square, blank, newline, ended }) => {
    const all = rows.map((row) =>
      (square ? names.map((_, at) => row[at % row.length] ?? "") : row.slice(0, names.length)).join(","),
    );
    if (blank < all.length) all.splice(blank, 0, blank % 2 === 0 ? "" : "  ");
    return [names.join(","), ...all].join(newline) + (ended ? newline : "");
  });

const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const options = fc.record({
  na_values: seldom(fc.constantFrom<unknown>(-999, "-", ["x", -3], "1")),
  keep_default_na: seldom(fc.constant(false)),
  na_filter: seldom(fc.constant(false)),
  header: seldom(fc.constantFrom(null, 1)),
  nrows: seldom(fc.nat({ max: 4 })),
  skiprows: seldom(fc.constantFrom<unknown>(1, [1], [0, 2])),
  comment: seldom(fc.constant("#")),
  quotechar: seldom(fc.constant("'")),
  quoting: seldom(fc.constantFrom(1, 3)),
  escapechar: seldom(fc.constant("\\")),
  skipinitialspace: seldom(fc.constant(true)),
  skip_blank_lines: seldom(fc.constant(false)),
  doublequote: seldom(fc.constant(false)),
  true_values: seldom(fc.constant(["yes"])),
  false_values: seldom(fc.constant(["no"])),
  thousands: seldom(fc.constant(",")),
  index_col: seldom(fc.constant(0)),
  usecols: seldom(fc.constant([0])),
});

interface Verdict {
  readonly names?: readonly string[];
  readonly columns?: readonly (readonly unknown[])[];
  readonly error?: string;
}

/** What Launchpad refuses rather than guess, although pandas goes on. */
const refusals = [
  /cells expected, as many as there are (columns|names)/,
  /no column/,
  /the file is empty/,
  /a quote opens here that is not closed/,
];

function shown(value: unknown): unknown {
  if (value === null || Number.isNaN(value)) return null;
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (value === Number.NEGATIVE_INFINITY) return "-inf";
  return typeof value === "bigint" ? Number(value) : value;
}

describe("any text", () => {
  it("is to Launchpad what it is to pandas 3, with any options: 20,000 of them", async () => {
    const cases = fc.sample(fc.record({ text: texts, options }), { seed: 20_261_128, numRuns: 20_000 }).map((one) => ({
      text: one.text,
      options: Object.fromEntries(Object.entries(one.options).filter(([, value]) => value !== undefined)),
    }));
    const input = JSON.stringify(cases);
    const output = execFileSync(python, [script], { input, encoding: "utf8", maxBuffer: 2 ** 30 });
    const { version, found } = JSON.parse(output) as { version: string; found: Verdict[] };
    expect(version).toMatch(/^3\./);
    const differences: unknown[] = [];
    let compared = 0;
    for (const [at, one] of cases.entries()) {
      const verdict = found[at] ?? {};
      if (verdict.error !== undefined) continue;
      const how = readCsvOptions("", "csv", one.options);
      const ours: Verdict = await read(new TextEncoder().encode(one.text), [7], how).then(
        (frame) => ({ names: frame.names, columns: plain(frame).columns.map((column) => column.map(shown)) }),
        (error: Error) => ({ error: error.message }),
      );
      if (ours.error !== undefined && refusals.some((known) => known.test(ours.error ?? ""))) continue;
      compared++;
      if (JSON.stringify(ours) !== JSON.stringify(verdict)) differences.push({ ...one, ours, pandas: verdict });
    }
    expect(differences.slice(0, 5)).toEqual([]);
    expect(compared).toBeGreaterThan(12_000);
  }, 240_000);
});
