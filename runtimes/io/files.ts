import { createReadStream, type Stats } from "node:fs";
import { open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { type Files, LaunchpadError } from "../../src/internal.ts";
import { appendTo, type FileData, writeAtomically } from "./atomic-write.ts";
import { pathOf } from "./path-of.ts";

/** Files over `node:fs`, which Node, Deno and Bun have. */
export const files: Files = {
  get cwd() {
    return pathToFileURL(`${process.cwd()}/`);
  },
  async read(url) {
    try {
      return new Uint8Array(await readFile(url));
    } catch (cause) {
      throw unavailable("read", url, cause);
    }
  },
  async stream(url) {
    // Looked at here, so that a missing file is an error of this call and not of the first chunk.
    return attempted(url, async () => {
      await statFile(url);
      return toWeb(createReadStream(url, { highWaterMark: 256 * 1024 }));
    });
  },
  async parts(url) {
    const first = await attempted(url, () => statFile(url));
    if (!first.isFile()) return undefined;
    return {
      size: first.size,
      read: (start, end) =>
        attempted(url, async () => {
          const { size, mtimeMs, ino } = await statFile(url);
          const same = size === first.size && mtimeMs === first.mtimeMs && ino === first.ino;
          if (!same) throw new Error("it was changed while it was read");
          return toWeb(createReadStream(url, { start, end: end - 1, highWaterMark: 256 * 1024 }));
        }),
    };
  },
  async write(url, data, { append = false } = {}) {
    try {
      await (append ? appendTo : writeAtomically)(pathOf(url), data);
    } catch (cause) {
      if (cause instanceof LaunchpadError) throw cause;
      throw unavailable("written", url, cause);
    }
  },
  async exists(url) {
    try {
      return (await stat(url)).isFile();
    } catch {
      return false;
    }
  },
  async stat(url) {
    try {
      const [found, real] = await Promise.all([stat(url), realpath(url)]);
      const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : undefined;
      return kind && { kind, size: found.size, modified: found.mtimeMs, real: pathToFileURL(real) };
    } catch {
      return undefined;
    }
  },
  async below(url, enters) {
    const found: string[] = [];
    await attempted(url, () => findBelow(pathOf(url), "", { enters, found, above: [] }));
    return found;
  },
  async list(url) {
    const entries = await readdir(url, { withFileTypes: true }).catch(() => []);
    return entries.flatMap((entry) => {
      const kind = entry.isFile() ? "file" : entry.isDirectory() ? "folder" : undefined;
      return kind ? [{ name: entry.name, kind }] : [];
    });
  },
};

/** So many files are not looked at one by one. */
const maxBelow = 1_000_000;

interface Search {
  readonly enters: (name: string, depth: number) => boolean;
  readonly found: string[];
  /** Where the folders above really are: a link to one of them would lead in a circle. */
  readonly above: readonly string[];
}

async function findBelow(folder: string, prefix: string, { enters, found, above }: Search): Promise<void> {
  const real = await realpath(folder);
  if (above.includes(real)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!enters(entry.name, above.length)) continue;
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await stat(path) : entry;
    if (kind.isDirectory()) {
      await findBelow(path, `${prefix}${entry.name}/`, { enters, found, above: [...above, real] });
    } else if (found.push(prefix + entry.name) > maxBelow) {
      throw new Error(`it has more than ${maxBelow} files`);
    }
  }
}

/**
 * Opens the file, because a folder may allow to see what may not be read. A pipe is left alone: whoever opens and closes it has
 * taken what its writer wrote.
 */
async function statFile(url: URL): Promise<Stats> {
  const found = await stat(url);
  if (!found.isFile() && !found.isDirectory()) return found;
  const handle = await open(url);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    return stats;
  } finally {
    await handle.close();
  }
}

async function attempted<T>(url: URL, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw unavailable("read", url, cause);
  }
}

function toWeb(stream: Readable): ReadableStream<Uint8Array<ArrayBuffer>> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array<ArrayBuffer>>;
}

/**
 * Writes a file of a project, such as a package, and says why it cannot be if it cannot.
 *
 * @param path The path of the file; folders above it are made.
 * @param data Its content.
 *
 * @throws DATA_UNAVAILABLE with the path and the reason.
 */
export async function writeProjectFile(path: string, data: FileData): Promise<void> {
  try {
    await writeAtomically(path, data);
  } catch (cause) {
    throw unavailable("written", pathToFileURL(path), cause);
  }
}

const reasons: Record<string, string> = {
  ENOENT: "it does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EEXIST: "a part of its path is a file",
  ELOOP: "its links lead in a circle",
  ENXIO: "it is a socket, or a device that is not there",
  ETXTBSY: "it is a program that is running",
};

/**
 * Creates the error of a file that the system would not read or write.
 *
 * @param verb What could not be done.
 * @param url The file.
 * @param cause What the system said.
 *
 * @returns DATA_UNAVAILABLE.
 */
export function unavailable(verb: "read" | "written", url: URL, cause: unknown): LaunchpadError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new LaunchpadError("DATA_UNAVAILABLE", `${pathOf(url)} cannot be ${verb}: ${reason}`, { cause });
}
