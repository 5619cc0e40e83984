import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPlain } from "../../../../src/data/csv/options/derived.ts";
import { type CsvOptions, readCsvOptions } from "../../../../src/data/csv/options.ts";
import { cases, files, sizes } from "./generators.ts";
import { plain, read } from "./reading.ts";

const encoder = new TextEncoder();

/** What reading gives: a table, or what is wrong and where. */
async function outcome(text: string, sizes: readonly number[], options: CsvOptions) {
  return read(encoder.encode(text), sizes, options).then(plain, (error) => String(error.message));
}

describe("the bytes of any file", () => {
  it("give the table that the general way reads, or the same error at the same line", async () => {
    await fc.assert(
      fc.asyncProperty(cases, sizes, fc.constantFrom("", "\uFEFF"), async ({ text, options }, cuts, mark) => {
        const general: CsvOptions = { ...options, skiprows: new Set() };
        expect(isPlain(general)).toBe(false);
        const found = await outcome(mark + text, cuts, { ...options, skiprows: 0 });
        expect(found).toEqual(await outcome(text, [Number.POSITIVE_INFINITY], general));
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
