import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

const temporaryName = /^\.[0-9a-f-]{36}\.tmp$/;

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
 * folder, flushed to the disk, then renamed. Creates the folders above it.
 *
 * @param path The path of the file.
 * @param data Its content, at once or as it comes.
 */
export async function writeAtomically(
  path: string,
  data: Uint8Array | string | AsyncIterable<Uint8Array>,
): Promise<void> {
  const folder = dirname(path);
  const firstMade = await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      if (typeof data === "string" || data instanceof Uint8Array) await file.writeFile(data);
      else for await (const chunk of data) await writeChunk(file, chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
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
 * Tells whether an error of the file system has one of some codes.
 *
 * @param error Whatever was thrown.
 * @param codes Codes such as `ENOENT`.
 *
 * @returns Whether it has.
 */
export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** The system may take less of a chunk than it is given. */
async function writeChunk(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written)).bytesWritten;
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    // Windows opens no folders, some network file systems sync none, and a folder may be writable but not readable.
    if (!isCode(error, "EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP", "ENOSYS", "EBADF")) throw error;
  }
}
