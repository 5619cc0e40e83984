import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { type Driver, defineDriver } from "unstorage";
import { isCode, isTemporaryName, writeAtomically } from "../io/atomic-write.ts";
import { pathOf } from "../io/path-of.ts";

/** Where a file driver keeps its files. */
export interface FileDriverOptions {
  /** A `file:` URL or a path. It is made when something is first written. */
  readonly folder: URL | string;
}

/**
 * Creates a driver of unstorage that keeps every key in a file of its own, `a:b` in `a/b`. Unlike unstorage's own, a
 * write is atomic and durable: after a crash or a power cut there is the old content or the new one, whole.
 *
 * @param options The folder.
 *
 * @returns A driver. A folder that is not there is empty.
 *
 * @throws From its methods: an error for a key that could lead out of the folder.
 */
export const fileDriver: (options: FileDriverOptions) => Driver = defineDriver((options: FileDriverOptions): Driver => {
  const folder = resolve(options.folder instanceof URL ? pathOf(options.folder) : options.folder);
  const fileOf = (key: string) => join(folder, ...segmentsOf(key));
  const folderOf = (base: string | undefined) => (base ? fileOf(base.replace(/:$/, "")) : folder);

  return {
    name: "file",
    options,
    hasItem: async (key) => (await unlessMissing(stat(fileOf(key))))?.isFile() ?? false,
    getItem: (key) => unlessMissing(readFile(fileOf(key), "utf8").catch(orFolder)),
    getItemRaw: (key) => unlessMissing(readFile(fileOf(key)).catch(orFolder)),
    setItem: (key, value) => writeAtomically(fileOf(key), value),
    setItemRaw: (key, value: Uint8Array | string) => writeAtomically(fileOf(key), value),
    removeItem: (key) => rm(fileOf(key), { force: true }),
    getKeys: async (base?: string) => {
      const segments = base ? segmentsOf(base.replace(/:$/, "")) : [];
      const files = await filesIn(join(folder, ...segments));
      return files.map((path) => [...segments, ...path].join(":"));
    },
    async getMeta(key) {
      const found = await unlessMissing(stat(fileOf(key)));
      return found && { atime: found.atime, mtime: found.mtime, size: found.size };
    },
    async clear(base?: string) {
      const at = folderOf(base);
      const entries = (await unlessMissing(readdir(at))) ?? [];
      await Promise.all(entries.map((entry) => rm(join(at, entry), { recursive: true, force: true })));
    },
  };
});

/** The folders and the file that a key names, none of which leads anywhere else. */
function segmentsOf(key: string): string[] {
  const segments = key.split(/[:/]/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a file name
  const wrong = segments.find((name) => /^\.{0,2}$|[\u0000-\u001f\\]/.test(name) || isTemporaryName(name));
  if (wrong === undefined) return segments;
  throw new Error(
    `the key ${JSON.stringify(key)} is refused because of ${JSON.stringify(wrong)}: a key is made of file names with colons ` +
      'between them, and none is empty, "." or "..", or has a backslash or a control character',
  );
}

/** A folder where a file should be is a fault that somebody has to know of, not a store without the file. */
function orFolder(error: unknown): never {
  if (!isCode(error, "EISDIR")) throw error;
  throw Object.assign(new Error("expected a file, found a folder"), { code: "ENOTDIR" });
}

/** Null where there is no such file, as unstorage has it. */
async function unlessMissing<T>(task: Promise<T>): Promise<T | null> {
  try {
    return await task;
  } catch (error) {
    // A file where a folder should be is a fault that somebody has to know of, not an empty store.
    if (isCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** All files below a folder, each as its path from there. */
async function filesIn(folder: string): Promise<string[][]> {
  const entries = (await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [];
  const lists = await Promise.all(entries.map((entry) => filesOf(folder, entry)));
  return lists.flat();
}

async function filesOf(folder: string, entry: Dirent): Promise<string[][]> {
  const path = join(folder, entry.name);
  const target = entry.isSymbolicLink() ? await unlessMissing(stat(path)) : entry;
  if (target?.isFile()) return isTemporaryName(entry.name) ? [] : [[entry.name]];
  if (!target?.isDirectory() || (entry.isSymbolicLink() && (await leadsUp(path)))) return [];
  return (await filesIn(path)).map((below) => [entry.name, ...below]);
}

/** Whether a link leads to a folder that it is in: following it would never end. */
async function leadsUp(link: string): Promise<boolean> {
  const [target, folder] = await Promise.all([realpath(link), realpath(dirname(link))]);
  return `${folder}${sep}`.startsWith(target.endsWith(sep) ? target : `${target}${sep}`);
}
