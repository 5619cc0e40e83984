import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import { LaunchpadError, messageOf } from "../../../src/internal.ts";
import { isCode } from "../../io/error-code.ts";

/** What a journal begins with. */
const magic = Buffer.from("mllaunchpad-journal/1\n");

/** Length (uint32, little-endian) and SHA-256 stand before each record. */
const prefixLength = 36;
/**
 * Opens the file of a journal, which is made if it is not there.
 *
 * @param path The file.
 *
 * @returns The file, to read and to write.
 *
 * @throws DATA_UNAVAILABLE when it cannot be opened.
 */
export function openRecords(path: string): Promise<FileHandle> {
  return told(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    return open(path, "r+").catch((error: unknown) => {
      if (isCode(error, "ENOENT")) return open(path, "wx+");
      throw error;
    });
  });
}

/**
 * Writes the beginning of a journal.
 *
 * @param file The file.
 * @param path Its path, for messages.
 */
export async function writeMagic(file: FileHandle, path: string): Promise<void> {
  await told(path, () => file.write(magic, 0, magic.length, 0));
}

/**
 * Writes a record.
 *
 * @param file The file.
 * @param value What is written.
 * @param at Where in the file.
 * @param path The path of the file, for messages.
 *
 * @returns The position behind it.
 *
 * @throws DATA_UNAVAILABLE when it cannot be written.
 */
export async function writeRecord(file: FileHandle, value: unknown, at: number, path: string): Promise<number> {
  const bytes = serialize(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  const record = Buffer.concat([length, createHash("sha256").update(bytes).digest(), bytes]);
  for (let written = 0; written < record.length; ) {
    const { bytesWritten } = await told(path, () => file.write(record, written, record.length - written, at + written));
    written += bytesWritten;
  }
  return at + record.length;
}

async function told<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new LaunchpadError("DATA_UNAVAILABLE", `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Reads whole records from the start; what is behind them counts for nothing.
 *
 * @param file The file.
 * @param path Its path, for messages.
 *
 * @returns Each with the position behind it.
 */
export async function* recordsOf(file: FileHandle, path: string) {
  const { size } = await file.stat();
  let at = magic.length;
  while (at + prefixLength <= size) {
    const prefix = await bytesAt(file, at, prefixLength);
    const length = prefix.readUInt32LE(0);
    const end = at + prefixLength + length;
    if (length === 0 || end > size) return;
    const bytes = await bytesAt(file, at + prefixLength, length);
    if (!createHash("sha256").update(bytes).digest().equals(prefix.subarray(4))) return;
    let value: unknown;
    try {
      value = deserialize(bytes);
    } catch (cause) {
      throw foreign(path, cause);
    }
    yield { value, end };
    at = end;
  }
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes;
}

/**
 * Checks that a file is a journal, or the beginning of one that was cut off: nothing of another file may be touched.
 *
 * @param file The file.
 * @param path Its path, for messages.
 *
 * @returns The position of the first record.
 *
 * @throws DATA_INVALID for any other file.
 */
export async function assertJournal(file: FileHandle, path: string): Promise<number> {
  const stat = await file.stat();
  // A device would be removed at the end.
  if (!stat.isFile()) throw foreign(path);
  const length = Math.min(stat.size, magic.length);
  if (!(await bytesAt(file, 0, length)).equals(magic.subarray(0, length))) throw foreign(path);
  return magic.length;
}

/**
 * Creates the error of a file that is no journal.
 *
 * @param path The file.
 * @param cause Why.
 *
 * @returns The error.
 */
export function foreign(path: string, cause?: unknown): LaunchpadError {
  return new LaunchpadError(
    "DATA_INVALID",
    `${path}: expected a journal of --resume, found another file. Name another with --resume FILE`,
    { cause },
  );
}
