import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemTexts } from "../../../../src/data/json/items.ts";
import { openSink, openSource, temporaryFile } from "../../../support/entries.ts";

const open = (contents: string | Uint8Array, options: object = {}) =>
  openSource({ type: "json", path: temporaryFile(".json", contents), options });
const refusal = async (contents: string | Uint8Array) =>
  (await open(contents)).frame().then(
    (value) => expect.fail(`not refused: ${JSON.stringify(value)}`),
    (error: Error & { code: string }) => error,
  );

describe("a JSON array", () => {
  it("makes a column of every key, and JSON of what is nested", async () => {
    const frame = await (await open('\ufeff [ {"b":1,"a":"x, ]"},\n{"a":null,"c":[1,{"d":"}"}]} ]\n')).frame();
    expect(frame.dtypes).toEqual({ b: "float64", a: "str", c: "str" });
    expect(frame.toJSON()[1]?.c).toBe('[1,{"d":"}"}]');
  });

  it("of nothing is an empty frame, and keeps whole numbers past 2^53", async () => {
    expect((await (await open(" [ ] ")).frame()).length).toBe(0);
    expect((await (await open('[{"id":9007199254740993}]')).frame()).column("id")[0]).toBe(9007199254740993n);
  });

  it("is read in batches", async () => {
    const lengths: number[] = [];
    for await (const { length } of (await open('[{"a":1},{"a":2},{"a":3}]')).batches({ size: 2 })) lengths.push(length);
    expect(lengths).toEqual([2, 1]);
  });

  it.each([
    ["", "an array of objects expected, found an empty file"],
    ['{"a":1}\n', 'an array of objects expected, found "{\\"a\\":1}". One object a line is `type: jsonl`'],
    ['[{"a":1},', "the end of the array, ], after item 2 expected, found the end of the file: it was cut off"],
    ['[{"a":1}', "found the end of the file: it was cut off"],
    ['[{"a":1},{"a":]}]', "item 2: one JSON object expected"],
    ['[{"a":1},]', "item 2: one JSON object expected"],
    ["[,]", "item 1: one JSON object expected"],
    ["[}]", "item 1: one JSON object expected"],
    ["[1]", "item 1: a JSON object expected"],
    ['[{"a":1}] x', 'nothing after the array expected, found "x"'],
    ['[{"a":1},{"a":"x"}]', "item 2: column"],
    [Uint8Array.of(0x5b, 0xff), "item 1 or below: UTF-8 expected"],
  ])("%j is refused", async (contents, message) => {
    const error = await refusal(contents);
    expect(error.code).toBe("DATA_INVALID");
    expect(error.message).toContain(message);
  });

  it("is split the same, wherever the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.array(fc.nat(40)), async (values, cuts) => {
        const bytes = new TextEncoder().encode(JSON.stringify(values, null, cuts.length % 2));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(bytes.subarray(at));
        const texts: unknown[] = [];
        const stream = new ReadableStream<Uint8Array>({
          pull(controller) {
            const chunk = chunks.shift();
            if (chunk) controller.enqueue(chunk);
            else controller.close();
          },
        });
        for await (const { text } of itemTexts(stream, "x")) texts.push(JSON.parse(text));
        expect(texts).toEqual(JSON.parse(JSON.stringify(values)));
      }),
      { numRuns: 300 },
    );
  });

  it("is written one object a line, and read back", async () => {
    const path = temporaryFile(".json");
    const sink = await openSink({ type: "json", path });
    await sink.write([
      { a: 1, b: "x" },
      { a: 2.5, b: null },
    ]);
    expect(readFileSync(path, "utf8")).toBe('[\n{"a":1.0,"b":"x"},\n{"a":2.5,"b":null}\n]\n');
    await sink.write([]);
    expect(readFileSync(path, "utf8")).toBe("[]\n");
  });

  it("cannot be added to", async () => {
    const opening = openSink({ type: "json", path: temporaryFile(".json"), options: { mode: "a" } });
    await expect(opening).rejects.toThrow("options.mode");
  });
});
