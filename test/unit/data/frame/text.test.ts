import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createColumn, type TypedColumn, textColumn } from "../../../../src/data/frame/column.ts";
import { frameDigest } from "../../../../src/data/frame/digest.ts";
import { concatFrames, frameOf, typedColumn } from "../../../../src/data/frame/frame.ts";
import { createTextBuilder } from "../../../../src/data/frame/text-builder.ts";
import type { Frame } from "../../../../src/data/types.ts";

const encoder = new TextEncoder();

/** A column of text in bytes. */
function encoded(values: readonly (string | null)[]): TypedColumn {
  const builder = createTextBuilder();
  for (const value of values) {
    if (value === null) builder.addMissing();
    else {
      const bytes = encoder.encode(`..${value}.`);
      builder.add(bytes, 2, bytes.length - 1);
    }
  }
  return textColumn(builder.finish());
}

const frame = (column: TypedColumn, length: number) => frameOf(new Map([["a", column]]), length);
const both = (values: readonly (string | null)[]) =>
  [frame(encoded(values), values.length), frame(createColumn("a", values, "str"), values.length)] as const;

function digestOf(...frames: readonly Frame[]): string {
  const digest = frameDigest();
  for (const one of frames) digest.add(one);
  return digest.end();
}

/** Few different values, many, and long ones; with characters of one to four bytes. */
const texts = fc.oneof(
  fc.array(fc.option(fc.constantFrom("", "a", "é", "🌾", "\uFEFF", "ab")), { maxLength: 40 }),
  fc.array(fc.option(fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 40 }),
  fc.array(
    fc.integer({ min: 0, max: 3000 }).map((size) => "ä".repeat(size)),
    { maxLength: 8 },
  ),
);

describe("text in bytes", () => {
  it("is to whoever reads a frame what an array of strings is", () => {
    fc.assert(
      fc.property(texts, fc.nat({ max: 40 }), fc.nat({ max: 40 }), (values, start, end) => {
        const [bytes, strings] = both(values);
        expect(bytes.slice(start, end).column("a")).toEqual(values.slice(start, end));
        expect([...bytes.rows()]).toEqual([...strings.rows()]);
        expect(bytes.row(start)).toEqual(strings.row(start));
        expect(JSON.stringify(bytes)).toBe(JSON.stringify(strings));
        expect(bytes.describe()).toEqual(strings.describe());
        expect(digestOf(bytes)).toBe(digestOf(strings));
        expect(digestOf(bytes.slice(0, start), bytes.slice(start))).toBe(digestOf(strings));
        expect(bytes.columns).toEqual(strings.columns);
        for (const other of [bytes, strings]) {
          expect(concatFrames([bytes.slice(start), other]).column("a")).toEqual([...values.slice(start), ...values]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("is an array for everybody else", () => {
    const values = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? null : `v${i % 4}`));
    const [{ columns }] = both(values);
    const column = columns.a as readonly (string | null)[];
    expect([Array.isArray(column), Object.isFrozen(column), columns.a === column]).toEqual([true, true, true]);
    expect(column.map(String)).toEqual(values.map(String));
    expect({ ...columns }).toEqual({ a: values });
    expect(structuredClone(columns)).toEqual({ a: values });
    expect(Object.isFrozen(columns)).toBe(true);
  });

  it("keeps few different values once, and shares its memory", () => {
    const few = typedColumn(both(Array.from({ length: 1000 }, (_, i) => `v${i % 7}`))[0], "a");
    expect([few.text?.bytes.length, few.text?.codes?.length]).toEqual([14, 1000]);
    const frames = both(Array.from({ length: 30_000 }, (_, i) => (i % 2 ? `v${i}` : null)))[0];
    const many = typedColumn(frames, "a").text;
    expect([many?.codes, many?.offsets.length]).toEqual([undefined, 30_001]);
    const part = typedColumn(frames.slice(10, 20), "a").text;
    expect([part?.bytes.buffer, part?.offsets.length]).toEqual([many?.bytes.buffer, 11]);
    expect(frames.slice(20_000).column("a").slice(0, 3)).toEqual([null, "v20001", null]);
  });

  it("is put together with parts in which all is missing, and with strings that are no text", () => {
    const [bytes] = both(["x", null]);
    const nothing = frame({ dtype: "float64", values: Float64Array.of(Number.NaN) }, 1);
    expect(concatFrames([nothing, bytes, nothing]).column("a")).toEqual([null, "x", null, null]);
    expect(concatFrames([bytes, frame(createColumn("a", ["\ud800"]), 1)]).column("a")).toEqual(["x", null, "\ud800"]);
  });

  it("is as long as it is, in a builder that is used again", () => {
    const builder = createTextBuilder();
    const bytes = encoder.encode("abc");
    for (let round = 0; round < 3; round++) {
      builder.addMissing(2);
      for (let i = 0; i < 10_000; i++) {
        const text = encoder.encode(`${round} ${i}`);
        builder.add(text, 0, text.length);
      }
      builder.add(bytes, 1, 2);
      expect(builder.length()).toBe(10_003);
      const values = textColumn(builder.finish()).values;
      expect([values.length, values[1], values[2], values[10_002]]).toEqual([10_003, null, `${round} 0`, "b"]);
    }
    expect(textColumn(builder.finish()).values).toEqual([]);
  });
});
