import { describe, expect, it } from "vitest";
import { createSink } from "../../../../src/data/access/sink.ts";
import { createSource } from "../../../../src/data/access/source.ts";
import { createFrame } from "../../../../src/data/frame/frame.ts";
import type { Frame, SinkDriver, SourceDriver } from "../../../../src/data/types.ts";
import { LaunchpadError } from "../../../../src/errors.ts";
import { streamOf } from "../../../../src/util/streams.ts";

const identity = { name: "a", type: "x", tags: ["train"], where: "launchpad.yml line 3" };
const source = (driver: SourceDriver) => createSource(driver, identity);
const sink = (driver: SinkDriver) => createSink(driver, identity);

describe("createSource", () => {
  it("makes a frame of batches", async () => {
    const batches = async function* () {
      yield createFrame({ a: [1] });
      yield createFrame({ a: [2] });
    };
    expect(JSON.stringify(await source({ batches }).frame())).toBe('[{"a":1},{"a":2}]');
  });

  it("makes batches of a frame", async () => {
    const lengths: number[] = [];
    const whole = source({ frame: async () => createFrame({ a: [1, 2, 3] }) });
    for await (const frame of whole.batches({ size: 2 })) lengths.push(frame.length);
    expect(lengths).toEqual([2, 1]);
  });

  it("hands over the parameters, and none as none", async () => {
    const given: unknown[] = [];
    const frame = async ({ params }: { params: unknown }) => {
      given.push(params);
      return createFrame({ a: [1] });
    };
    await source({ frame }).frame();
    await source({ frame }).frame({ b: 1 });
    for await (const _ of source({ frame }).batches({ params: { c: 1 } }));
    expect(given).toEqual([{}, { b: 1 }, { c: 1 }]);
  });

  it("wraps what a type throws, keeps the cause, and hides passwords", async () => {
    const cause = new Error("cannot reach https://me:hunter2@example.org");
    const broken = source({
      frame: async () => {
        throw cause;
      },
    });
    const error = await broken.frame().catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "DATA_UNAVAILABLE", cause });
    expect(error.message).toMatch(/^\[x\] a: cannot reach/);
    expect(error.message).not.toContain("hunter2");
  });

  it("lets an error of Launchpad's pass", async () => {
    const error = new LaunchpadError("DATA_INVALID", "as it is");
    const batches = async function* (): AsyncGenerator<Frame> {
      yield createFrame({ a: [1] });
      throw error;
    };
    await expect(source({ batches }).frame()).rejects.toBe(error);
    await expect(source({ batches }).rows()[Symbol.asyncIterator]().next()).resolves.toMatchObject({ value: { a: 1 } });
  });

  it("says what a raw source has, and that its text must be UTF-8", async () => {
    const raw = source({ stream: async () => streamOf(Uint8Array.of(0xff)) });
    await expect(raw.frame()).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringContaining("text()"),
    });
    await expect(raw.text()).rejects.toMatchObject({ code: "DATA_INVALID", message: expect.stringContaining("UTF-8") });
    expect(await raw.bytes()).toEqual(Uint8Array.of(0xff));
  });

  it("opens at first use", async () => {
    let opened = 0;
    const lazy = createSource(async () => {
      opened++;
      return { frame: async () => createFrame({ a: [1] }) };
    }, identity);
    expect(opened).toBe(0);
    await lazy.frame();
    expect(opened).toBe(1);
  });
});

describe("createSink", () => {
  it("gathers rows to frames of 10,000", async () => {
    const lengths: number[] = [];
    const write = async (frames: AsyncIterable<Frame>) => {
      for await (const frame of frames) lengths.push(frame.length);
    };
    const rows = function* () {
      for (let a = 0; a < 25_000; a++) yield { a };
    };
    await sink({ write }).write(rows());
    expect(lengths).toEqual([10_000, 10_000, 5000]);
  });

  it("says what a raw sink takes, and a sink of frames", async () => {
    await expect(sink({ writeRaw: async () => {} }).write([])).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringContaining("writeRaw()"),
    });
    await expect(sink({ write: async () => {} }).writeRaw("x")).rejects.toMatchObject({
      code: "DATA_INVALID",
      message: expect.stringContaining("write()"),
    });
  });

  it("wraps what a type throws", async () => {
    const write = async () => {
      throw new Error("disk full");
    };
    await expect(sink({ write }).write([])).rejects.toMatchObject({
      code: "DATA_UNAVAILABLE",
      message: "[x] a: disk full",
    });
  });
});
