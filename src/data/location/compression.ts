import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import type { Content, Host } from "../../host.ts";
import type { Codec } from "./codecs/codec.ts";
import { type Compression, type CompressionName, suffixes } from "./settings.ts";
import { createRatioLimit, type SizeLimit, withinSize } from "./size-limit.ts";

/** How each compression is read and written; loaded when it is first used. */
const codecs: Readonly<Record<CompressionName, () => Promise<{ readonly codec: Codec }>>> = {
  gzip: () => import("./codecs/gzip.ts"),
  zip: () => import("./codecs/zip.ts"),
  bz2: () => import("./codecs/bz2.ts"),
  xz: () => import("./codecs/xz.ts"),
  zstd: () => import("./codecs/zstd.ts"),
};

/** How a file is compressed. */
export interface Compressed {
  /** By its name, or because the entry says so; undefined for a file as it is. */
  readonly as: CompressionName | undefined;
  /** Whether a media type can say that it is gzip, too. */
  readonly infer: boolean;
  /** The name of the file in an archive. */
  readonly archiveName: string;
}

const mediaTypes = /^application\/(x-)?gzip\b/i;

/**
 * Tells whether a file is compressed.
 *
 * @param compression What the entry says.
 * @param path The path of its URL.
 *
 * @returns What is known before it is read.
 */
export function createCompression({ method, archiveName }: Compression, path: string): Compressed {
  const infer = method === "infer";
  const suffix = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const inferred = infer && Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined;
  const as = infer ? inferred : method === "none" ? undefined : method;
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/\.zip$/i, "");
  return { as, infer, archiveName: archiveName ?? (base === "" ? "data" : decoded(base)) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * Creates the bytes of a file as they were before it was compressed.
 *
 * @param content The bytes as they are kept, and what the place says of them.
 * @param compression What is known of the file.
 * @param limit How many bytes there may be.
 *
 * @returns The bytes as they are if nothing says that they are compressed.
 *
 * @throws DATA_INVALID, also from the stream, when they should be compressed and are not, or are damaged or cut off.
 */
export async function decompressed(
  content: Content,
  { as, infer }: Compressed,
  limit: SizeLimit,
): Promise<ReadableStream<Uint8Array>> {
  const name = as ?? (infer && mediaTypes.test(content.mediaType ?? "") ? "gzip" : undefined);
  if (name === undefined) return content.bytes;
  const { codec } = await codecs[name]();
  const { start, bytes } = await peeked(content.bytes, codec.magic.length);
  if (codec.magic.every((byte, at) => start[at] === byte)) {
    const ratio = createRatioLimit(limit);
    const before = ratio.before(bytes);
    const open = () => withinSize(ratio.after(inflated(before, codec, { name, shown: limit.shown })), limit, false);
    return codec.inTurn ? codec.inTurn(open, (reason) => before.cancel(reason)) : open();
  }
  // A server may send `x.csv.gz` with a Content-Encoding, which fetch has undone.
  if (content.mayBeDecoded) return bytes;
  await bytes.cancel();
  throw invalid({ name, shown: limit.shown }, start.length === 0 ? "found an empty file" : "found other bytes");
}

/**
 * Creates the bytes that a compressed file is made of.
 *
 * @param data The bytes before.
 * @param compression How the file is compressed.
 * @param host What the runtime can compress.
 *
 * @returns The bytes after.
 *
 * @throws Error for what is only read.
 */
export async function compressed(
  data: ReadableStream<Uint8Array>,
  { as, archiveName }: Compressed,
  host: Host,
): Promise<ReadableStream<Uint8Array>> {
  if (as === undefined) return data;
  const { codec } = await codecs[as]();
  if (codec.compress) return codec.compress(data, archiveName);
  const transform = host.compressors?.[as]?.();
  if (transform) return data.pipeThrough(transform);
  await data.cancel();
  const where = as === "zstd" ? ` on ${host.runtime.name} ${host.runtime.version}` : "";
  const advice = `Write gzip or zip${as === "zstd" ? ", or use Node 22.15 or newer" : ""}`;
  throw new Error(`files compressed with ${as} are read, and not written${where}. ${advice}`);
}

const notHere = "xz is not read here, where WebAssembly cannot be compiled. Keep the file as gzip, zip or zstd";

interface Told {
  readonly name: CompressionName;
  readonly shown: string;
}

function inflated(bytes: ReadableStream<Uint8Array>, codec: Codec, told: Told): ReadableStream<Uint8Array> {
  // The decompressor hands on what its input throws, on some runtimes as an error of its own.
  let broken: unknown;
  const reader = bytes.getReader();
  const input = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (thrown) {
          broken = thrown;
          throw thrown;
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  const output = codec.decompress(input).getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await output.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (thrown) {
          if (broken !== undefined) throw broken;
          if (/code generation disallowed/.test(messageOf(thrown))) throw new Error(notHere);
          throw isLaunchpadError(thrown)
            ? thrown
            : invalid(told, `found damaged bytes, or not all of them (${messageOf(thrown)})`, thrown);
        }
      },
      cancel: (reason) => output.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function invalid({ name, shown }: Told, found: string, cause?: unknown): LaunchpadError {
  const advice = "With `compression: none` the file is read as it is";
  const expected = `a file compressed with ${name} expected`;
  return new LaunchpadError("DATA_INVALID", `${shown}: ${expected}, ${found}. ${advice}`, { cause });
}

/** The first bytes of a stream, and a stream of all of them. */
async function peeked(bytes: ReadableStream<Uint8Array>, count: number) {
  const reader = bytes.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  const start = Uint8Array.from(chunks.flatMap((chunk) => [...chunk.subarray(0, count)]));
  const whole = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = chunks.shift();
        if (chunk !== undefined) return controller.enqueue(chunk);
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { start, bytes: whole };
}
