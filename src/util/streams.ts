/**
 * Creates a byte stream from text that is produced as it is asked for.
 *
 * @param texts The text in pieces. It is stopped when the stream is cancelled.
 *
 * @returns The text in UTF-8.
 */
export function encodeUtf8(texts: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return streamFrom(texts, (text) => encoder.encode(text));
}

/**
 * Creates a byte stream from pieces that are produced as they are asked for, and no sooner.
 *
 * @param pieces The pieces. They are stopped when the stream is cancelled.
 * @param toBytes Creates the bytes of a piece.
 *
 * @returns The bytes.
 */
export function streamFrom<T>(pieces: AsyncIterable<T>, toBytes: (piece: T) => Uint8Array): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(toBytes(value));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Creates a stream of bytes that are already there.
 *
 * @param bytes The bytes.
 *
 * @returns A stream with one chunk.
 */
export function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}

/**
 * Creates a stream of what another one holds, and tells of it as it is read; nothing is read ahead.
 *
 * @param stream The stream.
 * @param onChunk Told of each chunk before the reader gets it; what it throws ends both streams.
 * @param onEnd Told when the stream has been read to its end.
 *
 * @returns A stream of the same chunks; cancelling it cancels the other.
 */
export function tapStream(
  stream: ReadableStream<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
  onEnd: () => void = () => {},
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) {
          onEnd();
          controller.close();
        } else {
          try {
            onChunk(value);
          } catch (thrown) {
            reader.cancel(thrown).catch(() => {});
            throw thrown;
          }
          controller.enqueue(value);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/**
 * Stream of what another one holds, up to so many bytes.
 *
 * @param stream The stream, which is cancelled at the limit.
 * @param maxBytes How many bytes may come.
 * @param tooMany Creates what is thrown when more come.
 *
 * @returns A stream of the same chunks; nothing is read ahead.
 */
export function boundedStream(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  tooMany: () => Error,
): ReadableStream<Uint8Array> {
  let length = 0;
  return tapStream(stream, (chunk) => {
    length += chunk.length;
    if (length > maxBytes) throw tooMany();
  });
}

/**
 * Creates one array of bytes from a stream.
 *
 * @param stream The stream.
 * @param maxBytes How many there may be; any number unless told.
 *
 * @returns All its bytes.
 *
 * @throws RangeError when there are more.
 */
export async function bytesOf(
  stream: ReadableStream<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const reader = stream.getReader();
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > maxBytes) {
      const error = new RangeError(`more than ${maxBytes} bytes`);
      reader.cancel(error).catch(() => {});
      throw error;
    }
    chunks.push(next.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
