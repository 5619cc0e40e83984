import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compressors } from "../../../../runtimes/io/compressors.ts";
import { openSink, openSource, temporaryFile } from "../../../support/entries.ts";
import { testHost } from "../../../support/host.ts";

/** What Python's own modules make of a text of more than one block, and of archives that pandas refuses. */
const program = `
import bz2, lzma, random, sys, zipfile
folder = sys.argv[1]
draw = random.Random(1)
text = "a,b\\n" + "".join(f"{i},{draw.random()}\\n" for i in range(50000))
data = text.encode()
open(f"{folder}/d.csv", "wb").write(data)
open(f"{folder}/d.csv.bz2", "wb").write(bz2.compress(data))
open(f"{folder}/two.csv.bz2", "wb").write(bz2.compress(data[:1000]) + bz2.compress(data[1000:]))
open(f"{folder}/d.csv.xz", "wb").write(lzma.compress(data))
open(f"{folder}/none.csv.bz2", "wb").write(bz2.compress(b""))
def archive(name, method, *files):
    with zipfile.ZipFile(f"{folder}/{name}", "w", method) as it:
        for file in files: it.writestr(file, data)
archive("d.csv.zip", zipfile.ZIP_DEFLATED, "d.csv")
archive("stored.csv.zip", zipfile.ZIP_STORED, "folder/", "d.csv", "__MACOSX/d.csv")
archive("two.zip", zipfile.ZIP_DEFLATED, "a.csv", "b.csv")
archive("none.zip", zipfile.ZIP_DEFLATED)
archive("lzma.zip", zipfile.ZIP_LZMA, "a.csv")
open(f"{folder}/bomb.csv.bz2", "wb").write(bz2.compress(bytes(100_000_000)))
open(f"{folder}/bomb.csv.xz", "wb").write(lzma.compress(bytes(100_000_000)))
`;

let folder: string;
const at = (name: string) => join(folder, name);
const read = async (path: string, entry: object = {}) => (await openSource({ type: "csv", path, ...entry })).frame();
const refusal = (reading: Promise<unknown>) =>
  reading.then(
    (value) => expect.fail(`not refused: ${String(value)}`),
    (error: Error & { code: string }) => error,
  );

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "launchpad-compressed-"));
  execFileSync("python3", ["-c", program, folder]);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** `a,b\n1,2\n`, by the program zstd, with a checksum. */
const zstd = Buffer.from("KLUv/QRYQQAAYSxiCjEsMgo158rO", "base64");

