import { describe, expect, it } from "vitest";
import { createFrame, frameFromRows } from "../../src/data/frame.ts";
import type { Frame, Row, Sink } from "../../src/data/types.ts";
import { contractRows } from "./source.ts";

/** What a type of sink is tested with. */
export interface SinkSetup {
  open(options?: { readonly signal?: AbortSignal }): Promise<Sink>;
  /** What the sink's place holds now; undefined if there is nothing. */
  read(): Promise<Frame | undefined>;
  /** The bytes that the sink's place holds, for a type that has a raw form. */
  readRaw?(): Promise<string | undefined>;
}

const plain = (frame: Frame | undefined) => frame && JSON.parse(JSON.stringify(frame));

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

/**
 * Checks that a type of sink does what every sink promises.
 *
 * @param type What is tested.
 * @param setup How to open it; every call gives a new place.
 */
export function sinkContract(type: string, setup: () => SinkSetup): void {
  const whole = frameFromRows(contractRows);
  const forms: readonly (readonly [string, () => Parameters<Sink["write"]>[0]])[] = [
    ["a frame", () => whole],
    ["rows", () => contractRows],
    ["frames", () => [whole.slice(0, 2), whole.slice(2)]],
    ["rows as they come", () => later<Row>(contractRows)],
    ["frames as they come", () => later([whole.slice(0, 1), whole.slice(1)])],
    ["frames and rows", () => later<Frame | Row>([whole.slice(0, 2), ...contractRows.slice(2)])],
  ];

  describe(`a ${type} sink`, () => {
    it.each(forms)("takes %s", async (_, data) => {
      const place = setup();
      await (await place.open()).write(data());
      expect(plain(await place.read())).toEqual(contractRows);
    });

    it("replaces what was there", async () => {
      const place = setup();
      const sink = await place.open();
      await sink.write(whole);
      await sink.write(createFrame({ a: [1] }));
      expect(plain(await place.read())).toEqual([{ a: 1 }]);
    });

    it("refuses frames with other columns than the first, and writes nothing", async () => {
      const place = setup();
      const writing = (await place.open()).write([createFrame({ a: [1] }), createFrame({ b: [1] })]);
      await expect(writing).rejects.toMatchObject({
        code: "DATA_INVALID",
        message: expect.stringMatching(/"a".*"b"/),
      });
      expect(await place.read()).toBeUndefined();
    });

    it("throws what the data throws, and writes nothing", async () => {
      const place = setup();
      const error = new TypeError("the model's own");
      const failing = async function* () {
        yield whole;
        throw error;
      };
      await expect((await place.open()).write(failing())).rejects.toBe(error);
      expect(await place.read()).toBeUndefined();
    });

    it("stops when its signal is aborted, and writes nothing", async () => {
      const place = setup();
      const abort = new AbortController();
      const endless = async function* () {
        for (let given = 0; ; given++) {
          if (given === 3) abort.abort();
          if (given === 1000) throw new Error("not stopped");
          yield whole;
        }
      };
      const sink = await place.open({ signal: abort.signal });
      await expect(sink.write(endless())).rejects.toMatchObject({ code: "ABORTED" });
      expect(await place.read()).toBeUndefined();
    });

    it("refuses what is no data", async () => {
      const sink = await setup().open();
      await expect(sink.write([1] as never)).rejects.toMatchObject({ code: "DATA_INVALID" });
      await expect(sink.write(1 as never)).rejects.toMatchObject({ code: "DATA_INVALID" });
    });

    it("writes text and bytes as they are, or says that it does not", async () => {
      const place = setup();
      const sink = await place.open();
      if (place.readRaw === undefined) {
        await expect(sink.writeRaw("text")).rejects.toMatchObject({ code: "DATA_INVALID" });
        return;
      }
      await sink.writeRaw("Ähre 🌾");
      expect(await place.readRaw()).toBe("Ähre 🌾");
      await sink.writeRaw(new TextEncoder().encode("bytes"));
      expect(await place.readRaw()).toBe("bytes");
      await sink.writeRaw(new Response("a stream").body as ReadableStream<Uint8Array>);
      expect(await place.readRaw()).toBe("a stream");
    });
  });
}
