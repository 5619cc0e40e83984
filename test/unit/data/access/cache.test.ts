import { describe, expect, it } from "vitest";
import { cached } from "../../../../src/data/access/cache.ts";
import { createSource } from "../../../../src/data/access/source.ts";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import type { Params, ReadRequest, SourceDriver } from "../../../../src/data/types.ts";
import { streamOf } from "../../../../src/util/streams.ts";

/** A source that counts how often it is read. */
function counting(options: { expires?: number; size?: number } = {}) {
  let [reads, time, fail] = [0, 0, false];
  let release: (() => void) | undefined;
  const driver: SourceDriver = {
    async frame({ signal }: ReadRequest) {
      reads++;
      const mine = reads;
      if (release) await new Promise<void>((resolve) => (release = resolve));
      signal?.throwIfAborted();
      if (fail) throw new Error("down");
      return createFrame({ read: [mine] });
    },
    async stream() {
      reads++;
      return streamOf(new TextEncoder().encode(`read ${reads}`));
    },
  };
  const { expires = 10, size = 32 } = options;
  const kept = cached(driver, { expires, size, now: () => time, at: "[x] a" });
  const source = (signal?: AbortSignal) =>
    createSource(kept, { name: "a", type: "x", tags: [], where: "launchpad.yml line 3", cached: true, signal });
  return {
    source,
    read: async (params?: Params) => (await source().frame(params)).row(0)?.read,
    reads: () => reads,
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
    failing: (is: boolean) => {
      fail = is;
    },
    hold: () => {
      release = () => {};
      return () => release?.();
    },
  };
}

describe("a cached source", () => {
  it("is read again when what it holds has expired", async () => {
    const { read, pass } = counting({ expires: 10 });
    expect([await read(), await read()]).toEqual([1, 1]);
    pass(9.999);
    expect(await read()).toBe(1);
    pass(0.001);
    expect(await read()).toBe(2);
  });

  it("is never read again with expires: -1", async () => {
    const { read, pass } = counting({ expires: -1 });
    await read();
    pass(1e9);
    expect(await read()).toBe(1);
  });

  it("keeps by the values of parameters, in any order", async () => {
    const { read } = counting();
    expect(await read({ a: 1, b: "x" })).toBe(1);
    expect(await read({ b: "x", a: 1 })).toBe(1);
    const others: Params[] = [{ a: 1n, b: "x" }, { a: "1", b: "x" }, { a: true }, { a: new Date(1) }, { a: null }, {}];
    const seen = [];
    for (const params of others) seen.push(await read(params));
    expect(seen).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await read({ a: new Date(1) })).toBe(5);
  });

  it("lets go of what was not used for longest", async () => {
    const { read } = counting({ size: 2 });
    await read({ a: 1 });
    await read({ a: 2 });
    await read({ a: 1 });
    await read({ a: 3 });
    expect(await read({ a: 1 })).toBe(1);
    expect(await read({ a: 2 })).toBe(4);
  });

  it("fetches once for callers at the same time", async () => {
    const { read, reads } = counting();
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
    expect(reads()).toBe(1);
  });

  it("does not keep a failure", async () => {
    const { read, failing } = counting();
    failing(true);
    await expect(Promise.all([read(), read()])).rejects.toMatchObject({ code: "DATA_UNAVAILABLE" });
    failing(false);
    expect(await read()).toBe(2);
    expect(await read()).toBe(2);
  });

  it("goes on fetching for the others when one caller gives up", async () => {
    const { source, hold, read, reads } = counting();
    const letGo = hold();
    const abort = new AbortController();
    const first = source(abort.signal).frame();
    const second = read();
    abort.abort();
    await expect(first).rejects.toMatchObject({ code: "ABORTED" });
    letGo();
    expect(await second).toBe(1);
    expect(reads()).toBe(1);
  });

  it("keeps raw bytes, and gives everyone their own", async () => {
    const { source, reads } = counting();
    const bytes = await source().bytes();
    bytes.fill(0);
    expect([await source().text(), reads()]).toEqual(["read 1", 1]);
  });

  it("has rows, but no batches, and says what to set", async () => {
    const { source } = counting();
    for await (const row of source().rows()) expect(row).toEqual({ read: 1 });
    expect(() => source().batches()).toThrowError(
      expect.objectContaining({ code: "DATA_INVALID", message: expect.stringContaining("expires: 0") }),
    );
  });
});
