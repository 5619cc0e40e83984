import { LaunchpadError } from "../../errors.ts";
import { streamOf } from "../../util/streams.ts";
import { assertSameColumns, frameFromRows, isFrame } from "../frame/frame.ts";
import type { Frame, Row, Sink, SinkDriver } from "../types.ts";
import { failure } from "./failure.ts";
import type { Identity } from "./source.ts";

/** How many rows are gathered to a frame. */
const batchSize = 10_000;

type Data = Parameters<Sink["write"]>[0];

/**
 * Creates a sink from what its type implements: frames and rows are gathered to frames with the same columns.
 *
 * @param driver What the type opened, or a function that opens it at first use.
 * @param identity What the sink is known by, and a signal that ends whatever it is doing.
 *
 * @returns The sink. Whatever its type throws is wrapped as DATA_UNAVAILABLE; what the data throws stays as it is.
 */
export function createSink(driver: SinkDriver | (() => Promise<SinkDriver>), identity: Identity): Sink {
  const { name, type, tags, signal } = identity;
  const at = `[${type}] ${name}`;

  /** What iterating over the caller's data threw: it is the caller's own error, not one of the sink's. */
  interface Origin {
    thrown?: { readonly error: unknown };
  }

  async function guarded(origin: Origin, action: (driver: SinkDriver) => Promise<void>): Promise<void> {
    try {
      signal?.throwIfAborted();
      await action(typeof driver === "function" ? await driver() : driver);
    } catch (error) {
      if (origin.thrown) throw origin.thrown.error;
      throw failure(error, at, signal);
    }
  }

  async function* checked(data: Data, origin: Origin): AsyncGenerator<Frame> {
    let first: Frame | undefined;
    try {
      for await (const frame of gather(data, at)) {
        if (signal?.aborted) throw failure(signal.reason, at, signal);
        first ??= frame;
        assertSameColumns(first, frame);
        yield frame;
      }
    } catch (error) {
      origin.thrown = { error };
      throw error;
    }
  }

  return {
    name,
    type,
    tags,
    write(data) {
      const origin: Origin = {};
      return guarded(origin, async (opened) => {
        if (opened.write) return opened.write(checked(data, origin), signal);
        throw new LaunchpadError("DATA_INVALID", `${at}: takes no frames or rows, only writeRaw()`);
      });
    },
    removeBefore: (column, text) =>
      guarded({}, async (opened) => {
        if (opened.removeBefore) return opened.removeBefore(column, text);
        throw new LaunchpadError("DATA_INVALID", `${at}: removes no rows, expected a table of a database`);
      }),
    writeRaw: (data) =>
      guarded({}, async (opened) => {
        if (opened.writeRaw) return opened.writeRaw(toStream(data), signal);
        throw new LaunchpadError("DATA_INVALID", `${at}: takes no text or bytes, only write()`);
      }),
  };
}

/**
 * Creates a sink that takes what another one takes, and drops it.
 *
 * @param sink The other one.
 *
 * @returns A sink of the same name, which checks the data and writes nothing.
 */
export function discarding({ name, type, tags }: Sink): Sink {
  const driver: SinkDriver = {
    async write(frames) {
      for await (const _ of frames);
    },
    writeRaw: (data) => data.pipeTo(new WritableStream()),
  };
  return createSink(driver, { name, type, tags, where: name });
}

/**
 * Creates a sink whose writes somebody else hears of.
 *
 * @param sink The sink.
 * @param onWrite Is handed each write as it begins.
 *
 * @returns The same sink.
 */
export function watched(sink: Sink, onWrite: (writing: Promise<void>) => void): Sink {
  const begun = (writing: Promise<void>) => {
    onWrite(writing);
    return writing;
  };
  return {
    ...sink,
    write: (data) => begun(sink.write(data)),
    writeRaw: (data) => begun(sink.writeRaw(data)),
  };
}

async function* gather(data: Data, at: string): AsyncGenerator<Frame> {
  if (isFrame(data)) {
    yield data;
    return;
  }
  if (typeof data !== "object" || data === null || !(Symbol.iterator in data || Symbol.asyncIterator in data)) {
    const message = `${at}: a frame, or an iterable of frames or rows expected, found ${describe(data)}`;
    throw new LaunchpadError("DATA_INVALID", message);
  }
  let rows: Row[] = [];
  for await (const item of data) {
    if (isFrame(item)) {
      if (rows.length > 0) yield frameFromRows(rows);
      rows = [];
      yield item;
    } else if (typeof item === "object" && item !== null && !Array.isArray(item)) {
      rows.push(item);
      if (rows.length === batchSize) {
        yield frameFromRows(rows);
        rows = [];
      }
    } else {
      throw new LaunchpadError("DATA_INVALID", `${at}: a frame or a row expected, found ${describe(item)}`);
    }
  }
  if (rows.length > 0) yield frameFromRows(rows);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : typeof value;
}

function toStream(data: string | Uint8Array | ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (typeof data === "string") return streamOf(new TextEncoder().encode(data));
  return data instanceof Uint8Array ? streamOf(data) : data;
}
