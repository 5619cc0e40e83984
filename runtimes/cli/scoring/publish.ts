import { randomUUID } from "node:crypto";
import { link, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isCode, writeAtomically } from "../../io/atomic-write.ts";

/**
 * Publishes a file unless it is there: whoever is first wins, also among machines that share a folder.
 *
 * @param path The file.
 * @param text Its content.
 *
 * @returns Whether it was published; false if it was there.
 *
 * @throws The system's error.
 */
export async function publishOnce(path: string, text: string): Promise<boolean> {
  const own = join(dirname(path), `.${randomUUID()}.own`);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(own, text);
  try {
    return await linkOnce(own, path);
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Gives a file another name unless that is taken.
 *
 * @param from The file.
 * @param to The other name.
 *
 * @returns Whether it has it now; false if it was taken.
 *
 * @throws The system's error.
 */
export async function linkOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}
