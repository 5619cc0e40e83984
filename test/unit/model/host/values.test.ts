import { describe, expect, it } from "vitest";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import { packFrame, unpackFrame } from "../../../../src/model/host/columns.ts";
import { createOutputLog } from "../../../../src/model/host/output.ts";
import { frameOfArgs, groupOf } from "../../../../src/model/host/queue.ts";
import { packValue, readFiles, unpackValue } from "../../../../src/model/host/value.ts";

const sent = (value: unknown) => {
  const buffers: Uint8Array[] = [];
  const packed = packValue(value, buffers);
  const header = JSON.parse(JSON.stringify(packed));
  return unpackValue(header.value, header.tagged, buffers);
};

describe("values in a message", () => {
  it("come back as they were, also those that JSON has no form for", () => {
    const values = [
      { a: 1, b: "ü", c: null, d: true, e: [1.5, "x", { f: [] }] },
      { nan: Number.NaN, up: Number.POSITIVE_INFINITY, down: Number.NEGATIVE_INFINITY, zero: -0 },
      { big: 2n ** 70n, when: new Date("2020-02-03T04:05:06.789Z"), bytes: Uint8Array.of(1, 2, 3) },
      { $: "number", v: "nan", nested: { $: 1 } },
      JSON.parse('{ "__proto__": { "a": 1 }, "b": 1e400 }'),
      [],
      "text",
      Number.NaN,
    ];
    for (const value of values) expect(sent(value)).toEqual(value);
  });

  it("are plain where they need no tags, and say so", () => {
    expect(packValue({ a: 1, b: "x" }, [])).toEqual({ value: { a: 1, b: "x" }, tagged: false });
    expect(packValue({ a: Number.NaN }, []).tagged).toBe(true);
    expect(sent({ a: undefined, b: [undefined] })).toEqual({ b: [null] });
    expect(sent(new Map([["a", 1]]))).toEqual({ a: 1 });
  });

  it("are refused where there is no form for them", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = [cycle];
    expect(() => packValue({ f: () => 1 }, [])).toThrow(TypeError);
    expect(() => packValue(cycle, [])).toThrow(TypeError);
    expect(() => unpackValue({ $: "unheard" }, true, [])).toThrow(/unknown kind, "unheard"/);
  });

  it("bring files with their names", async () => {
    const buffers: Uint8Array[] = [];
    const file = new File(["abc"], "a.txt", { type: "text/plain" });
    const read = await readFiles({ x: 1, file, files: [file] });
    const { value } = packValue(read, buffers);
    expect(value).toMatchObject({
      x: 1,
      file: { $: "bytes", b: 0, name: "a.txt", type: "text/plain" },
      files: [{ b: 1 }],
    });
    expect(buffers.map((it) => new TextDecoder().decode(it))).toEqual(["abc", "abc"]);
    const none = { x: 1 };
    expect(readFiles(none)).toBe(none);
  });
});

describe("frames in a message", () => {
  const frame = createFrame({
    f: [1.5, null, -0, Number.POSITIVE_INFINITY],
    i: [1, 2, 3, 2 ** 53 - 1],
    big: [1n, 2n ** 60n, -3n, 4n],
    b: [true, null, false, true],
    t: [new Date(0), null, new Date("2020-02-03T04:05:06.789Z"), new Date(-1)],
    s: ["", null, "ü€𝄞", "x"],
  });
  const back = (it: typeof frame) => {
    const buffers: Uint8Array[] = [];
    const header = JSON.parse(JSON.stringify(packFrame(it, buffers)));
    return unpackFrame(header, buffers);
  };

  it("come back with their values and dtypes, also as slices and without rows", () => {
    for (const it of [frame, frame.slice(1, 3), frame.slice(2), frame.slice(4)]) {
      expect(back(it).dtypes).toEqual(it.dtypes);
      expect([...back(it).rows()]).toEqual([...it.rows()]);
    }
    const again = back(back(frame));
    expect([...again.slice(1, 4).rows()]).toEqual([...frame.slice(1, 4).rows()]);
  });

  it("are refused where the buffers are not as described", () => {
    const buffers: Uint8Array[] = [];
    const header = packFrame(frame, buffers);
    expect(() => unpackFrame({ ...header, rows: 3 }, buffers)).toThrow(/column "f".*other values than it described/);
    expect(() => unpackFrame(header, buffers.slice(0, 3))).toThrow(/column "b"/);
  });
});

describe("predictions that go together", () => {
  it("have the same arguments of the same kinds, one value each", () => {
    expect(groupOf({ a: 1, b: "x" })).toBe(groupOf({ a: 2.5, b: "" }));
    expect(groupOf({ a: 1 })).not.toBe(groupOf({ a: "1" }));
    expect(groupOf({ a: 1 })).not.toBe(groupOf({ a: null }));
    expect(groupOf({ a: 1 })).not.toBe(groupOf({ a: 1, b: 1 }));
    expect(groupOf({ "a:number,b": 1 })).not.toBe(groupOf({ a: 1, b: 1 }));
    for (const args of [{ a: [1] }, { a: {} }, {}, { a: new File([], "x") }, { a: 1n }])
      expect(groupOf(args)).toBeUndefined();
  });

  it("are rows whose dtypes do not depend on the others", () => {
    const frame = frameOfArgs([{ n: 1, s: "x", b: true, z: null }]);
    expect(frame.dtypes).toEqual({ n: "float64", s: "str", b: "bool", z: "float64" });
    expect(frameOfArgs([{ n: 1 }, { n: 1.5 }]).dtypes).toEqual({ n: "float64" });
  });
});

describe("what a child prints", () => {
  const logged = (chunks: readonly string[], clock = () => 0) => {
    const lines: string[] = [];
    const log = createOutputLog((line) => lines.push(line), clock);
    for (const chunk of chunks) log.push(new TextEncoder().encode(chunk));
    return { lines, tail: log.tail() };
  };

  it("is logged by lines, whichever way it comes", () => {
    expect(logged(["a\nb", "c\r\n\n", "d"])).toEqual({ lines: ["a", "bc", "d"], tail: "a\nbc\nd" });
  });

  it("takes no more memory than a line: a longer one is cut, and too many are left out", () => {
    const { lines } = logged([...Array.from({ length: 1000 }, () => "x".repeat(10_000)), "\n"]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^x{8192} \.\.\. and 9991808 characters more$/);
    const many = logged([Array.from({ length: 5000 }, (_, at) => `line ${at}\n`).join("")]);
    expect(many.lines).toHaveLength(2001);
    expect(many.lines.at(-1)).toMatch(/more than 2000 lines/);
    expect(many.tail.split("\n").at(-1)).toBe("line 4999");
    let now = 0;
    const later = logged(
      Array.from({ length: 5000 }, () => "x\n"),
      () => (now += 30),
    );
    expect(later.lines.length).toBeGreaterThan(4000);
  });
});
