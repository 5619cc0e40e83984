import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import { openSink, openSource, temporaryFile } from "../../../support/entries.ts";

const frame = createFrame({ a: [1, 2], b: ["x", "y"] });
const text = (path: string) => readFileSync(path, "utf8");
const adding = (type: string, path: string, more: object = {}) =>
  openSink({ type, path, options: { mode: "a", ...more } });

describe("a sink with `mode: a`", () => {
  it("writes the names of columns of CSV once", async () => {
    const path = temporaryFile(".csv");
    const sink = await adding("csv", path);
    await sink.write(frame);
    await sink.write(frame);
    expect(text(path)).toBe("a,b\n1,x\n2,y\n1,x\n2,y\n");
    expect((await (await openSource({ type: "csv", path })).frame()).length).toBe(4);
  });

  it("writes a byte order mark once, and knows the names behind it", async () => {
    const path = temporaryFile(".csv");
    const sink = await adding("csv", path, { encoding: "utf-8-sig" });
    await sink.write(frame);
    await sink.write(frame);
    expect([...text(path)].filter((character) => character === "\ufeff")).toHaveLength(1);
  });

  it("leaves a file with other columns as it is", async () => {
    for (const contents of ["a,c\n1,2\n", "a,b,c\n", "a,b2\n", "b,a\n"]) {
      const path = temporaryFile(".csv", contents);
      await expect((await adding("csv", path)).write(frame)).rejects.toThrow(
        "line 1: the names of the columns expected as they are added",
      );
      expect(text(path)).toBe(contents);
    }
  });

  it("begins a line where the last one was not finished", async () => {
    const csv = temporaryFile(".csv", "a,b\n7,z");
    await (await adding("csv", csv)).write(frame);
    expect(text(csv)).toBe("a,b\n7,z\n1,x\n2,y\n");
    const header = temporaryFile(".csv", "a,b");
    await (await adding("csv", header)).write(frame);
    expect(text(header)).toBe("a,b\n1,x\n2,y\n");
    const jsonl = temporaryFile(".jsonl", '{"a":7}');
    await (await adding("jsonl", jsonl)).write(createFrame({ a: [1] }));
    expect(text(jsonl)).toBe('{"a":7}\n{"a":1}\n');
  });

  it("adds JSON Lines and raw text", async () => {
    const jsonl = temporaryFile(".jsonl");
    const sink = await adding("jsonl", jsonl);
    await sink.write(createFrame({ a: [1] }));
    await sink.write(createFrame({ b: [true] }));
    expect(text(jsonl)).toBe('{"a":1}\n{"b":true}\n');
    const raw = temporaryFile(".txt", "one");
    await (await adding("text_file", raw)).writeRaw(" two");
    expect(text(raw)).toBe("one two");
  });

  it("takes back what it could not finish", async () => {
    const path = temporaryFile(".csv", "a\n1\n");
    const failing = async function* () {
      yield createFrame({ a: [2] });
      throw new Error("no more");
    };
    await expect((await adding("csv", path)).write(failing())).rejects.toThrow("no more");
    expect(text(path)).toBe("a\n1\n");
  });

  it("is refused where nothing can be added", async () => {
    await expect((await adding("csv", temporaryFile(".csv.gz"))).write(frame)).rejects.toThrow("compressed");
    await expect(adding("parquet", temporaryFile(".parquet"))).rejects.toThrow("mode");
    await expect(adding("jsonl", temporaryFile(".jsonl"), { mode: "x" })).rejects.toThrow('"w" (in the place');
  });

  it("keeps whole lines when several write at the same time", async () => {
    const path = temporaryFile(".csv", "a,b\n");
    const many = createFrame({ a: Array.from({ length: 500 }, (_, at) => at), b: new Array(500).fill("text") });
    const sinks = await Promise.all(Array.from({ length: 8 }, () => adding("csv", path)));
    await Promise.all(sinks.map((sink) => sink.write(many)));
    expect((await (await openSource({ type: "csv", path })).frame()).length).toBe(4000);
    expect(text(path)).toMatch(/^a,b\n(\d+,text\n)+$/);
  });
});
