import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import type { Content } from "../../host.ts";
import type { Compression } from "./settings.ts";
import { createRatioLimit, type SizeLimit, withinSize } from "./size-limit.ts";

/** Whether a file is compressed with gzip. */
export interface Gzip {
  /** By its name, or because the entry says so. */
  readonly always: boolean;
  /** Whether a media type can say it, too. */
  readonly infer: boolean;
}

const mediaTypes = /^application\/(x-)?gzip\b/i;
const magic = [0x1f, 0x8b] as const;

/**
 * Tells whether a file is compressed.
 *
 * @param compression What the entry says.
 * @param path The path of its URL.
 *
 * @returns What is known before it is read.
 */
export function createCompression(compression: Compression, path: string): Gzip {
  const infer = compression === "infer";
  return { always: compression === "gzip" || (infer && /\.gz$/i.test(path)), infer };
}

/**
 * Creates the bytes of a file as they were before gzip.
 *
 * @param content The bytes as they are kept, and what the place says of them.
 * @param gzip What is known of the file.
 * @param limit How many bytes there may be.
 *
 * @returns The bytes as they are if nothing says that they are compressed.
 *
 * @throws DATA_INVALID, also from the stream, when they should be compressed and are not, or are damaged or cut off.
 */
export async function decompressed(
  content: Content,
  gzip: Gzip,
  limit: SizeLimit,
): Promise<ReadableStream<Uint8Array>> {
  const told = gzip.always || (gzip.infer && mediaTypes.test(content.mediaType ?? ""));
  if (!told) return content.bytes;
  const { start, bytes } = await peeked(content.bytes, magic.length);
  if (magic.every((byte, at) => start[at] === byte)) {
    const ratio = createRatioLimit(limit);
    return withinSize(ratio.after(inflated(ratio.before(bytes), limit.shown)), limit, false);
  }
  // A server may send `x.csv.gz` with a Content-Encoding, which fetch has undone.
  if (content.mayBeDecoded) return bytes;
  await bytes.cancel();
  throw invalid(limit.shown, start.length === 0 ? "found an empty file" : "found other bytes");
}

/**
 * Creates the bytes that a compressed file is made of.
 *
 * @param data The bytes before.
 *
 * @returns The bytes after.
 */
export function compressed(data: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  return data.pipeThrough(new CompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array>);
}

function inflated(bytes: ReadableStream<Uint8Array>, shown: string): ReadableStream<Uint8Array> {
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
  const output = input
    .pipeThrough(new DecompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array>)
    .getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await output.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (thrown) {
          if (broken !== undefined) throw broken;
          throw isLaunchpadError(thrown)
            ? thrown
            : invalid(shown, `found damaged bytes, or not all of them (${messageOf(thrown)})`, thrown);
        }
      },
      cancel: (reason) => output.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function invalid(shown: string, found: string, cause?: unknown): LaunchpadError {
  const advice = "With `compression: none` the file is read as it is";
  return new LaunchpadError("DATA_INVALID", `${shown}: a file compressed with gzip expected, ${found}. ${advice}`, {
    cause,
  });
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
