import { parseAccept } from "hono/utils/accept";
import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from "hono/utils/compress";

/** What a response can be compressed to, the better first. */
const encodings = ["gzip", "deflate"] as const;
type Encoding = (typeof encodings)[number];

/** Makes of a response the one that is sent. */
export type Compress = (request: Request, response: Response) => Promise<Response>;

/**
 * Compression of responses, for those who accept it.
 *
 * @param threshold The size from which on it is worth it, in bytes.
 *
 * @returns A function from a response to the one that is sent.
 */
export function createCompression(threshold: number): Compress {
  return async (request, response) => {
    const { headers } = response;
    if (!isCompressible(response)) return response;
    headers.append("vary", "Accept-Encoding");
    const encoding = preferred(request.headers.get("accept-encoding"));
    if (encoding === undefined) return response;
    const length = headers.get("content-length");
    if (length !== null && Number(length) < threshold) return response;
    if (response.body === null) {
      // The response to HEAD for a file, whose size is known.
      return length === null ? response : compressed(null, response, encoding);
    }
    const body = await peek(response.body, threshold);
    if (body instanceof Uint8Array) return new Response(body, response);
    return compressed(through(body, encoding), response, encoding);
  };
}

/** 304 repeats no body; 206 is a part of one. */
function isCompressible({ status, headers }: Response): boolean {
  return (
    status !== 206 &&
    status !== 304 &&
    !headers.has("content-encoding") &&
    COMPRESSIBLE_CONTENT_TYPE_REGEX.test(headers.get("content-type") ?? "") &&
    !/\bno-transform\b/i.test(headers.get("cache-control") ?? "")
  );
}

/** RFC 9110, section 12.5.3: the greatest weight wins, ours decides between equals, 0 means never. */
function preferred(accepted: string | null): Encoding | undefined {
  if (accepted === null) return undefined;
  const weights = new Map(parseAccept(accepted).map(({ type, q }) => [type.toLowerCase(), q]));
  const others = weights.get("*") ?? 0;
  const weightOf = (encoding: string) => weights.get(encoding) ?? others;
  const best = encodings.reduce((one, other) => (weightOf(other) > weightOf(one) ? other : one));
  // Who would rather have it as it is gets it so. Unless it is named, that is as good as anything.
  return weightOf(best) > 0 && weightOf(best) >= (weights.get("identity") ?? 0) ? best : undefined;
}

function compressed(body: ReadableStream | null, { status, headers }: Response, encoding: Encoding): Response {
  headers.delete("content-length");
  headers.set("content-encoding", encoding);
  // The bytes are others: they mean the same, but are not the same.
  const etag = headers.get("etag");
  if (etag?.startsWith('"')) headers.set("etag", `W/${etag}`);
  return new Response(body, { status, headers });
}

/**
 * Fed by hand, a chunk at a time: on Node 20 a pipe would take in 16,384 chunks before it waits for a reader, and the source
 * would not be told that nobody reads on.
 */
function through(source: ReadableStream<BufferSource>, encoding: Encoding): ReadableStream {
  const input = source.getReader();
  const { readable, writable } = new CompressionStream(encoding);
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const ignore = () => {};
  let ended = false;
  return new ReadableStream({
    async pull(controller) {
      let arrived = false;
      const output = reader.read().finally(() => {
        arrived = true;
      });
      output.catch(ignore);
      while (!arrived && !ended) {
        const { done, value } = await input.read();
        ended = done;
        const written = done ? writer.close() : writer.write(value);
        written.catch(ignore);
        await Promise.race([written, output]);
      }
      const { done, value } = await output;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel(reason) {
      reader.cancel(reason).catch(ignore);
      writer.abort(reason).catch(ignore);
      await input.cancel(reason);
    },
  });
}

/** Reads as much of a body as it takes to know whether it is worth it: a small one is bytes then, any other a stream. */
async function peek(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  threshold: number,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<BufferSource>> {
  const reader = body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  while (length < threshold || length === 0) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks, length);
    chunks.push(value);
    length += value.length;
  }
  return new ReadableStream<BufferSource>({
    async pull(controller) {
      const next = chunks.shift();
      if (next) return controller.enqueue(next);
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
