import { createFrame, frameFromRows } from "../../src/data/frame/frame.ts";
import type { Frame, Row, Sink } from "../../src/data/types.ts";
import { type Check, equal, refused } from "./check.ts";
import { contractRows } from "./source-checks.ts";

/** What a type of sink is tested with. */
export interface SinkSetup {
  open(options?: { readonly signal?: AbortSignal }): Promise<Sink>;
  /** What the sink's place holds now; undefined if there is nothing. */
  read(): Promise<Frame | undefined>;
  /** The bytes that the sink's place holds, for a type that has a raw form. */
  readRaw?(): Promise<string | undefined>;
}

/** Gives a new place every time. */
export type NewSink = () => SinkSetup;

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

const whole = () => frameFromRows(contractRows);

const forms: Readonly<Record<string, () => Parameters<Sink["write"]>[0]>> = {
  "a frame": whole,
  rows: () => contractRows,
  frames: () => [whole().slice(0, 2), whole().slice(2)],
  "rows as they come": () => later<Row>(contractRows),
  "frames as they come": () => later([whole().slice(0, 1), whole().slice(1)]),
  "frames and rows": () => later<Frame | Row>([whole().slice(0, 2), ...contractRows.slice(2)]),
};

/** Checks of a sink that takes rows and columns. */
export const writeChecks: readonly Check<NewSink>[] = [
  ...Object.entries(forms).map(
    ([name, data]): Check<NewSink> => ({
      name: `takes ${name}`,
      async run(setup) {
        const place = setup();
        await (await place.open()).write(data());
        equal(await place.read(), contractRows);
      },
    }),
  ),
  {
    name: "replaces what was there",
    async run(setup) {
      const place = setup();
      const sink = await place.open();
      await sink.write(whole());
      await sink.write(createFrame({ a: [1] }));
      equal(await place.read(), [{ a: 1 }]);
    },
  },
  {
    name: "refuses frames with other columns than the first, and writes nothing",
    async run(setup) {
      const place = setup();
      const sink = await place.open();
      const frames = [createFrame({ a: [1] }), createFrame({ b: [1] })];
      await refused(() => sink.write(frames), /^DATA_INVALID$/, /"a".*"b"/);
      equal(await place.read(), undefined);
    },
  },
  {
    name: "throws what the data throws, and leaves what was there",
    async run(setup) {
      const place = setup();
      const error = new TypeError("the model's own");
      const failing = async function* () {
        yield whole();
        throw error;
      };
      const sink = await place.open();
      const thrown = await sink.write(failing()).catch((caught: unknown) => caught);
      if (thrown !== error) throw new Error(`expected ${error}, found ${String(thrown)}`);
      equal(await place.read(), undefined);
      await sink.write(whole());
      await sink.write(failing()).catch(() => {});
      equal(await place.read(), contractRows);
    },
  },
  {
    name: "stops when its signal is aborted, and writes nothing",
    async run(setup) {
      const place = setup();
      const abort = new AbortController();
      const endless = async function* () {
        for (let given = 0; ; given++) {
          if (given === 3) abort.abort();
          if (given === 1000) throw new Error("not stopped");
          yield whole();
        }
      };
      const sink = await place.open({ signal: abort.signal });
      await refused(() => sink.write(endless()), /^ABORTED$/);
      equal(await place.read(), undefined);
    },
  },
  {
    name: "refuses what is no data",
    async run(setup) {
      const sink = await setup().open();
      await refused(() => sink.write([1] as never), /^DATA_INVALID$/);
      await refused(() => sink.write(1 as never), /^DATA_INVALID$/);
    },
  },
  {
    name: "writes text and bytes as they are, or says that it does not",
    async run(setup) {
      const { open, readRaw } = setup();
      const sink = await open();
      if (readRaw === undefined) await refused(() => sink.writeRaw("text"), /^DATA_INVALID$/);
      else await writesRaw(sink, readRaw);
    },
  },
];

/** Checks of a sink that takes bytes only. */
export const writeRawChecks: readonly Check<NewSink>[] = [
  {
    name: "writes text and bytes as they are",
    async run(setup) {
      const { open, readRaw } = setup();
      await writesRaw(await open(), async () => readRaw?.());
    },
  },
  {
    name: "says that it takes no frames",
    async run(setup) {
      const sink = await setup().open();
      await refused(() => sink.write(whole()), /^DATA_INVALID$/, /writeRaw/);
    },
  },
  {
    name: "leaves what was there when a stream breaks off",
    async run(setup) {
      const { open, readRaw } = setup();
      const sink = await open();
      const broken = () =>
        new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(new TextEncoder().encode("half")),
          pull: () => Promise.reject(new Error("the stream's own")),
        });
      await refused(() => sink.writeRaw(broken()), /^DATA_UNAVAILABLE$/, /the stream's own/);
      equal(await readRaw?.(), undefined);
      await sink.writeRaw("whole");
      await refused(() => sink.writeRaw(broken()), /^DATA_UNAVAILABLE$/);
      equal(await readRaw?.(), "whole");
    },
  },
];

async function writesRaw(sink: Sink, read: () => Promise<string | undefined>): Promise<void> {
  await sink.writeRaw("Ähre 🌾");
  equal(await read(), "Ähre 🌾");
  await sink.writeRaw(new TextEncoder().encode("bytes"));
  equal(await read(), "bytes");
  await sink.writeRaw(new Response("a stream").body as ReadableStream<Uint8Array>);
  equal(await read(), "a stream");
}
