import { type DataLocation, LaunchpadError } from "../../src/internal.ts";
import { type UploadTarget, upload } from "./multipart-upload.ts";

/** Requests about one object of a service over HTTP. */
export interface ObjectRequests {
  /** Asks for the object, or part of it; an error when it is not there. */
  get(headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<Response>;
  /** What takes the object whole, or in parts. */
  target(signal: AbortSignal | undefined): UploadTarget;
  /** Puts the object with these headers. */
  put(
    bytes: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<void>;
  /** Asks for the object to be removed. */
  remove(signal: AbortSignal | undefined): Promise<unknown>;
}

/**
 * Creates the location of an object that a service keeps under a name.
 *
 * @param requests How the service is asked.
 *
 * @returns The location, which can be read in parts, and written at any length.
 */
export function objectLocation({ get, target, put, remove }: ObjectRequests): DataLocation {
  const bodyOf = ({ body }: Response) => body ?? new Response("").body ?? new ReadableStream<Uint8Array>();
  return {
    async stream(signal) {
      const response = await get({}, signal);
      const mediaType = response.headers.get("content-type") ?? undefined;
      return { bytes: bodyOf(response), mediaType, mayBeDecoded: true };
    },
    async parts(signal) {
      // Not HEAD, whose answer cannot say what is wrong.
      const first = await get({ range: "bytes=0-0" }, signal).catch((error: unknown) => {
        if (error instanceof Error && "status" in error && error.status === 416) return undefined;
        throw error;
      });
      if (first === undefined) return { size: 0, read: () => Promise.reject(new Error("the object is empty")) };
      await first.body?.cancel();
      const size = /\/(\d+)$/.exec(first.headers.get("content-range") ?? "")?.[1];
      if (first.status !== 206 || size === undefined) return undefined;
      const etag = first.headers.get("etag");
      return {
        size: Number(size),
        async read(start, end, signal) {
          const response = await get({ range: `bytes=${start}-${end - 1}` }, signal);
          if (response.headers.get("etag") === etag) return bodyOf(response);
          await response.body?.cancel();
          throw new Error("it was changed while it was read");
        },
      };
    },
    write: (data, signal) => upload(data, target(signal)),
    async create(data, signal) {
      for (let tries = 1; ; tries++) {
        try {
          await put(data, { "if-none-match": "*" }, signal);
          return true;
        } catch (error) {
          const status = error instanceof Error && "status" in error ? error.status : undefined;
          if (status === 412) return false;
          if (status !== 409) throw error;
          // Azure's word for one that is there, and S3's for another who creates it at this moment.
          if (await isThere(get, signal)) return false;
          if (tries === maxCreates) throw error;
        }
      }
    },
    async remove(signal) {
      await remove(signal);
    },
  };
}

/** So often an object is created while others try the same. */
const maxCreates = 5;

async function isThere(get: ObjectRequests["get"], signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await (await get({}, signal)).body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** A connection slower than this many bytes a second counts as broken. */
const minBytesPerSecond = 100_000;

/**
 * Sends bytes, for as long as it takes at a speed that is worth waiting for.
 *
 * @param origin Who is waited for, for the message.
 * @param timeout How long an answer may take, in seconds.
 * @param request The body, and a signal that ends the wait.
 * @param send Sends it; null for an answer that there is no such thing.
 *
 * @returns What `send` returned.
 */
export async function sendInTime<T>(
  origin: string,
  timeout: number,
  { body, signal }: { readonly body?: Uint8Array<ArrayBuffer> | undefined; readonly signal?: AbortSignal | undefined },
  send: (signal: AbortSignal) => Promise<T | null>,
): Promise<T> {
  const late = AbortSignal.timeout(Math.ceil(1000 * (timeout + (body?.length ?? 0) / minBytesPerSecond)));
  const both = signal ? AbortSignal.any([signal, late]) : late;
  const answer = await send(both).catch((error) => {
    if (!late.aborted) throw error;
    throw new Error(`no answer from ${origin} within the time limit. Is it reachable? \`timeout\` waits longer`);
  });
  if (answer === null) throw new Error("it does not exist: there is no such key in the bucket");
  return answer;
}

/**
 * Creates the text of a setting beside the `path` of a source or sink.
 *
 * @param value What stands there.
 * @param at Where, for the message.
 *
 * @returns The text; undefined for none.
 *
 * @throws CONFIG_INVALID for anything that is no text.
 */
export function settingText(value: unknown, at: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new LaunchpadError("CONFIG_INVALID", `${at}: text expected, found a value of type ${typeof value}`);
}
