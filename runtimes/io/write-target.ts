import { type BigIntStats, constants } from "node:fs";
import { lstat, open, readlink, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isCode } from "./error-code.ts";

/** Where a path leads that is to be written. */
export interface WriteTarget {
  /** The file itself, links followed. */
  readonly path: string;
  /**
   * What is there: nothing, a file that may be replaced, or something that is written to as it comes, because nothing could take
   * its place: a device, a pipe, what this process has opened already.
   */
  readonly kind: "nothing" | "file" | "stream" | "descriptor";
  /** The number of a descriptor. */
  readonly descriptor?: number;
  readonly stats?: BigIntStats;
}

/** As many links as Linux follows. */
const maxLinks = 40;

/** What this process has opened already: a file behind it is open elsewhere, and must not be replaced. */
const descriptors = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/;
const standard: Readonly<Record<string, number>> = { "/dev/stdout": 1, "/dev/stderr": 2 };

/**
 * Finds what a path leads to, so that it can be written without destroying what is no ordinary file.
 *
 * @param path The path of a file, which need not exist.
 *
 * @returns The target.
 *
 * @throws The system's error for a folder (EISDIR), a socket (ENXIO), a circle of links (ELOOP), and a file that may not be
 *   written (EACCES).
 */
export async function findWriteTarget(path: string): Promise<WriteTarget> {
  let at = resolve(path);
  for (let links = 0; ; links++) {
    const descriptor = standard[at] ?? descriptors.exec(at)?.[1];
    if (descriptor !== undefined) return { path: at, kind: "descriptor", descriptor: Number(descriptor) };
    const found = await orNothing(lstat(at));
    if (!found?.isSymbolicLink()) break;
    if (links === maxLinks) throw Object.assign(new Error("its links lead in a circle"), { code: "ELOOP" });
    at = resolve(dirname(at), await readlink(at));
  }
  const stats = await orNothing(stat(at, { bigint: true }));
  if (stats === undefined) return { path: at, kind: "nothing" };
  if (stats.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  if (stats.isSocket()) throw Object.assign(new Error("it is a socket"), { code: "ENXIO" });
  // Not `access`: to answer, Deno asks for permission to know the user, and leaves a rejected promise behind where there is none.
  if (stats.isFile()) await (await open(at, constants.O_WRONLY)).close();
  return { path: at, kind: stats.isFile() ? "file" : "stream", stats };
}

async function orNothing<T>(task: Promise<T>): Promise<T | undefined> {
  try {
    return await task;
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
