import { randomUUID } from "node:crypto";
import { type BigIntStats, constants, fsync, write } from "node:fs";
import { chmod, chown, copyFile, type FileHandle, mkdir, open, rename, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { isCode } from "./error-code.ts";
import { findWriteTarget, type WriteTarget } from "./write-target.ts";

export { isCode } from "./error-code.ts";

const temporaryName = /^\.[0-9a-f-]{36}\.tmp$/;

/** Bytes of a file, at once or as they come. */
export type FileData = Uint8Array | string | AsyncIterable<Uint8Array>;

/**
 * Tells whether a file is one that is being written, or was when the machine stopped.
 *
 * @param name The name of the file, without folders.
 *
 * @returns Whether nobody should see it.
 */
export function isTemporaryName(name: string): boolean {
  return temporaryName.test(name);
}

/**
 * Writes a file that appears whole or not at all, also when the machine loses power: a temporary file in the same
 * folder, flushed to the disk, then renamed. Creates the folders above it. A link leads to what is written; mode and owner of what
 * is there stay; a device or a pipe is written to as it comes. What cannot be replaced (a file of others, one with several names,
 * one that is mounted by itself) gets the new content once it is whole.
 *
 * @param path The path of the file.
 * @param data Its content, at once or as it comes.
 *
 * @throws The system's error, such as EISDIR for a folder.
 */
export async function writeAtomically(path: string, data: FileData): Promise<void> {
  const target = await findWriteTarget(path);
  if (target.kind === "stream" || target.kind === "descriptor") return writeInto(target, data);
  const folder = dirname(target.path);
  const firstMade = target.kind === "nothing" ? await mkdir(folder, { recursive: true }) : undefined;
  const { file, path: temporary, isBeside } = await openTemporary(target);
  try {
    try {
      await writeAll(writerOf(file), data);
      await flush(file);
    } finally {
      await file.close();
    }
    const mayReplace = isBeside && (target.stats === undefined || (await takesAfter(temporary, target.stats)));
    await moveTo(target.path, temporary, mayReplace);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  // A name is on the disk only when its folder is: from here up to the folder that was there before.
  const last = firstMade === undefined ? folder : dirname(resolve(firstMade));
  for (let at = folder; ; at = dirname(at)) {
    await syncFolder(at);
    if (at === last || at === dirname(at)) return;
  }
}

/**
 * Adds to the end of a file. Others may add at the same time: every piece is added in one go. If it cannot be finished, what was
 * added is taken back.
 *
 * @param path The path of the file, which is made if it is not there, with the folders above it.
 * @param data What to add.
 *
 * @throws The system's error.
 */
export async function appendTo(path: string, data: FileData): Promise<void> {
  const target = await findWriteTarget(path);
  if (target.kind === "stream" || target.kind === "descriptor") return writeInto(target, data);
  if (target.kind === "nothing") await mkdir(dirname(target.path), { recursive: true });
  const file = await open(target.path, "a");
  try {
    const { size } = await stat(target.path);
    let added = 0;
    try {
      await writeAll(writerOf(file), data, (bytes) => {
        added += bytes;
      });
    } catch (error) {
      // Unless somebody else has added something behind it.
      if ((await stat(target.path)).size === size + added) await truncate(target.path, size);
      throw error;
    }
    await flush(file);
  } finally {
    await file.close();
  }
}

/** Opens a file for the new content: beside the old one, else where the system keeps what is temporary. */
async function openTemporary({ path, kind }: WriteTarget) {
  const name = `.${randomUUID()}.tmp`;
  const beside = join(dirname(path), name);
  try {
    return { file: await open(beside, "wx"), path: beside, isBeside: true };
  } catch (error) {
    // The folder may be closed to whom the file is open.
    if (kind === "nothing" || !isCode(error, "EACCES", "EPERM", "EROFS")) throw error;
    const elsewhere = join(tmpdir(), name);
    return { file: await open(elsewhere, "wx", 0o600), path: elsewhere, isBeside: false };
  }
}

/** Gives a new file the mode and the owner of an old one. Resolves with whether it has them, and no other name leads to the old one. */
async function takesAfter(path: string, { mode, uid, gid, nlink }: BigIntStats): Promise<boolean> {
  const own = await stat(path, { bigint: true });
  if (own.uid !== uid || own.gid !== gid) {
    try {
      await chown(path, Number(uid), Number(gid));
    } catch (error) {
      if (!isCode(error, "EPERM", "EINVAL", "ENOSYS", "ENOTSUP")) throw error;
      return false;
    }
  }
  if (own.mode !== mode) await chmod(path, Number(mode & 0o7777n));
  return nlink <= 1n;
}

async function moveTo(path: string, temporary: string, mayReplace: boolean): Promise<void> {
  if (mayReplace) {
    try {
      return await rename(temporary, path);
    } catch (error) {
      // A file that is mounted by itself, as into a container, cannot be renamed over.
      if (!isCode(error, "EBUSY", "EXDEV")) throw error;
    }
  }
  await copyFile(temporary, path);
  await rm(temporary, { force: true });
  const file = await open(path, "r");
  await flush(file).finally(() => file.close());
}

/** Writes a piece; resolves with how many bytes of it the system took. */
type Writer = (chunk: Uint8Array) => Promise<number>;

const writerOf =
  (file: FileHandle): Writer =>
  async (chunk) =>
    (await file.write(chunk)).bytesWritten;

/** Writes to what is there, as it comes. */
async function writeInto({ path, descriptor }: WriteTarget, data: FileData): Promise<void> {
  if (descriptor !== undefined) return writeAll(descriptorWriter(descriptor), data);
  const file = await openStream(path);
  try {
    await writeAll(writerOf(file), data);
  } finally {
    await file.close();
  }
}

const writeDescriptor = promisify(write);

/** How often a pipe is tried that nobody reads yet, or that is full, in milliseconds. */
const pipeInterval = 20;

const pause = () => new Promise((resolve) => setTimeout(resolve, pipeInterval));

function descriptorWriter(descriptor: number): Writer {
  return async (chunk) => {
    for (;;) {
      try {
        return (await writeDescriptor(descriptor, chunk)).bytesWritten;
      } catch (error) {
        if (!isCode(error, "EAGAIN")) throw error;
        await pause();
      }
    }
  };
}

/** A pipe opens when somebody reads it. To wait within the system would take one of the few threads that all files share. */
async function openStream(path: string): Promise<FileHandle> {
  const isPipe = (await stat(path)).isFIFO();
  for (;;) {
    try {
      const probe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
      // From here on it opens at once.
      return await open(path, constants.O_WRONLY).finally(() => probe.close());
    } catch (error) {
      if (!isPipe || !isCode(error, "ENXIO")) throw error;
      await pause();
    }
  }
}

async function writeAll(writer: Writer, data: FileData, onWritten?: (bytes: number) => void): Promise<void> {
  const pieces =
    typeof data === "string" ? [new TextEncoder().encode(data)] : data instanceof Uint8Array ? [data] : data;
  for await (const chunk of pieces) {
    // The system may take less of a chunk than it is given.
    for (let written = 0; written < chunk.length; ) {
      const taken = await writer(written === 0 ? chunk : chunk.subarray(written));
      written += taken;
      onWritten?.(taken);
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await flush(folder);
    } finally {
      await folder.close();
    }
  } catch (error) {
    // Windows opens no folders, some network file systems sync none, and a folder may be writable but not readable.
    if (!isCode(error, "EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP", "ENOSYS", "EBADF")) throw error;
  }
}

/** By the descriptor: the file handles of Yarn's Plug'n'Play have no `sync`. */
function flush({ fd }: FileHandle): Promise<void> {
  return promisify(fsync)(fd);
}
