import { isFrame } from "../../data/frame/frame.ts";
import type { Frame, Params, Sink, Source } from "../../data/types.ts";
import { LaunchpadError } from "../../errors.ts";
import type { ModelContext } from "../define.ts";
import { type FrameHeader, packFrame, unpackFrame } from "./columns.ts";
import type { Answer, Handler } from "./connection.ts";
import type { Message } from "./message.ts";
import { unpackValue } from "./value.ts";

/** Frames that a child may still have: whoever reads the same again, from a source that keeps it, gets no second copy. */
const keys = new WeakMap<Frame, string>();
let keyCount = 0;
let keyPrefix: string | undefined;

/**
 * Answers to a child while it computes: sources and sinks of a run, its report and its log.
 *
 * @param run The run.
 *
 * @returns The handler.
 */
export function createCallbacks(run: Pick<ModelContext, "source" | "sink" | "report" | "log">): Handler {
  const readings = new Map<number, AsyncIterator<Frame>>();
  const writings = new Map<number, Writing>();
  let openings = 0;

  const source = async ({ header, buffers }: Message): Promise<Answer> => {
    const { op, handle } = header;
    if (op === "next") return nextBatch(readings.get(Number(handle)));
    if (op === "close") {
      await readings.get(Number(handle))?.return?.();
      readings.delete(Number(handle));
      return reply({});
    }
    const opened = run.source(String(header.name));
    const params = header.params ? (unpackValue(header.params, header.tagged === true, buffers) as Params) : {};
    switch (op) {
      case "frame":
        return frameReply(await opened.frame(params), header.known);
      case "raw":
        return rawReply(opened);
      case "open": {
        const batches = opened.batches({ params, size: Number(header.size) });
        openings += 1;
        const opening = openings;
        readings.set(opening, batches[Symbol.asyncIterator]());
        return reply({ handle: opening });
      }
      default:
        throw unknown(`source: ${String(op)}`);
    }
  };

  const sink = async ({ header, buffers }: Message): Promise<Answer> => {
    const { op, handle } = header;
    const writing = writings.get(Number(handle));
    switch (op) {
      case "frame":
        await run.sink(String(header.name)).write(unpackFrame(header.frame as FrameHeader, buffers));
        return reply({});
      case "raw":
        await run
          .sink(String(header.name))
          .writeRaw(typeof header.text === "string" ? header.text : (buffers[0] ?? new Uint8Array(0)));
        return reply({});
      case "open":
        writings.set(writings.size, beginWriting(run.sink(String(header.name))));
        return reply({ handle: writings.size - 1 });
      case "batch":
        await writing?.add(unpackFrame(header.frame as FrameHeader, buffers));
        return reply({});
      case "end":
        await writing?.end();
        return reply({});
      default:
        throw unknown(`sink: ${String(op)}`);
    }
  };

  return (message) => {
    const { header, buffers } = message;
    switch (header.type) {
      case "source":
        return source(message);
      case "sink":
        return sink(message);
      case "report":
        run.report(String(header.name), unpackValue(header.value, header.tagged === true, buffers));
        return undefined;
      case "progress":
        run.log.info(String(header.message));
        return undefined;
      default:
        throw unknown(String(header.type));
    }
  };
}

function reply(header: object): Answer {
  return { header: { type: "reply", ...header } };
}

function frameReply(frame: Frame, known: unknown): Answer {
  let key = keys.get(frame);
  if (key === undefined) {
    // A script in Python outlives a process of Launchpad, and attaches to several: the keys of one are none of another.
    keyPrefix ??= crypto.getRandomValues(new Uint32Array(3)).join("-");
    keyCount += 1;
    key = `${keyPrefix}-${keyCount}`;
    keys.set(frame, key);
  }
  if (key === known) return reply({ key, same: true });
  const buffers: Uint8Array[] = [];
  return { header: { type: "reply", key, frame: packFrame(frame, buffers) }, buffers };
}

async function rawReply(source: Source): Promise<Answer> {
  if (source.type === "text_file") return reply({ text: await source.text() });
  return { header: { type: "reply", raw: true }, buffers: [await source.bytes()] };
}

async function nextBatch(batches: AsyncIterator<Frame> | undefined): Promise<Answer> {
  if (batches === undefined) throw unknown("a batch of what is not being read");
  const next = await batches.next();
  if (next.done) return reply({ done: true });
  const buffers: Uint8Array[] = [];
  return { header: { type: "reply", frame: packFrame(next.value, buffers) }, buffers };
}

/** Frames that are written as the child sends them. */
interface Writing {
  /** Resolves when the sink wants the next one. */
  add(frame: Frame): Promise<void>;
  end(): Promise<void>;
}

function beginWriting(sink: Sink): Writing {
  let give: (next: IteratorResult<Frame>) => void = () => {};
  let wanted: () => void = () => {};
  let wants = new Promise<void>((resolve) => {
    wanted = resolve;
  });
  const frames: AsyncIterable<Frame> = {
    [Symbol.asyncIterator]: () => ({
      next: () =>
        new Promise((resolve) => {
          give = resolve;
          wanted();
        }),
    }),
  };
  const written = sink.write(frames);
  written.catch(() => {});
  const hand = async (next: IteratorResult<Frame>) => {
    await Promise.race([wants, written]);
    wants = new Promise((resolve) => {
      wanted = resolve;
    });
    give(next);
  };
  return {
    async add(frame) {
      if (isFrame(frame)) await hand({ done: false, value: frame });
    },
    async end() {
      await hand({ done: true, value: undefined });
      await written;
    },
  };
}

function unknown(what: string): LaunchpadError {
  return new LaunchpadError("HOST_FAILED", `[model] the process of the model asked for what there is not: ${what}`);
}
