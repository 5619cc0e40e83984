import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import { bytesOf } from "../../util/streams.ts";
import { concatFrames } from "../frame/frame.ts";
import type { Frame, Params, ReadRequest, Source, SourceDriver } from "../types.ts";
import { failure } from "./failure.ts";

/** What a source or sink is known by. */
export interface Identity {
  readonly name: string;
  readonly type: string;
  readonly tags: readonly string[];
  /** Where its entry stands (`./launchpad.yml line 12`), for messages. */
  readonly where: string;
  readonly signal?: AbortSignal | undefined;
}

const defaultSize = 10_000;

/**
 * Creates a source from what its type implements: frames from batches, batches from a frame, rows, text and bytes.
 *
 * @param driver What the type opened, or a function that opens it at first use.
 * @param identity What the source is known by, and a signal that ends whatever it is doing. `cached` says that what
 * was read is kept, so that there can be no batches.
 *
 * @returns The source. Whatever its type throws is wrapped as DATA_UNAVAILABLE.
 */
export function createSource(
  driver: SourceDriver | (() => Promise<SourceDriver>),
  identity: Identity & { readonly cached?: boolean },
): Source {
  const { name, type, tags, where, signal, cached = false } = identity;
  const at = `[${type}] ${name}`;
  const open = async () => (typeof driver === "function" ? driver() : driver);

  async function guarded<T>(action: (driver: SourceDriver) => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted();
      return await action(await open());
    } catch (thrown) {
      throw failure(thrown, at, signal);
    }
  }

  async function* batches(
    size: number,
    params: Params,
    { columns, ...more }: Pick<ReadRequest, "columns" | "texts" | "rows" | "onProgress"> = {},
  ): AsyncGenerator<Frame> {
    try {
      signal?.throwIfAborted();
      const opened = await open();
      const request = { params, signal, columns, ...more };
      const picked = (frame: Frame) => (columns === undefined ? frame : selected(frame, columns, at));
      if (opened.batches) {
        for await (const frame of opened.batches({ ...request, size })) {
          signal?.throwIfAborted();
          yield picked(frame);
        }
        return;
      }
      const frame = picked(await frameOf(opened, { params, signal }, at));
      // An empty frame is a batch, too: it tells the columns.
      for (let start = 0; start === 0 || start < frame.length; start += size) yield frame.slice(start, start + size);
    } catch (thrown) {
      throw failure(thrown, at, signal);
    }
  }

  const stream = () =>
    guarded(async (opened) => {
      if (opened.stream) return opened.stream({ signal });
      throw new LaunchpadError("DATA_INVALID", `${at}: has no text or bytes, only frame(), batches() and rows()`);
    });

  const checked = (params: unknown): Params => {
    if (typeof params === "object" && params !== null && !Array.isArray(params)) return params as Params;
    const found = params === null ? "null" : Array.isArray(params) ? "a list" : typeof params;
    throw new LaunchpadError(
      "DATA_INVALID",
      `${at}: expected parameters as an object such as { id: 1 }, found ${found}`,
    );
  };

  return {
    name,
    type,
    tags,
    frame: (params = {}) => guarded((opened) => frameOf(opened, { params: checked(params), signal }, at)),
    batches({ size = defaultSize, params = {}, ...more } = {}) {
      if (cached) {
        const advice = "Set `expires: 0` to read it in batches, or use frame()";
        throw new LaunchpadError("DATA_INVALID", `${at}: is cached (${where}), which takes all of it. ${advice}`);
      }
      if (!Number.isSafeInteger(size) || size < 1) {
        throw new LaunchpadError("DATA_INVALID", `${at}: size: a whole number from 1 expected, found ${String(size)}`);
      }
      return batches(size, checked(params), more);
    },
    groups: () => guarded(async (opened) => (cached ? undefined : opened.groups?.({ signal }))),
    async *rows(params = {}) {
      for await (const frame of batches(defaultSize, checked(params))) yield* frame.rows();
    },
    async text() {
      const bytes = await guarded(async () => bytesOf(await stream()));
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch (cause) {
        throw new LaunchpadError(
          "DATA_INVALID",
          `${at}: UTF-8 expected, found bytes that are not. Save the file as UTF-8, or read its bytes()`,
          { cause },
        );
      }
    },
    bytes: () => guarded(async () => bytesOf(await stream())),
    stream,
  };
}

function selected(frame: Frame, columns: readonly string[], at: string): Frame {
  if (columns.length === frame.names.length && columns.every((name, position) => name === frame.names[position])) {
    return frame;
  }
  try {
    return frame.select(columns);
  } catch (error) {
    if (!isLaunchpadError(error)) throw error;
    throw new LaunchpadError(error.code, `${at}: ${error.message}`, { cause: error });
  }
}

/**
 * Creates the frame of everything that a driver has.
 *
 * @param driver What a type of source implements.
 * @param request The parameters and the signal.
 * @param at The beginning of a message.
 *
 * @returns One frame.
 *
 * @throws DATA_INVALID when the driver is raw only.
 */
export async function frameOf(
  driver: SourceDriver,
  request: { readonly params: Params; readonly signal?: AbortSignal | undefined },
  at: string,
): Promise<Frame> {
  if (driver.frame) return driver.frame(request);
  if (driver.batches === undefined) {
    throw new LaunchpadError("DATA_INVALID", `${at}: has no rows and columns, only text(), bytes() and stream()`);
  }
  const frames: Frame[] = [];
  for await (const frame of driver.batches({ ...request, size: defaultSize })) frames.push(frame);
  return concatFrames(frames);
}
