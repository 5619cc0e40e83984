import { showLocation } from "../config/locations.ts";
import { LaunchpadError, messageOf } from "../errors.ts";
import type { OpenContext } from "./types.ts";

/** A place that holds bytes. */
export interface Location {
  /** The beginning of a message about it: `[csv] ./iris.csv`. */
  readonly shown: string;
  stream(signal?: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** Writes the bytes; they are there whole or not at all. */
  write(data: ReadableStream<Uint8Array>): Promise<void>;
}

type Opener = (url: URL, shown: string, context: OpenContext) => Omit<Location, "shown">;

/** What serves each scheme of a `path`. */
const schemes: Readonly<Record<string, Opener>> = { "file:": openFile, "http:": openHttp, "https:": openHttp };

/**
 * Creates the place that an entry's `path` names. Nothing is read yet.
 *
 * @param context What the source or sink is opened with.
 *
 * @returns The place.
 *
 * @throws CONFIG_INVALID when there is no path.
 * @throws DATA_UNAVAILABLE when nothing serves the path's scheme.
 */
export function openLocation(context: OpenContext): Location {
  const { entry, where, host } = context;
  const { path, type } = entry;
  if (typeof path !== "string" || path === "") {
    throw new LaunchpadError("CONFIG_INVALID", `${where}: path: the location of a file expected, found ${typeof path}`);
  }
  if (!URL.canParse(path)) {
    throw new LaunchpadError("CONFIG_INVALID", `${where}: path: a URL expected, found ${JSON.stringify(path)}`);
  }
  const url = new URL(path);
  const shown = `[${String(type)}] ${showLocation(withoutSecrets(url), host.files?.cwd)}`;
  const open = Object.hasOwn(schemes, url.protocol) ? schemes[url.protocol] : undefined;
  if (open === undefined) {
    const known = Object.keys(schemes).join(", ");
    throw new LaunchpadError("DATA_UNAVAILABLE", `${shown}: nothing serves ${url.protocol} here; served are ${known}`);
  }
  return { shown, ...open(url, shown, context) };
}

function openFile(url: URL, shown: string, { host }: OpenContext): Omit<Location, "shown"> {
  const { files } = host;
  if (files === undefined) {
    const message = `${shown}: there are no files on ${host.runtime.name}; give the location of a server instead`;
    throw new LaunchpadError("DATA_UNAVAILABLE", message);
  }
  return { stream: () => files.stream(url), write: (data) => files.write(url, data) };
}

function openHttp(url: URL, shown: string): Omit<Location, "shown"> {
  return {
    async stream(signal) {
      const { target, headers } = request(url);
      const response = await fetch(target, { headers, ...(signal && { signal }) }).catch((cause) => {
        const reason = messageOf(cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause);
        throw new LaunchpadError("DATA_UNAVAILABLE", `${shown}: cannot be fetched (${reason})`, { cause });
      });
      if (!response.ok || response.body === null) {
        await response.body?.cancel();
        const status = `${response.status} ${response.statusText}`.trim();
        throw new LaunchpadError("DATA_UNAVAILABLE", `${shown}: a file expected, the server answered ${status}`);
      }
      return response.body;
    },
    async write() {
      throw new LaunchpadError("DATA_UNAVAILABLE", `${shown}: cannot be written; a sink needs a path in a folder`);
    },
  };
}

/** Fetch refuses credentials in a URL, and would print them in its message. */
function request(url: URL): { target: URL; headers: Record<string, string> } {
  if (url.username === "" && url.password === "") return { target: url, headers: {} };
  const target = new URL(url);
  target.username = "";
  target.password = "";
  const bytes = new TextEncoder().encode(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
  return { target, headers: { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` } };
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
