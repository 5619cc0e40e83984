import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsvSinkOptions } from "../../../../src/data/csv/options/sink-options.ts";
import { readCsvOptions } from "../../../../src/data/csv/options.ts";
import { writeCsv } from "../../../../src/data/csv/write.ts";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import { missingTokens } from "../../../../src/data/frame/infer.ts";
import type { ColumnInput, DType, Frame } from "../../../../src/data/types.ts";
import { plain, read as readInChunks } from "./reading.ts";

const encoder = new TextEncoder();

/** Texts that are made to hurt: separators, quotes, line ends, spaces, and characters of several bytes. */
const text = fc
  .oneof(
    fc.array(fc.constantFrom(",", ";", '"', "\n", "\r", "\r\n", " ", "\t", "\uFEFF", "é", "🌾", "a", "1"), {
      maxLength: 6,
    }),
    fc.array(fc.string({ unit: "binary" }), { maxLength: 2 }),
  )
  .map((parts) => parts.join(""))
  .filter((value) => !missingTokens.has(value));

const cells: Readonly<Record<DType, fc.Arbitrary<unknown>>> = {
  float64: fc.option(fc.double({ noNaN: true })),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  bool: fc.option(fc.boolean()),
  str: fc.option(text),
  datetime: fc.option(fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })),
};

const table = fc
  .tuple(
    fc.array(fc.tuple(text, fc.constantFrom(...(Object.keys(cells) as DType[]))), { minLength: 1, maxLength: 4 }),
    fc.nat({ max: 6 }),
  )
  .chain(([columns, length]) =>
    fc.tuple(
      ...columns.map(([name, dtype], index) =>
        fc
          .array(cells[dtype], { minLength: length, maxLength: length })
          .map((values) => ({ name: `${name}${index}`, dtype, values: values as ColumnInput })),
      ),
    ),
  )
  .map((columns) => ({
    frame: createFrame(
      Object.fromEntries(columns.map(({ name, values }) => [name, values])),
      Object.fromEntries(columns.map(({ name, dtype }) => [name, dtype])),
    ),
    dtype: Object.fromEntries(columns.map(({ name, dtype }) => [name, dtype])),
  }));

async function textOf(frame: Frame, sep: string): Promise<string> {
  const pieces: string[] = [];
  const frames = (async function* () {
    yield frame;
  })();
  for await (const piece of writeCsv(frames, readCsvSinkOptions("", "csv", { sep, decimal: sep === ";" ? "," : "." })))
    pieces.push(piece);
  return pieces.join("");
}

const read = (bytes: Uint8Array, sizes: readonly number[], options: object, size?: number) =>
  readInChunks(bytes, sizes, readCsvOptions("", "csv", options), size);

describe("any table", () => {
  it("reads back as it was written, wherever the bytes are cut", async () => {
    const chunks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        table,
        chunks,
        fc.constantFrom(",", ";", "\t"),
        fc.constantFrom("\n", "\r\n"),
        fc.integer({ min: 1, max: 4 }),
        async ({ frame, dtype }, sizes, sep, newline, size) => {
          const decimal = sep === ";" ? "," : ".";
          let written = await textOf(frame, sep);
          // A line end in quotes is data, so only a text without any can be given others.
          if (!/"/.test(written)) written = written.replaceAll("\n", newline);
          const back = await read(encoder.encode(written), sizes, { sep, decimal, dtype });
          expect(plain(back)).toEqual(plain(frame));
          expect(plain(await read(encoder.encode(written), sizes, { sep, decimal, dtype }, size))).toEqual(
            plain(frame),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it("is the same table in pieces as it is in one, or fails with the same message", async () => {
    const raw = fc.array(fc.constantFrom("a", "1", ",", '"', "\n", "\r", "\r\n", "é", " ", ""), { maxLength: 30 });
    const outcome = (bytes: Uint8Array, sizes: readonly number[]) =>
      read(bytes, sizes, { names: ["x", "y", "z"] }).then(plain, (error) => [error.code, error.message]);
    await fc.assert(
      fc.asyncProperty(raw, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 }), async (parts, sizes) => {
        const bytes = encoder.encode(parts.join(""));
        expect(await outcome(bytes, sizes)).toEqual(await outcome(bytes, [Infinity]));
      }),
      { numRuns: 500 },
    );
  });
});
