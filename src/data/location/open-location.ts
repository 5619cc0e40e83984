import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import type { Content, DataLocation, Host, OpenDataLocation, Parts } from "../../host.ts";
import { formatLocation } from "../../util/paths.ts";
import { redact } from "../../util/redact.ts";
import { bytesOf } from "../../util/streams.ts";
import type { OpenContext } from "../types.ts";
import { type Compressed, compressed, createCompression, decompressed } from "./compression.ts";
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
  /** How many bytes are there already, where bytes can be added; undefined for nothing. */
  size(signal?: AbortSignal): Promise<number | undefined>;
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
  const { url, shown, open, settings } = placeOf(context);
  const { entry, host, where } = context;
  const { compression, deadline, maxBytes, timeout } = settings;
  const place = open(url, settings);
  // A file of one's own is there at once, or waits for somebody who writes it.
  const isOwn = url.protocol === "file:";
  const now = () => host.elapsed?.() ?? host.now();
  const limit = { seconds: isOwn ? 0 : timeout, deadline, now, shown };
  if (isTar(entry, url)) {
    const message = `${where}: path: found an archive of tar, which is not read. Unpack it, or make a zip archive of one file`;
    throw new LaunchpadError("CONFIG_INVALID", message);
  }
  const how = createCompression(compression, url.pathname);
  return createLocation({ place, shown, limit, size: { maxBytes, shown }, isOwn, how, host });
}

/** Whether a file of rows would be looked for in an archive. */
function isTar({ type, compression = "infer" }: OpenContext["entry"], { pathname }: URL): boolean {
  const isRaw = type === "binary_file" || type === "text_file";
  return !isRaw && compression === "infer" && /\.(tar(\.\w+)?|tgz)$/i.test(pathname);
}

/** A folder of which the files are asked for. Whatever it throws begins with its name. */
export interface Folder {
  /** The beginning of a message about it: `[csv] ./data/`. */
  readonly shown: string;
  /** The paths of the files below it, those that `enters` takes and perhaps others. */
  list(enters: (name: string, depth: number) => boolean, signal?: AbortSignal): Promise<readonly string[]>;
}

/**
 * Lister of the files of a folder. Nothing is read yet.
 *
 * @param context What the source is opened with.
 * @param folder The folder; ends with a slash.
 *
 * @returns The folder.
 *
 * @throws CONFIG_INVALID, DATA_UNAVAILABLE as `openLocation` does.
 */
export function openFolder(context: OpenContext, folder: URL): Folder {
  const { url, shown, open, settings } = placeOf({ ...context, entry: { ...context.entry, path: folder.href } });
  const place = open(url, { ...settings, isFolder: true });
  const limit = { seconds: url.protocol === "file:" ? 0 : settings.timeout * maxListTimeouts, shown };
  return {
    shown,
    async list(enters, signal) {
      try {
        if (place.list === undefined) throw new Error("there are no lists of files here: name each file");
        return await inTime(limit, signal, async (both) => (await place.list?.(enters, both)) ?? []);
      } catch (thrown) {
        if (isLaunchpadError(thrown) || signal?.aborted) throw thrown;
        const message = `${shown}: its files cannot be listed: ${redact(messageOf(thrown))}`;
        throw new LaunchpadError("DATA_UNAVAILABLE", message, { cause: thrown });
      }
    },
  };
}

/** A list of many pages takes longer than one answer. */
const maxListTimeouts = 20;

/** Finds what serves the URL of an entry, and how messages call it. */
function placeOf(context: OpenContext) {
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
  return { url, shown, open, settings: { entry, where, ...readSettings(entry, where) } };
}

interface Opened {
  readonly place: DataLocation;
  readonly shown: string;
  readonly limit: TimeLimit;
  readonly size: SizeLimit;
  /** Whether it is a file of this machine. */
  readonly isOwn: boolean;
  /** How it is compressed. */
  readonly how: Compressed;
  readonly host: Host;
}

function createLocation({ place, shown, limit, size, isOwn, how, host }: Opened): Location {
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
        return decompressed({ ...content, bytes: withinSize(whole(content, signal), size, isOwn) }, how, size);
      }),
    parts: (signal) =>
      told("read", signal, async () => {
        if (how.as !== undefined || place.parts === undefined) return undefined;
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
        if (place.write) return place.write(await compressed(data, how, host), signal);
        await data.cancel();
        throw new Error("this place is read-only; a sink needs a path in a folder or a bucket");
      }),
    size: (signal) => told("written", signal, async () => place.size?.(signal)),
    append: (data, signal) =>
      told("written", signal, async () => {
        if (place.append && how.as === undefined) return place.append(data, signal);
        await data.cancel();
        // Readers of gzip on some runtimes stop at the end of the first of several.
        if (how.as !== undefined)
          throw new Error("nothing can be added to a compressed file; leave out `mode`, or `compression`");
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
