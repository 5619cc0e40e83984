import type { DataLocation } from "../../src/internal.ts";

/** The part of a Cloudflare KV binding that data needs. */
export interface KvDataNamespace {
  get(key: string, type: "stream"): Promise<ReadableStream<Uint8Array> | null>;
  put(key: string, value: Uint8Array): Promise<void>;
}

/** https://developers.cloudflare.com/kv/platform/limits/ */
const maxValueBytes = 25 * 1024 * 1024;

/**
 * Creates the place of one value in a KV namespace. It is read whole, and written whole from memory: KV takes no more
 * than 25 MiB, and shows a change elsewhere up to a minute late. R2 has neither limit.
 *
 * @param namespace The binding.
 * @param key The name of the value.
 *
 * @returns The place.
 */
export function kvLocation(namespace: KvDataNamespace, key: string): DataLocation {
  return {
    async stream() {
      const bytes = await namespace.get(key, "stream");
      if (bytes === null) throw new Error("it does not exist: there is no such key in the namespace");
      return { bytes };
    },
    async write(data, signal) {
      const bytes = await collected(data);
      signal?.throwIfAborted();
      await namespace.put(key, bytes);
    },
  };
}

async function collected(data: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = data.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > maxValueBytes) {
      const error = new Error("found more than 25 MiB, which is the most that KV keeps. Write to R2 instead");
      await reader.cancel(error);
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
