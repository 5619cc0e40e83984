import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type DataLocation, type Host, LaunchpadError, messageOf } from "../../../src/internal.ts";
import { isCode } from "../../io/error-code.ts";
import { linkOnce, publishOnce } from "./publish.ts";

/** Folder of the results of a batch, which all tasks reach: of files, or in a bucket. */
export interface ResultFolder {
  /** Its path or URL. */
  readonly shown: string;
  /** The path or URL of a file in it. */
  at(name: string): string;
  /** The text of a file; undefined if it is not there. */
  read(name: string): Promise<string | undefined>;
  /** Publishes a file unless it is there: whoever is first wins. Resolves with whether it was published. */
  publish(name: string, text: string): Promise<boolean>;
  /** SHA-256 of a file, lower-case hexadecimal; undefined if it is not there. */
  digest(name: string): Promise<string | undefined>;
  /** Gives a file another name, unless that is taken. */
  name(from: string, to: string): Promise<void>;
  /** Names of files in a folder of it. */
  list(folder: string): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
}

/**
 * Opens the folder of the results of a batch.
 *
 * @param given A path, or the URL of a folder in a bucket of S3, R2 or Azure.
 * @param host What the runtime can do.
 *
 * @returns The folder. Nothing is read or made yet.
 *
 * @throws USAGE for a URL of anything else.
 */
export function openResultFolder(given: string, host: Host): ResultFolder {
  if (!/^[a-z0-9+]{2,}:/i.test(given)) return fileFolder(resolve(given));
  const url = URL.canParse(given) ? new URL(given.replace(/\/*$/, "/")) : undefined;
  const open = url && host.places?.[url.protocol];
  const locate = (name: string) => open?.(new URL(name, url), { entry: {}, where: given, timeout: 60 });
  if (url === undefined || locate("_plan.json")?.create === undefined) {
    const message = `${given}: expected a folder that all tasks reach, or one in a bucket that says who is first (s3://bucket/folder, az://container/folder)`;
    throw new LaunchpadError("USAGE", `${message}. Mount it, or copy the results afterwards`);
  }
  const list = async (folder: string) => {
    const place = open?.(new URL(folder, url), { entry: {}, where: given, timeout: 60, isFolder: true });
    return (await place?.list?.(() => true)) ?? [];
  };
  return bucketFolder(url.href, (name) => locate(name) as DataLocation, list);
}

function fileFolder(path: string): ResultFolder {
  const at = (name: string) => join(path, name);
  return {
    shown: path,
    at,
    read: (name) => readFile(at(name), "utf8").catch(orNothing),
    publish: (name, text) => publishOnce(at(name), text),
    async digest(name) {
      const hash = createHash("sha256");
      try {
        for await (const chunk of createReadStream(at(name))) hash.update(chunk as Uint8Array);
      } catch (error) {
        return orNothing(error);
      }
      return hash.digest("hex");
    },
    async name(from, to) {
      await linkOnce(at(from), at(to));
    },
    list: (folder) => readdir(at(folder)),
    remove: (name) => rm(at(name), { force: true }),
  };
}

function orNothing(error: unknown): undefined {
  if (!isCode(error, "ENOENT", "ENOTDIR")) throw error;
}

function bucketFolder(
  shown: string,
  locate: (name: string) => DataLocation,
  list: (folder: string) => Promise<readonly string[]>,
): ResultFolder {
  /** What is thrown says which object it is about. */
  async function told<T>(name: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (cause) {
      throw new LaunchpadError("DATA_UNAVAILABLE", `${shown}${name}: ${messageOf(cause)}`, { cause });
    }
  }
  const stream = async (name: string) => {
    try {
      return (await locate(name).stream()).bytes;
    } catch (error) {
      if (/does not exist/.test(messageOf(error))) return undefined;
      throw error;
    }
  };
  const read = async (name: string) => {
    const bytes = await told(name, () => stream(name));
    return bytes && told(name, () => new Response(bytes as ReadableStream<Uint8Array<ArrayBuffer>>).text());
  };
  return {
    shown,
    at: (name) => `${shown}${name}`,
    read,
    async publish(name, text) {
      const isFirst = await told(name, async () => locate(name).create?.(new TextEncoder().encode(text)));
      // A service that does not know the condition lets the last one win: who that is, shows what is there.
      return isFirst === true && (await read(name)) === text;
    },
    digest: (name) =>
      told(name, async () => {
        const bytes = await stream(name);
        if (bytes === undefined) return undefined;
        const hash = createHash("sha256");
        for await (const chunk of bytes) hash.update(chunk);
        return hash.digest("hex");
      }),
    async name(from, to) {
      await told(to, async () => {
        if ((await stream(to).then((found) => found?.cancel().then(() => true))) === true) return;
        const bytes = await stream(from);
        if (bytes) await locate(to).write?.(bytes);
      });
    },
    list,
    async remove(name) {
      await told(name, async () => locate(name).remove?.());
    },
  };
}
