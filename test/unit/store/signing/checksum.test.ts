import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addChecksum, checkChecksum, type JsonObject, sha256 } from "../../../../src/store/signing/checksum.ts";

describe("a sealed document", () => {
  it("is what it was after it was opened", async () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(object, async (value) => {
        const { text, document } = await addChecksum(value as JsonObject);
        expect(await checkChecksum(JSON.parse(text))).toEqual(document);
        expect(document).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is JSON that a person can read and that ends as a text file does", async () => {
    const { text } = await addChecksum({ b: 1, a: [true] });
    expect(text).toBe(
      `{\n  "b": 1,\n  "a": [\n    true\n  ],\n  "json_sha256": "${await sha256(new TextEncoder().encode('{"b":1,"a":[true]}'))}"\n}\n`,
    );
  });

  it("leaves out what has no value, and keeps the order that JSON gives to keys", async () => {
    const { text, document } = await addChecksum({ z: 1, gone: undefined, 10: 2, 2: 3 });
    expect(Object.entries(document)).toEqual([
      ["2", 3],
      ["10", 2],
      ["z", 1],
    ]);
    expect(await checkChecksum(JSON.parse(text))).toEqual(document);
  });

  it("survives another layout", async () => {
    const { text, document } = await addChecksum({ a: { b: [1, 2] } });
    expect(await checkChecksum(JSON.parse(JSON.stringify(JSON.parse(text), null, 8)))).toEqual(document);
  });

  it("is refused once a value, a key or the order of a list is another", async () => {
    const { text } = await addChecksum({ accuracy: 0.9, names: ["a", "b"] });
    for (const [from, to] of [
      ["0.9", "0.8"],
      ["accuracy", "precision"],
      ['"a"', '"c"'],
      ["0.9", '"0.9"'],
    ] as const) {
      expect(await checkChecksum(JSON.parse(text.replace(from, to)))).toBeUndefined();
    }
    expect(await checkChecksum({ accuracy: 0.9, names: ["a", "b"] })).toBeUndefined();
  });

  it("is an object", async () => {
    for (const value of [null, 1, "x", [], true]) expect(await checkChecksum(value)).toBeUndefined();
  });

  it("cannot bring a seal of its own", async () => {
    const { document } = await addChecksum({ json_sha256: "mine" });
    expect(document).toEqual({});
  });
});
