import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CsvOptions, readCsvOptions } from "../../../../src/data/csv/options.ts";
import { cases, files, sizes } from "./generators.ts";
import { judge, type Verdict } from "./judge.ts";
import { plain, read } from "./reading.ts";

const encoder = new TextEncoder();

/** Expects what the judge says, of a table or of what is wrong with it. */
async function agrees(text: string, verdict: Verdict, sizes: readonly number[], options: CsvOptions, mark = "") {
  const found = await read(encoder.encode(mark + text), sizes, options).then(plain, (error) => String(error.message));
  if ("about" in verdict) {
    expect(found).toMatch(verdict.about);
    if (verdict.line !== undefined) expect(found).toContain(`[csv] x line ${verdict.line}:`);
  } else expect(found).toEqual(verdict);
}

describe("the bytes of any file", () => {
  it("give the table that its text gives to papaparse, or the same error at the same line", async () => {
    await fc.assert(
      fc.asyncProperty(cases, sizes, fc.constantFrom("", "\uFEFF"), async ({ text, options }, cuts, mark) => {
        await agrees(text, judge(text, options), cuts, options, mark);
      }),
      { numRuns: 5000 },
    );
  });

  it("give the same rows in frames of any size", async () => {
    await fc.assert(
      fc.asyncProperty(files, sizes, fc.integer({ min: 1, max: 5 }), async ({ sep, text }, cuts, size) => {
        const how = readCsvOptions("", "csv", { sep, dtype: "str" });
        const bytes = encoder.encode(text);
        const outcome = (rows?: number) => read(bytes, cuts, how, rows).then(plain, (error) => String(error.message));
        expect(await outcome(size)).toEqual(await outcome());
      }),
      { numRuns: 500 },
    );
  });
});
