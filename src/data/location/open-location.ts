import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import type { Content, DataLocation, OpenDataLocation, Parts } from "../../host.ts";
import { formatLocation } from "../../util/paths.ts";
import { redact } from "../../util/redact.ts";
import { bytesOf } from "../../util/streams.ts";
import type { OpenContext } from "../types.ts";
import { compressed, createCompression, decompressed } from "./compression.ts";
import { fileLocation } from "./file.ts";
import { httpLocation } from "./http.ts";
import { readSettings } from "./settings.ts";
import { type SizeLimit, withinSize } from "./size-limit.ts";
import { inTime, type TimeLimit, watched } from "./time-limit.ts";

/** Where the data of a source or sink is, decompressed. Whatever it throws begins with its name. */
export interface Location {
  /** The beginning of a message about it: `[csv] ./iris.csv`. */
  readonly shown: string;
  /** The bytes, as they are read. */
  stream(signal?: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** For parts of it; undefined where it can only be read whole: compressed, or on a server that sends no ranges. */
  parts(signal?: AbortSignal): Promise<LocationParts | undefined>;
  /** Writes the bytes; they are there whole or not at all. */
  write(data: ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** Adds the bytes to the end of what is there, each piece in one go. Fails where only whole files are written. */
  append(data: ReadableStream<Uint8Array>, signal?: AbortSignal): Promise<void>;
}

/** A file of which parts can be read. */
export interface LocationParts {
  /** The length in bytes. */
  readonly size: number;
  /** The bytes from `start` up to, not including, `end`. */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** What serves each scheme of a `path` on every runtime; a host has more. */
const schemes: Readonly<Record<string, OpenDataLocation>> = { "http:": httpLocation, "https:": httpLocation };

/**
 * Creates the location that an entry's `path` names. Nothing is read yet.
 *
 * @param context What the source or sink is opened with.
 *
 * @returns The location.
 *
 * @throws CONFIG_INVALID when there is no path, or a setting beside it is not as it should be.
 * @throws DATA_UNAVAILABLE when nothing serves the path's scheme.
 */
export function openLocation(context: OpenContext): Location {
  const { entry, where, host } = context;
  const { path, type } = entry;
  if (typeof path !== "string" || path === "") {
    throw new LaunchpadError("CONFIG_INVALID", `${where}: path: the location of a file expected, found ${typeof path}`);
  }
  if (!URL.canParse(path)) {
    const found = JSON.stringify(redact(path));
    throw new LaunchpadError("CONFIG_INVALID", `${where}: path: a URL expected, found ${found}`);
  }
  const url = new URL(path);
  const shown = `[${String(type)}] ${formatLocation(withoutSecrets(url), host.files?.cwd)}`;
  const { timeout, deadline, compression, maxBytes } = readSettings(entry, where);
  const known: Readonly<Record<string, OpenDataLocation>> = {
    "file:": fileLocation(context, shown),
    ...schemes,
    ...host.places,
  };
  const open = Object.hasOwn(known, url.protocol) ? known[url.protocol] : undefined;
  if (open === undefined) {
    const served = Object.keys(known).join(", ");
    const message = `${shown}: nothing serves ${url.protocol} on ${host.runtime.name}; served are ${served}`;
    throw new LaunchpadError("DATA_UNAVAILABLE", message);
  }
  const place = open(url, { entry, where, timeout });
  // A file of one's own is there at once, or waits for somebody who writes it.
  const isOwn = url.protocol === "file:";
  const now = () => host.elapsed?.() ?? host.now();
  const limit = { seconds: isOwn ? 0 : timeout, deadline, now, shown };
  const gzip = createCompression(compression, url.pathname);
  return createLocation({ place, shown, limit, size: { maxBytes, shown }, isOwn, gzip });
}

interface Opened {
  readonly place: DataLocation;
  readonly shown: string;
  readonly limit: TimeLimit;
  readonly size: SizeLimit;
  /** Whether it is a file of this machine. */
  readonly isOwn: boolean;
  readonly gzip: ReturnType<typeof createCompression>;
}

function createLocation({ place, shown, limit, size, isOwn, gzip }: Opened): Location {
  /** Says of whatever was thrown which file it is about. */
  async function told<T>(verb: "read" | "written", signal: AbortSignal | undefined, action: () => Promise<T>) {
    try {
      signal?.throwIfAborted();
      return await action();
    } catch (thrown) {
      if (isLaunchpadError(thrown) || signal?.aborted) throw thrown;
      const message = `${shown}: cannot be ${verb}: ${redact(messageOf(thrown))}`;
      throw new LaunchpadError("DATA_UNAVAILABLE", message, { cause: thrown });
    }
  }

  const whole = (content: Content, signal?: AbortSignal) =>
    watched(content.bytes, limit, signal, (thrown) => told("read", signal, () => Promise.reject(thrown)));

  return {
    shown,
    stream: (signal) =>
      told("read", signal, async () => {
        const content = await inTime(limit, signal, (both) => place.stream(both));
        return decompressed({ ...content, bytes: withinSize(whole(content, signal), size, isOwn) }, gzip, size);
      }),
    parts: (signal) =>
      told("read", signal, async () => {
        if (gzip.always || place.parts === undefined) return undefined;
        const parts = await inTime(limit, signal, async (both): Promise<Parts | undefined> => place.parts?.(both));
        return (
          parts && {
            size: parts.size,
            read: (start, end, signal) =>
              told("read", signal, async () => {
                const bytes = await inTime(limit, signal, (both) => parts.read(start, end, both));
                const found = await bytesOf(whole({ bytes }, signal), end - start).catch(orTooMany);
                if (found?.length === end - start) return found;
                throw new Error(`${end - start} bytes from ${start} on expected, found ${found?.length ?? "more"}`);
              }),
          }
        );
      }),
    write: (data, signal) =>
      told("written", signal, async () => {
        if (place.write) return place.write(gzip.always ? compressed(data) : data, signal);
        await data.cancel();
        throw new Error("this place is read-only; a sink needs a path in a folder or a bucket");
      }),
    append: (data, signal) =>
      told("written", signal, async () => {
        if (place.append) return place.append(gzip.always ? compressed(data) : data, signal);
        await data.cancel();
        throw new Error("nothing can be added to what is there, only to files of a folder; leave out `mode`");
      }),
  };
}

function orTooMany(error: unknown): undefined {
  if (!(error instanceof RangeError)) throw error;
}

/** A query can be a secret as well: pre-signed addresses hold a signature there. */
function withoutSecrets(url: URL): URL {
  if (url.protocol === "file:") return url;
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  shown.search = "";
  return shown;
}
