import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainCodec } from "../../../../src/store/contents/codec.ts";

const again = (value: unknown) => plainCodec.decode(plainCodec.encode(value));

const everything = { depth: null, maxArrayLength: null, maxStringLength: null } as const;

/** Whether two values are the same in every detail. To Node 20, no two invalid dates are: their text is compared. */
const same = (a: unknown, b: unknown) =>
  isDeepStrictEqual(a, b) ||
  (inspect(a, everything).includes("Invalid Date") && inspect(a, everything) === inspect(b, everything));

/** The same bytes at an address where nothing wider than a byte is aligned. */
function unaligned(bytes: Uint8Array): Uint8Array {
  const moved = new Uint8Array(bytes.length + 1).subarray(1);
  moved.set(bytes);
  return moved;
}

/** Bytes with a head of one's own. */
function forged(head: string, binary = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(head);
  const bytes = new Uint8Array(16 + text.length + binary.length);
  bytes.set(plainCodec.encode(null).subarray(0, 8));
  new DataView(bytes.buffer).setBigUint64(8, BigInt(text.length), true);
  bytes.set(text, 16);
  bytes.set(binary, 16 + text.length);
  return bytes;
}

const unreadable = (bytes: Uint8Array) => {
  try {
    plainCodec.decode(bytes);
  } catch (error) {
    expect(error).toMatchObject({ code: "CODEC_FAILED", message: expect.stringMatching(/^contents: these bytes/) });
    return true;
  }
  return false;
};

