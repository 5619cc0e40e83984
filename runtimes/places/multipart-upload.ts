/** Somewhere that takes an object whole, or in parts that become one when the last has arrived. */
export interface UploadTarget {
  put(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  begin(): Promise<PartialUpload>;
}

/** An object that arrives in parts, and that nobody sees before it is complete. */
export interface PartialUpload {
  /** Sends a part; they are numbered from 1. */
  part(number: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  complete(): Promise<void>;
  /** Throws away what has arrived. */
  abort(): Promise<void>;
}

/** S3 wants at least 5 MiB and at most 10,000 parts, R2 all of one size; a Worker has 128 MiB of memory. */
const partSize = 8 * 1024 * 1024;

/**
 * Writes a stream of any length, of which never more than two parts are in memory. It is read only as fast as it is sent.
 *
 * @param data The bytes.
 * @param target Where they go.
 *
 * @throws Whatever the stream or the target throws; nothing is written then.
 */
export async function upload(data: ReadableStream<Uint8Array>, target: UploadTarget): Promise<void> {
  const reader = data.getReader();
  let begun: PartialUpload | undefined;
  try {
    const parts = inParts(reader, partSize);
    let number = 0;
    for (let next = await parts.next(); ; ) {
      if (next.done) break;
      const bytes = next.value;
      next = await parts.next();
      if (begun === undefined && next.done) {
        await target.put(bytes);
        return;
      }
      begun ??= await target.begin();
      number += 1;
      await begun.part(number, bytes);
    }
    await begun?.complete();
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), begun?.abort()]);
    throw error;
  }
}

/** Pieces of one size, the last one smaller; at least one. */
async function* inParts(reader: ReadableStreamDefaultReader<Uint8Array>, size: number) {
  let part = new Uint8Array(size);
  let filled = 0;
  let given = false;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    for (let at = 0; at < next.value.length; ) {
      const piece = next.value.subarray(at, at + size - filled);
      part.set(piece, filled);
      filled += piece.length;
      at += piece.length;
      if (filled < size) continue;
      yield part;
      given = true;
      part = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0 || !given) yield part.subarray(0, filled);
}