describe("compressed files", () => {
  for (const name of ["d.csv.zip", "stored.csv.zip", "d.csv.bz2", "two.csv.bz2", "d.csv.xz"]) {
    it(`are read by their name: ${name}`, async () => {
      const bytes = await (await openSource({ type: "binary_file", path: at(name) })).bytes();
      expect(Buffer.compare(bytes, readFileSync(at("d.csv")))).toBe(0);
      expect((await read(at(name))).length).toBe(50_000);
    });
  }

  it("are read as the entry or the options say", async () => {
    for (const method of ["zip", "bz2", "xz"]) {
      const path = temporaryFile(".data", readFileSync(at(`d.csv.${method}`)));
      expect((await read(path, { compression: method })).length).toBe(50_000);
      expect((await read(path, { options: { compression: { method, compresslevel: 3 } } })).length).toBe(50_000);
    }
    const error = await refusal(read(at("d.csv.zip"), { compression: null }));
    expect(error.code).toBe("DATA_INVALID");
    expect((await refusal(read(at("d.csv"), { compression: { method: "zip", nosuch: 1 } }))).message).toContain(
      "nosuch",
    );
  });

  it("are read where they are made of several frames by Zstandard", async () => {
    const path = temporaryFile(".csv.zst", Buffer.concat([zstd, zstd]));
    expect(await (await openSource({ type: "text_file", path })).text()).toBe("a,b\n1,2\na,b\n1,2\n");
    expect((await read(temporaryFile(".csv.zst", zstd))).toJSON()).toEqual([{ a: 1, b: 2 }]);
  });

  it("are refused where they are damaged, cut off or others", async () => {
    for (const name of ["d.csv.zip", "d.csv.bz2", "d.csv.xz"]) {
      const ending = name.slice(name.lastIndexOf("."));
      const bytes = readFileSync(at(name));
      const flipped = Buffer.from(bytes);
      const middle = bytes.length >> 1;
      flipped[middle] = (flipped[middle] ?? 0) ^ 0x10;
      for (const wrong of [
        flipped,
        bytes.subarray(0, middle),
        bytes.subarray(0, 20),
        Buffer.from("plain,text\n"),
        "",
      ]) {
        const source = await openSource({ type: "binary_file", path: temporaryFile(ending, wrong) });
        const error = await refusal(source.bytes());
        expect(error.code).toBe("DATA_INVALID");
        expect(error.message).toContain(`a file compressed with ${ending.slice(1)} expected, found `);
      }
    }
    const error = await refusal(read(temporaryFile(".zst", zstd.subarray(0, 12))));
    expect(error.message).toContain("a file compressed with zstd expected, found damaged bytes");
  });

  it("are refused where the checksum of a frame of Zstandard differs, in any frame and any piece", async () => {
    const changed = Buffer.from(zstd);
    changed[changed.lastIndexOf("1")] = "3".charCodeAt(0);
    for (const wrong of [changed, Buffer.concat([zstd, changed]), Buffer.concat([changed, zstd])]) {
      const error = await refusal(read(temporaryFile(".csv.zst", wrong)));
      expect(error.code).toBe("DATA_INVALID");
      expect(error.message).toContain("found damaged bytes, or not all of them (the checksum differs)");
    }
  });

  it("are read by xz while others are, and when others were left, cancelled or refused", async () => {
    const source = async (name: string) => openSource({ type: "binary_file", path: at(name) });
    const open = async () => (await (await source("d.csv.xz")).stream()).getReader();
    const [left, cancelled, waiting] = [await open(), await open(), await open()];
    await left.read();
    await Promise.all([cancelled.read(), waiting.cancel()]);
    await cancelled.cancel();
    expect((await refusal(read(at("bomb.csv.xz")))).message).toContain("at most 200 times as large");
    const two = await Promise.all([read(at("d.csv.xz")), read(at("d.csv.xz"))]);
    expect(two.map(({ length }) => length)).toEqual([50_000, 50_000]);
    await left.cancel();
    expect((await read(at("d.csv.xz"))).length).toBe(50_000);
  }, 20_000);

  it("hold one file in an archive", async () => {
    expect((await refusal(read(at("two.zip")))).message).toContain("it holds 2: a.csv, b.csv");
    expect((await refusal(read(at("none.zip")))).message).toContain("it holds none");
    expect((await refusal(read(at("lzma.zip")))).message).toContain("not compressed by deflate");
  });

  it("grow no more than data does", async () => {
    expect((await refusal(read(at("bomb.csv.bz2")))).message).toContain("at most 200 times as large");
  });

  it("are no archives of tar, of which only the bytes can be had", async () => {
    for (const ending of [".tar", ".tar.gz", ".tgz", ".tar.xz"]) {
      const error = await refusal(read(temporaryFile(ending, "x")));
      expect(error.code).toBe("CONFIG_INVALID");
      expect(error.message).toContain("tar");
    }
    expect(await (await openSource({ type: "binary_file", path: temporaryFile(".tar", "x") })).text()).toBe("x");
  });

  it("are written as pandas writes them, where there is a way", async () => {
    const path = temporaryFile(".csv.zip");
    await (await openSink({ type: "csv", path })).write([{ a: 1, b: "x" }]);
    const list =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist(), z.read(z.namelist()[0]))";
    const listed = execFileSync("python3", ["-c", list, path], { encoding: "utf8" });
    const inner = path.slice(path.lastIndexOf("/") + 1, -4);
    expect(listed.trim()).toBe(`None ['${inner}'] b'a,b\\n1,x\\n'`);
    expect((await read(path)).toJSON()).toEqual([{ a: 1, b: "x" }]);

    const named = temporaryFile(".zip");
    const options = { compression: { method: "zip", archive_name: "told.csv" } };
    await (await openSink({ type: "csv", path: named, options })).write([{ a: 1 }]);
    expect(execFileSync("python3", ["-c", list, named], { encoding: "utf8" })).toContain("['told.csv']");

    for (const ending of [".bz2", ".xz"]) {
      const error = await refusal((await openSink({ type: "csv", path: temporaryFile(ending) })).write([{ a: 1 }]));
      expect(error.message).toContain("are read, and not written. Write gzip or zip");
    }
  });

  it("are written by Zstandard where the runtime can", async () => {
    const path = temporaryFile(".csv.zst");
    const without = await refusal((await openSink({ type: "csv", path })).write([{ a: 1 }]));
    expect(without.message).toContain("or use Node 22.15 or newer");
    const host = testHost({ compressors });
    const writing = (await openSink({ type: "csv", path }, { host })).write([{ a: 1 }]);
    if (compressors.zstd === undefined) expect((await refusal(writing)).message).toContain("Node 22.15");
    else {
      await writing;
      expect((await read(path)).toJSON()).toEqual([{ a: 1 }]);
    }
  });
});
