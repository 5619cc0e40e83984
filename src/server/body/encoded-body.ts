import { LaunchpadError } from "../../errors.ts";
import { truncateText } from "../../util/truncate.ts";
import { malformed, readBytes, tooLarge } from "./bytes.ts";

/** Names of the encodings that are undone, with what the runtimes call them: `deflate` is the form of zlib (RFC 9110). */
const encodings: Readonly<Record<string, CompressionFormat>> = { gzip: "gzip", "x-gzip": "gzip", deflate: "deflate" };

/**
 * Reads a body that may be compressed, as clients of inference servers send it.
 *
 * @param request The request.
 * @param maxBytes The most that it may have, compressed or not.
 *
 * @returns The bytes before compression; none if there is no body.
 *
 * @throws BODY_TOO_LARGE; MEDIA_TYPE_UNSUPPORTED for another encoding; ARGUMENTS_INVALID when the bytes are damaged.
 */
export async function readEncodedBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const { body, headers } = request;
  if (body === null) return new Uint8Array(0);
  if (Number(headers.get("content-length")) > maxBytes) throw tooLarge(maxBytes);
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (encoding === "identity") return readBytes(body, maxBytes);
  const format = Object.hasOwn(encodings, encoding) ? encodings[encoding] : undefined;
  if (format === undefined) {
    throw new LaunchpadError(
      "MEDIA_TYPE_UNSUPPORTED",
      `The body is encoded as ${truncateText(encoding)}: expected gzip, deflate or none`,
    );
  }
  const compressed = await readBytes(body, maxBytes);
  try {
    return await readBytes(decompressed(compressed, format), maxBytes);
  } catch (error) {
    if (error instanceof LaunchpadError && error.code === "BODY_TOO_LARGE") throw error;
    throw malformed(`the body is not ${encoding}, as its content encoding says, or not all of it`);
  }
}

function decompressed(bytes: Uint8Array<ArrayBuffer>, format: CompressionFormat): ReadableStream<Uint8Array> {
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  return source.pipeThrough(new DecompressionStream(format));
}
