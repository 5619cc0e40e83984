import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { createData } from "../../../../src/data/access/create-data.ts";
import { type Read, recordLineage } from "../../../../src/data/access/record-lineage.ts";
import { createSource } from "../../../../src/data/access/source.ts";
import { frameDigest } from "../../../../src/data/frame/digest.ts";
import type { Frame, SourceDriver } from "../../../../src/data/types.ts";
import { createFrame, defineConfig } from "../../../../src/index.ts";
import { testHost } from "../../../support/host.ts";

const folder = mkdtempSync(join(tmpdir(), "launchpad-"));
const text = `\uFEFFid,name\r\n${Array.from({ length: 25_000 }, (_, i) => `${i < 20_000 ? i : `x${i}`},"Ä ${i}"\r\n`).join("")}`;
const path = join(folder, "data.csv");
writeFileSync(path, text);
const sha256OfFile = createHash("sha256").update(text).digest("hex");

function csv(options: object = {}, entry: object = {}) {
  const reads: Read[] = [];
  const config = defineConfig({
    datasources: { data: { type: "csv", path: pathToFileURL(path).href, options, ...entry } },
    model: { name: "m", version: "1.0.0", module: "m" },
    model_store: { location: "memory:" },
  });
  const data = createData({ config, host: testHost() });
  return { reads, source: data.access("train", undefined, { reads }).source("data") };
}

const whole = createFrame({
  n: [1, 2.5, null, -0, Number.MAX_SAFE_INTEGER],
  big: [1n, 2n, 3n, 4n, 9_007_199_254_740_993n],
  flag: [true, false, null, true, false],
  name: ["a", "", null, "\u{1F600}", "x".repeat(200_000)],
  when: [new Date(0), null, new Date(1e12), new Date(-1), new Date(0)],
});

/** A driver of frames, as the type of a plugin might implement it. */
const frames = (frame: Frame): SourceDriver => ({
  async *batches({ size }) {
    for (let start = 0; start === 0 || start < frame.length; start += size) yield frame.slice(start, start + size);
  },
});

function recording(driver: SourceDriver) {
  const reads: Read[] = [];
  const log = { name: "data", action: "train", reads };
  const source = createSource(recordLineage(driver, log), { name: "data", type: "x", tags: [], where: "here" });
  return { reads, source };
}

const digestOf = (frame: Frame, size = frame.length) => {
  const digest = frameDigest();
  for (let start = 0; start < frame.length; start += size) digest.add(frame.slice(start, start + size));
  return digest.end();
};

describe("what is read from a file", () => {
  it("has the SHA-256 of the file, whichever way its rows are read", async () => {
    const { reads, source } = csv({ dtype: { id: "str" } });
    const expected = { name: "data", action: "train", params: {}, complete: true, digestOf: "bytes" };
    await source.frame();
    for (const size of [1, 7, 10_000, 25_000, 1_000_000]) for await (const _ of source.batches({ size }));
    for await (const _ of source.rows());
    expect(reads).toHaveLength(7);
    for (const read of reads) {
      expect(read).toEqual({ ...expected, rows: 25_000, columns: ["id", "name"], sha256: sha256OfFile });
    }
  });

  it("has it when the dtypes of the batches differ, too", async () => {
    const { reads, source } = csv();
    const dtypes = new Set<unknown>();
    for await (const frame of source.batches({ size: 5000 })) dtypes.add(frame.dtypes.id);
    expect([...dtypes]).toEqual(["int64", "str"]);
    expect(reads).toMatchObject([{ rows: 25_000, sha256: sha256OfFile }]);
  });

  it("has it as text, bytes and a stream, without rows", async () => {
    const { reads, source } = csv();
    await source.text();
    await source.bytes();
    expect((await new Response(await source.stream()).arrayBuffer()).byteLength).toBe(Buffer.byteLength(text));
    const expected = { digestOf: "bytes", rows: undefined, columns: undefined, complete: true, sha256: sha256OfFile };
    expect(reads).toMatchObject([expected, expected, expected]);
  });

  it("is digested by its values where only a part is read, or it comes from a cache", async () => {
    for (const [options, entry] of [
      [{ nrows: 100 }, {}],
      [{}, { expires: -1 }],
    ] as const) {
      const { reads, source } = csv(options, entry);
      const frame = await source.frame();
      await source.frame();
      const expected = { digestOf: "values", sha256: digestOf(frame), complete: true, rows: frame.length };
      expect(reads).toMatchObject([expected, expected]);
    }
  });

  it("has no digest when whoever reads stops early, and says how far it was read", async () => {
    const { reads, source } = csv();
    for await (const _ of source.batches({ size: 100 })) break;
    await (await source.stream()).cancel();
    const stalled = source.batches({ size: 100 })[Symbol.asyncIterator]();
    await stalled.next();
    expect(reads).toMatchObject([
      { complete: false, rows: 100, sha256: undefined },
      { complete: false, rows: undefined, sha256: undefined },
      { complete: false, rows: 100, sha256: undefined },
    ]);
  });

  it("has no digest when it cannot be read, or not be opened", async () => {
    const { reads, source } = csv({ dtype: { id: "int64" } });
    await expect(source.frame()).rejects.toMatchObject({ code: "DATA_INVALID" });
    expect(reads).toMatchObject([{ complete: false, sha256: undefined }]);
    const missing = csv({}, { path: pathToFileURL(join(folder, "missing.csv")).href });
    await expect(missing.source.text()).rejects.toMatchObject({ code: "DATA_UNAVAILABLE" });
    expect(missing.reads).toMatchObject([{ complete: false, sha256: undefined }]);
  });

  it("is the same with and without taking it down", async () => {
    const { source, reads } = csv();
    const plain = csv();
    expect((await source.frame()).toJSON()).toEqual((await plain.source.frame()).toJSON());
    expect(reads).toHaveLength(1);
  });
});