describe("the default codec", () => {
  const values: Record<string, unknown> = {
    undefined: undefined,
    null: null,
    false: false,
    zero: 0,
    "minus zero": -0,
    NaN: Number.NaN,
    infinities: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    "numbers that text may spoil": [0.1 + 0.2, 5e-324, Number.MAX_VALUE, 2 ** 53, 1e21],
    bigint: [0n, -1n, 2n ** 200n],
    "no text": "",
    text: "Größe 花 🌸 \u0000 \u2028 </script> \ud800 \ufeff",
    dates: [new Date(0), new Date(8.64e15), new Date(Number.NaN)],
    "a regular expression": /^a\/"b$/giu,
    "nested objects": { layers: [{ units: 3, bias: undefined }, { "a.b": { "": 1 } }] },
    "an object without a prototype": Object.assign(Object.create(null), { constructor: 1 }),
    // biome-ignore lint/suspicious/noThenProperty: it is a key as any other
    "keys that every object has": { constructor: 1, toString: 2, hasOwnProperty: 3, then: 4, length: 5 },
    // biome-ignore lint/suspicious/noSparseArray: holes are the point
    "an array with holes": [1, , 3, , ,],
    "a Map with keys of all kinds": new Map<unknown, unknown>([
      [1, "a"],
      ["1", "b"],
      [null, "c"],
      [Number.NaN, new Map()],
    ]),
    "a Set": new Set([1, "1", undefined, -1n]),
    "an ArrayBuffer": Uint8Array.of(1, 2, 3).buffer,
    "an empty ArrayBuffer": new ArrayBuffer(0),
    "a DataView": new DataView(Uint8Array.of(1, 2, 3).buffer, 1),
    "typed arrays": [
      Int8Array.of(-1),
      Uint8Array.of(255),
      Uint8ClampedArray.of(255),
      Int16Array.of(-1, 2, 3),
      Uint16Array.of(65535),
      Int32Array.of(-1),
      Uint32Array.of(4294967295),
      Float32Array.of(0.1, Number.NaN, -0),
      Float64Array.of(0.1, Number.NaN, -0, Number.POSITIVE_INFINITY),
      BigInt64Array.of(-1n),
      BigUint64Array.of(2n ** 64n - 1n),
      new Float64Array(0),
    ],
  };
  for (const [name, value] of Object.entries(values)) {
    it(`gives back ${name}`, () => {
      const bytes = plainCodec.encode(value);
      expect(same(plainCodec.decode(bytes), value)).toBe(true);
      expect(same(plainCodec.decode(unaligned(bytes)), value)).toBe(true);
    });
  }

  it("gives back arbitrary values", () => {
    const anything = fc.anything({
      key: fc.string().filter((key) => key !== "__proto__"),
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
      maxDepth: 4,
    } as fc.ObjectConstraints);
    fc.assert(
      fc.property(anything, fc.boolean(), (value, move) => {
        const bytes = plainCodec.encode(value);
        return same(plainCodec.decode(move ? unaligned(bytes) : bytes), value);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives back every bit of arbitrary floating-point numbers", () => {
    fc.assert(
      fc.property(fc.float64Array(), fc.array(fc.double()), (typed, plain) => {
        const back = again({ typed, plain }) as { typed: Float64Array; plain: number[] };
        expect(new Uint8Array(back.typed.buffer, back.typed.byteOffset, back.typed.byteLength)).toEqual(
          new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength),
        );
        return back.plain.every((value, at) => Object.is(value, plain[at]));
      }),
    );
  });

  it("keeps one object one object, and cycles cycles", () => {
    const weights = Float64Array.of(1, 2);
    const buffer = new ArrayBuffer(3);
    const node: Record<string, unknown> = { weights, buffer, list: [weights, buffer] };
    node.self = node;
    node.map = new Map([[node, new Set([node])]]);
    const back = again(node) as {
      self: unknown;
      weights: unknown;
      buffer: unknown;
      list: unknown[];
      map: Map<unknown, Set<unknown>>;
    };
    expect(back.self).toBe(back);
    expect(back.list[0]).toBe(back.weights);
    expect(back.list[1]).toBe(back.buffer);
    expect(back.map.get(back)?.has(back)).toBe(true);
  });

  it("stores of a view only its own bytes", () => {
    const all = new Float64Array(100_000);
    const part = all.subarray(500, 510).fill(7);
    const bytes = plainCodec.encode([part, all.subarray(0, 2)]);
    expect(bytes.length).toBeLessThan(400);
    expect(plainCodec.decode(bytes)).toEqual([part, all.subarray(0, 2)]);
  });

  it("stores the bytes of a view of shared memory", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(3);
    expect(again(shared)).toEqual(Uint8Array.of(3, 3, 3, 3));
  });

  it("keeps weights as they are: neither text nor base64, eight bytes for a float64", () => {
    const weights = Float64Array.from({ length: 10_000 }, (_, at) => Math.sin(at));
    const bytes = plainCodec.encode({ weights });
    expect(bytes.length).toBeLessThan(80_000 + 100);
    expect(bytes.slice(-80_000)).toEqual(new Uint8Array(weights.buffer));
  });

  it("reads typed arrays without copying them where they are aligned, and copies where not", () => {
    const bytes = plainCodec.encode({ a: Uint8Array.of(1), b: Float64Array.of(1), c: Float32Array.of(1) });
    const views = plainCodec.decode(bytes) as Record<string, Float64Array>;
    for (const view of Object.values(views)) expect(view.buffer).toBe(bytes.buffer);
    const copies = plainCodec.decode(unaligned(bytes)) as Record<string, Float64Array>;
    expect(copies.b?.buffer).not.toBe(bytes.buffer);
    expect(copies).toEqual(views);
  });

  it("writes the same bytes for the same contents", () => {
    const contents = () => ({ a: [1, { b: Float32Array.of(1) }], c: new Map([["d", new Date(0)]]) });
    expect(plainCodec.encode(contents())).toEqual(plainCodec.encode(contents()));
  });

  it("has a format that does not change by accident", () => {
    const bytes = plainCodec.encode({ w: Uint16Array.of(1, 258) });
    expect([...bytes.subarray(0, 16)]).toEqual([0x89, 0x4c, 0x50, 0x4d, 0x0d, 0x0a, 0x1a, 1, 48, 0, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(bytes.subarray(16, 64))).toBe('[{"w":1},["binary",2],[3,4,5],"Uint16Array",0,4]');
    expect([...bytes.subarray(64)]).toEqual([1, 0, 2, 1]);
  });

  describe("refuses, with the path to it,", () => {
    class Tree {
      depth = 1;
    }
    class Layers extends Array {}
    class Table extends Map {}
    class Orphan {
      depth = 1;
    }
    Object.setPrototypeOf(Orphan.prototype, null);
    const refused: [string, unknown, string][] = [
      ["a function", { layers: [0, 1, { activation: Math.tanh }] }, "contents.layers[2].activation: a function"],
      ["a class", { model: Tree }, "contents.model: a function"],
      ["contents that are a function", () => 1, "contents: a function"],
      ["a symbol", [Symbol("x")], "contents[0]: a symbol"],
      // biome-ignore lint/suspicious/noThenProperty: it looks like a promise
      ["a method then", { a: { then: () => 1 } }, "contents.a.then: a function"],
      ["a promise", { model: Promise.resolve(1) }, "contents.model: a promise"],
      [
        "an instance of a class",
        new Map([["tree", new Tree()]]),
        'contents.get("tree"): an instance of the class Tree',
      ],
      ["a subclass of Array", { layers: new Layers() }, "contents.layers: an instance of the class Layers"],
      ["a subclass of Map", { table: new Table() }, "contents.table: an instance of the class Table"],
      ["a Buffer", { bytes: Buffer.from("a") }, "contents.bytes: an instance of the class Buffer"],
      ["an instance of a class without Object", [new Orphan()], "contents[0]: an instance of the class Orphan"],
      ["an object that inherits values", { a: Object.create({ b: 1 }) }, "contents.a: an instance of"],
      ["an error", { error: new Error("x") }, "contents.error: an instance of the class Error"],
      ["a boxed number", { n: Object(1) }, "contents.n: an instance of the class Number"],
      ["a WeakMap", { "a key": new WeakMap() }, 'contents["a key"]: an instance of the class WeakMap'],
      ["a symbol for a key", { a: { [Symbol("k")]: 1 } }, "contents.a: an object with a symbol (Symbol(k)) for a key"],
      ["a key __proto__", JSON.parse('{"a":{"__proto__":1}}'), "contents.a: an object with the key __proto__"],
      ["an array that has more than elements", { m: /a/.exec("a") }, "contents.m: an array with a property (groups)"],
      ["an object that pretends", { [Symbol.toStringTag]: "Map" }, "contents: an object with a symbol"],
    ];
    for (const [name, value, message] of refused) {
      it(name, () => {
        expect(() => plainCodec.encode(value)).toThrow(
          expect.objectContaining({ code: "CODEC_FAILED", message: expect.stringContaining(`${message}`) }),
        );
        expect(() => plainCodec.encode(value)).toThrow(/cannot be stored\. Return plain data .* `codec` of its own\./);
      });
    }

    it("what is nested too deeply for it, without a crash", () => {
      let deep: unknown = 1;
      for (let n = 0; n < 200_000; n++) deep = [deep];
      expect(() => plainCodec.encode(deep)).toThrow(expect.objectContaining({ code: "CODEC_FAILED" }));
    });

    it("a getter that throws", () => {
      const contents = Object.defineProperty({}, "a", { enumerable: true, get: () => JSON.parse("{") });
      expect(() => plainCodec.encode(contents)).toThrow(expect.objectContaining({ code: "CODEC_FAILED" }));
    });
  });

  describe("does not read", () => {
    const whole = plainCodec.encode({
      layers: [Float64Array.of(1, 2, 3), Uint8Array.of(1, 2, 3)],
      names: new Map([["setosa", 1]]),
      when: new Date(0),
    });

    it("bytes of anything else", () => {
      for (const text of [
        "",
        "{}",
        "PK\u0003\u0004",
        "\u0080\u0004\u0095",
        "null",
        '[{"a":1},2]',
        "\u0000".repeat(100),
      ]) {
        expect(unreadable(new TextEncoder().encode(text))).toBe(true);
      }
      fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), unreadable));
    });

    it("another version of the format, and says so", () => {
      const bytes = plainCodec.encode(1);
      bytes[7] = 2;
      expect(() => plainCodec.decode(bytes)).toThrow("version 2 of the format, expected 1");
    });

    it("bytes that end early, wherever", () => {
      for (let length = 0; length < whole.length; length++) expect(unreadable(whole.slice(0, length))).toBe(true);
    });

    it("bytes with more behind them", () => {
      for (const extra of [1, 7, 8, 1000]) {
        const longer = new Uint8Array(whole.length + extra);
        longer.set(whole);
        expect(unreadable(longer)).toBe(true);
      }
    });

    it("altered bytes into anything but contents or an error", () => {
      fc.assert(
        fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
          unreadable(whole.map((byte, index) => (index === at ? byte ^ change : byte)));
        }),
        { numRuns: 3000 },
      );
    });

    it("a head whose size is not to be believed", () => {
      for (const size of [0n, 1n, 1000n, 2n ** 31n, 2n ** 53n, 2n ** 64n - 1n]) {
        const bytes = whole.slice();
        new DataView(bytes.buffer).setBigUint64(8, size, true);
        expect(unreadable(bytes)).toBe(true);
      }
    });

    it("binary values that are not where they are said to be", () => {
      const wrong = [
        '["Float64Array",0,1e15]',
        '["Float64Array",0,16]',
        '["Float64Array",8,8]',
        '["Float64Array",1e300,8]',
        '["Float64Array",-8,8]',
        '["Float64Array",4,4]',
        '["Float64Array",0,4]',
        '["Float64Array",0.5,8]',
        '["Float64Array",0]',
        '["Float64Array","0","8"]',
        '["Array",0,8]',
        '["Function",0,8]',
        '["constructor",0,8]',
        '["__proto__",0,8]',
        "[]",
        "null",
      ];
      for (const segment of wrong) {
        const items: unknown = JSON.parse(segment);
        const list = Array.isArray(items) ? items : [];
        const head = [["binary", 1], list.length ? list.map((_, at) => at + 2) : items, ...list];
        expect(unreadable(forged(JSON.stringify(head), new Uint8Array(8)))).toBe(true);
      }
    });

    it("a few bytes that ask for the same megabyte a thousand times", () => {
      const values = Array.from({ length: 1000 }, () => ["binary", 1001]);
      const head = [values.map((_, at) => at + 1), ...values, [1002, 1003, 1004], "ArrayBuffer", 0, 1_000_000];
      expect(unreadable(forged(JSON.stringify(head), new Uint8Array(1_000_000)))).toBe(true);
    });

    it("an array of four billion elements into memory", () => {
      const before = process.memoryUsage().rss;
      const list = plainCodec.decode(forged("[[-7,4294967295]]")) as unknown[];
      expect(list.length).toBe(4294967295);
      expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
    });

    it("structures that never end, or are nested without end", () => {
      const nested = Array.from({ length: 200_000 }, (_, at) => [at + 1]);
      const wrong = [
        "",
        "[]",
        "[[",
        "{}",
        '["x"]x',
        "[0",
        '[["binary",0]]',
        '[["Unknown",1],1]',
        '[["null",1,1]]',
        "7",
      ];
      for (const head of [...wrong, JSON.stringify([...nested, 1]), "[".repeat(500_000)]) {
        expect(unreadable(forged(head))).toBe(true);
      }
    });

    it("a key __proto__ into a prototype", () => {
      expect(unreadable(forged('[{"__proto__":1},{"polluted":2},true]'))).toBe(true);
      expect("polluted" in {}).toBe(false);
    });

    it("text that is not UTF-8", () => {
      const bytes = forged('["abcd"]');
      bytes[19] = 0xff;
      expect(unreadable(bytes)).toBe(true);
    });
  });
});
