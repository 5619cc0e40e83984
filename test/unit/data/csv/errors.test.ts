import { describe, expect, it } from "vitest";
import { testHost } from "../../../support/host.ts";
import { openCsv, temporaryFile } from "./files.ts";

const host = testHost();
const latin = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

async function open(file: string | Uint8Array, options: object = {}) {
  return openCsv(temporaryFile(file), { options }, host);
}

/** What is wrong with a file, read as one frame and in batches. */
async function fails(file: string | Uint8Array, options: object = {}): Promise<string> {
  const source = await open(file, options);
  const whole = await source.frame().catch((thrown) => thrown);
  const batches = await (async () => {
    for await (const _ of source.batches({ size: 2 }));
  })().catch((thrown) => thrown);
  expect(batches.message).toBe(whole.message);
  return `${whole.code} ${whole.message}`;
}

/** Rows that only have to be cut, and rows that must be read cell by cell, in front of what is wrong. */
const fronts: readonly (readonly [string, string])[] = [
  ["cut from the bytes", "a,b\n1,x\n2,y\n"],
  ["in quotes", '"a","b"\n"1","x"\n"2","y"\n'],
  ["read cell by cell", 'a,b\n1,"a ""quoted"" x"\n2,"y" \n'],
];

describe.each(fronts)("after rows %s", (_, front) => {
  it("a row that is longer than the header has its line", async () => {
    expect(await fails(`${front}\n3,4,5\n`)).toMatch(/^DATA_INVALID \[csv\] \S+ line 5: 2 cells expected.*found 3/);
    expect(await fails(`${front}3,"4 ""\n""",5\n`)).toMatch(/ line 4: 2 cells expected.*found 3/);
  });

  it("a quote that is not closed has the line where it opens", async () => {
    expect(await fails(`${front}3,"z\n4,y\n\n5,x\n`)).toMatch(/^DATA_INVALID \[csv\] \S+ line 4: a quote opens here/);
    expect(await fails(`${front}3,z\n4,"y""x\n5,x\n`)).toMatch(/ line 5: a quote opens here.*written twice/);
    expect(await fails(`${front}3,"z\n"\n4,"y`)).toMatch(/ line 6: a quote opens here/);
  });

  it("bytes that are not UTF-8 have their line", async () => {
    expect(await fails(latin(`${front}3,z\n4,M\xfcnchen\n5,x\n`))).toMatch(
      /^DATA_INVALID \[csv\] \S+ line 5: UTF-8 expected.*options\.encoding/,
    );
    expect(await fails(latin(`${front}3,z\n4,"x\n\xe2\x82"\n`))).toMatch(/ line 6: UTF-8 expected/);
    expect(await fails(latin(`${front}3,\xf0\x9f\x8c`))).toMatch(/ line 4: UTF-8 expected/);
  });

  it.each([
    ["int64", "1.5"],
    ["int64", ""],
    ["int64", "9223372036854775808"],
    ["float64", "1,5"],
    ["bool", "yes"],
    ["datetime", "2021-02-30"],
  ])("what is no %s (%j) has its line, column and value", async (dtype, value) => {
    const cells = { int64: "7", float64: "7", bool: "True", datetime: "2020-01-01" }[dtype];
    const rows = front.replace(/(?<=\n)("?)[12](?="?,)/g, `$1${cells}`);
    const found = value === "" ? "nothing" : JSON.stringify(value);
    expect(await fails(`${rows}${cells},z\n\n"${value}",x\n?,?\n`, { dtype: { a: dtype } })).toContain(
      ` line 6: column "a": ${dtype} expected (options.dtype), found ${found}`,
    );
  });

  it("the first that is wrong is told", async () => {
    const file = `${front}3,z\nx,y\n4,5,6\n7,"8\n`;
    expect(await fails(file, { dtype: { a: "int64" } })).toMatch(/ line 5: column "a": int64 expected/);
    expect(await fails(file)).toMatch(/ line 6: 2 cells/);
    expect((await (await open(file, { nrows: 4, dtype: { b: "str" } })).frame()).length).toBe(4);
  });
});

describe("a row without an end", () => {
  const endless = (first: string, chunk: string) => {
    const bytes = new TextEncoder().encode(chunk.repeat(2 ** 20));
    let sent = 0;
    const stream = async () =>
      new ReadableStream<Uint8Array<ArrayBuffer>>({
        pull: (controller) => controller.enqueue(sent++ === 0 ? new TextEncoder().encode(first) : bytes),
      });
    return openCsv("/endless.csv", {}, testHost({ files: { ...host.files, stream } }));
  };

  it("is given up after 64 MB, whatever is in it", async () => {
    await expect((await endless("a,b\n1,2\n", "x")).frame()).rejects.toThrowError(/ line 3: the end of a row expected/);
    await expect((await endless('a,b\n1,2\n\n3,"x', "\n")).frame()).rejects.toThrowError(/ line 4: a quote opens here/);
  });
});

describe("the option encoding", () => {
  const text = "name,städte\nÄhre,1\n€,2\n";
  const wide = (high: 0 | 1) =>
    Uint8Array.from(
      [...text].flatMap((char) => {
        const unit = char.charCodeAt(0);
        return high === 1 ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8];
      }),
    );

  it.each<readonly [string, Uint8Array]>([
    ["utf-8", new TextEncoder().encode(text)],
    ["UTF8", new TextEncoder().encode(`\uFEFF${text}`)],
    ["utf-16le", wide(0)],
    ["utf-16le", Uint8Array.of(0xff, 0xfe, ...wide(0))],
    ["utf-16be", wide(1)],
    ["utf-8", Uint8Array.of(0xff, 0xfe, ...wide(0))],
    ["utf-16", Uint8Array.of(0xfe, 0xff, ...wide(1))],
    ["utf-16", wide(0)],
    ["utf-8-sig", new TextEncoder().encode(`\uFEFF${text}`)],
    ["utf_8", new TextEncoder().encode(text)],
    ["cp1252", latin(text.replace("€", "\x80"))],
    ["latin-1", latin(text.replace("€", "\x80"))],
    ["iso8859_15", latin(text.replace("€", "\xa4"))],
    ["windows-1252", latin(text.replace("€", "\x80"))],
    ["latin1", latin(text.replace("€", "\x80"))],
  ])("reads %s", async (encoding, file) => {
    const frame = await (await open(file, { encoding })).frame();
    expect([...frame.rows()]).toEqual([
      { name: "Ähre", städte: 1 },
      { name: "€", städte: 2 },
    ]);
  });

  it("is checked, and an unknown one has a hint", async () => {
    await expect(open("a\n", { encoding: "latin-2000" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/line 3: options\.encoding: an encoding.*"latin1".* expected, found "latin-2000"/),
    });
    await expect(open("a\n", { encoding: "utf-9" })).rejects.toThrowError(/did you mean "utf-8"/);
    await expect(open("a\n", { encoding: 8 })).rejects.toThrowError(/options\.encoding: an encoding.*found 8/);
    await expect(open("a\n", { encodng: "utf-8" })).rejects.toThrowError(
      /unknown option "encodng"; did you mean "encoding"\?/,
    );
  });

  it("is told from what the bytes are", async () => {
    expect(await fails(Uint8Array.of(...wide(0), 0), { encoding: "utf-16le" })).toMatch(
      /^DATA_INVALID .*utf-16le expected \(options\.encoding\), found bytes that are not/,
    );
  });
});