describe("what is read from elsewhere", () => {
  it("has a digest of its values that does not depend on the size of the batches", async () => {
    const { reads, source } = recording(frames(whole));
    await source.frame();
    for (const size of [1, 2, 3, 100]) for await (const _ of source.batches({ size }));
    const digests = new Set(reads.map(({ sha256 }) => sha256));
    expect([...digests]).toEqual([digestOf(whole)]);
    expect(reads).toHaveLength(5);
    expect(reads[0]).toMatchObject({ rows: 5, columns: whole.names, digestOf: "values", complete: true });
  });

  it("takes down a frame that is handed out in slices as what was read: all of it", async () => {
    const { reads, source } = recording({ frame: async () => whole });
    for await (const _ of source.batches({ size: 1 })) break;
    expect(reads).toMatchObject([{ rows: 5, complete: true, sha256: digestOf(whole) }]);
  });

  it("keeps readings at the same time apart, each with its parameters", async () => {
    const { reads, source } = recording({
      frame: async ({ params }) => createFrame({ n: [Number(params.n)] }),
    });
    await Promise.all([source.frame({ n: 1 }), source.frame({ n: 2 }), source.frame({ n: 1 })]);
    const [one, two, again] = reads;
    expect([one?.params, two?.params]).toEqual([{ n: 1 }, { n: 2 }]);
    expect(one?.sha256).toBe(again?.sha256);
    expect(one?.sha256).not.toBe(two?.sha256);
  });

  it("works with a driver that is an instance of a class", async () => {
    class Driver {
      readonly #frame = whole;
      async frame() {
        return this.#frame;
      }
    }
    const { reads, source } = recording(new Driver());
    await source.frame();
    expect(reads[0]?.rows).toBe(5);
  });
});

describe("the digest of a frame", () => {
  it("is what it was: a digest in old metadata stays comparable", () => {
    const frame = createFrame({ n: [1, null], s: ["ä", null], b: [true, null], t: [new Date(5), null] });
    const cell = (tag: number, ...bytes: number[]) => Buffer.from([tag, ...bytes]);
    const float = (value: number) => [...new Uint8Array(new Float64Array([value]).buffer)];
    const sha256 = (...parts: Buffer[]) => createHash("sha256").update(Buffer.concat(parts)).digest("hex");
    const missing = cell(0);
    const columns = [
      ["n", sha256(cell(1, ...float(1)), missing)],
      ["s", sha256(cell(4, 2, 0, 0, 0, 0xc3, 0xa4), missing)],
      ["b", sha256(cell(3, 1), missing)],
      ["t", sha256(cell(5, ...float(5)), missing)],
    ];
    expect(digestOf(frame)).toBe(sha256(Buffer.from(JSON.stringify(columns))));
  });

  it("differs for whatever differs, and not for the way a number is kept", () => {
    const different = [
      createFrame({ a: [1, 2] }),
      createFrame({ a: [2, 1] }),
      createFrame({ b: [1, 2] }),
      createFrame({ a: ["1", "2"] }),
      createFrame({ a: [1, null] }),
      createFrame({ a: [1] }),
      createFrame({ a: [1, 2], b: [1, 2] }),
      createFrame({ b: [1, 2], a: [1, 2] }),
      createFrame({ a: [true, false] }),
      createFrame({ a: [new Date(1), new Date(2)] }),
      createFrame({ a: ["ab", "c"] }),
      createFrame({ a: ["a", "bc"] }),
      createFrame({ a: [1n, 2n ** 60n] }),
      createFrame({ a: [] }),
    ];
    expect(new Set(different.map((frame) => digestOf(frame, 10))).size).toBe(different.length);
    expect(digestOf(createFrame({ a: [1, 2] }, { a: "float64" }))).toBe(digestOf(createFrame({ a: [1n, 2n] })));
  });

  it("does not see how NaN is written", () => {
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0123n]).buffer);
    expect(digestOf(createFrame({ a: odd }))).toBe(digestOf(createFrame({ a: [null] })));
  });
});
