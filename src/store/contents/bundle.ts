import * as v from "valibot";
import { LaunchpadError, messageOf } from "../../errors.ts";
import { isId, isName, isVersion } from "../layout/layout.ts";
import { addChecksum, checkChecksum, sha256 } from "../signing/checksum.ts";
import type { RunName } from "../types.ts";

/*
 * The format of a run in one file, in which every number is little-endian:
 *
 *   0   7 bytes   89 "LPR" CR LF 1A: not text, and not what a transfer as text leaves of it
 *   7   1 byte    version of the format
 *   8   8 bytes   size of the head, unsigned
 *   16  the head  sealed JSON: which run, and path, size and SHA-256 of every file of it
 *       files     one after the other, in the order of the head
 */
const magic = Uint8Array.of(0x89, 0x4c, 0x50, 0x52, 0x0d, 0x0a, 0x1a);
const formatVersion = 1;
const headStart = 16;

/** The head: which run, and its files. */
const headSchema = v.object({
  name: v.pipe(v.string(), v.check(isName, "expected a name")),
  version: v.pipe(v.string(), v.check(isVersion, "expected a version")),
  run: v.pipe(v.string(), v.check(isId, "expected a run")),
  files: v.array(
    v.object({ path: v.string(), size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), sha256: v.string() }),
  ),
});

/** One run in one file. */
export interface Bundle {
  readonly of: RunName;
  /** Its files by their path within the run: `contents`, `meta.json`, `metrics/<id>.json`. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/**
 * Creates the bytes of a bundle.
 *
 * @param bundle Which run, and its files.
 *
 * @returns One file.
 */
export async function encodeBundle({ of, files }: Bundle): Promise<Uint8Array<ArrayBuffer>> {
  const entries = await Promise.all(
    [...files].map(async ([path, bytes]) => ({ path, size: bytes.length, sha256: await sha256(bytes) })),
  );
  const { name, version, run } = of;
  const head = new TextEncoder().encode((await addChecksum({ name, version, run, files: entries })).text);
  const size = entries.reduce((sum, entry) => sum + entry.size, headStart + head.length);

  const bytes = new Uint8Array(size);
  bytes.set(magic);
  bytes[magic.length] = formatVersion;
  new DataView(bytes.buffer).setBigUint64(8, BigInt(head.length), true);
  bytes.set(head, headStart);
  let at = headStart + head.length;
  for (const file of files.values()) {
    bytes.set(file, at);
    at += file.length;
  }
  return bytes;
}

/**
 * Creates a bundle from its bytes.
 *
 * @param bytes What `encodeBundle` made.
 *
 * @returns Which run, and its files, every digest checked.
 *
 * @throws BUNDLE_INVALID for bytes that are cut, altered or of something else.
 */
export async function decodeBundle(bytes: Uint8Array): Promise<Bundle> {
  if (bytes.length < headStart || magic.some((byte, at) => bytes[at] !== byte)) {
    throw invalid("it does not begin as an exported run does");
  }
  if (bytes[magic.length] !== formatVersion) {
    throw invalid(`it is in version ${bytes[magic.length]} of the format, expected ${formatVersion}`);
  }
  const headSize = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(8, true);
  if (headSize > bytes.length - headStart) throw invalid("it is cut off within its head");
  let at = headStart + Number(headSize);
  const { name, version, run, files: entries } = await headOf(bytes.subarray(headStart, at));

  const where = `${name} ${version}, run ${run}`;
  const expected = entries.reduce((sum, { size }) => sum + size, at);
  if (bytes.length !== expected) throw invalid(`${where}: found ${bytes.length} bytes, expected ${expected}`);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path, size, sha256: digest } of entries) {
    const file = new Uint8Array(bytes.subarray(at, at + size));
    at += size;
    const found = await sha256(file);
    if (found !== digest) throw invalid(`${where}: ${path} has SHA-256 ${found}, expected ${digest}`);
    files.set(path, file);
  }
  return { of: { name, version, run }, files };
}

/**
 * Creates the error for a file that is no exported run, or cannot be imported.
 *
 * @param why What is wrong with it.
 * @param cause The error that led to this one.
 *
 * @returns BUNDLE_INVALID.
 */
export function invalid(why: string, cause?: unknown): LaunchpadError {
  return new LaunchpadError(
    "BUNDLE_INVALID",
    `[import] this file cannot be imported: ${why}. Export the run again, and copy the file as binary.`,
    cause === undefined ? {} : { cause },
  );
}

async function headOf(bytes: Uint8Array) {
  let sealed: unknown;
  try {
    sealed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(`its head is not JSON: ${messageOf(cause)}`, cause);
  }
  const found = v.safeParse(headSchema, await checkChecksum(sealed));
  if (found.success) return found.output;
  throw invalid("its head has been altered");
}
