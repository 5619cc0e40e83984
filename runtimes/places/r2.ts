import type { DataLocation, Parts } from "../../src/internal.ts";
import { upload } from "./multipart-upload.ts";

/** What R2 has under a name. */
interface R2Object {
  readonly size: number;
  readonly etag: string;
  readonly httpMetadata?: { readonly contentType?: string };
}

/** The part of a Cloudflare R2 binding that data needs. */
export interface R2DataBucket {
  head(key: string): Promise<R2Object | null>;
  /** Without a body if the object is no longer the one that was meant. */
  get(
    key: string,
    options?: {
      readonly range?: { readonly offset: number; readonly length: number };
      readonly onlyIf?: { readonly etagMatches: string };
    },
  ): Promise<(R2Object & { readonly body?: ReadableStream<Uint8Array> }) | null>;
  put(key: string, value: Uint8Array): Promise<unknown>;
  list(options: { prefix: string; cursor?: string }): Promise<{
    readonly objects: readonly { readonly key: string }[];
    readonly truncated: boolean;
    readonly cursor?: string;
  }>;
  createMultipartUpload(key: string): Promise<{
    uploadPart(number: number, value: Uint8Array): Promise<unknown>;
    complete(parts: readonly unknown[]): Promise<unknown>;
    abort(): Promise<void>;
  }>;
}

/**
 * Creates the place of one object in an R2 bucket.
 *
 * @param bucket The binding.
 * @param key The name of the object.
 *
 * @returns The place.
 */
export function r2Location(bucket: R2DataBucket, key: string): DataLocation {
  const missing = () => new Error("it does not exist: there is no such key in the bucket");
  return {
    async stream() {
      const object = await bucket.get(key);
      if (object?.body === undefined) throw missing();
      return { bytes: object.body, mediaType: object.httpMetadata?.contentType };
    },
    async parts(): Promise<Parts> {
      const found = await bucket.head(key);
      if (found === null) throw missing();
      return {
        size: found.size,
        async read(start, end) {
          const range = { offset: start, length: end - start };
          const object = await bucket.get(key, { range, onlyIf: { etagMatches: found.etag } });
          if (object?.body === undefined) throw new Error("it was changed while it was read");
          return object.body;
        },
      };
    },
    async list() {
      const names: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await bucket.list({ prefix: key, ...(cursor === undefined ? {} : { cursor }) });
        for (const object of page.objects) names.push(object.key.slice(key.length));
        if (!page.truncated) return names;
        cursor = page.cursor;
      }
    },
    write: (data, signal) =>
      upload(data, {
        put: async (bytes) => {
          signal?.throwIfAborted();
          await bucket.put(key, bytes);
        },
        async begin() {
          const begun = await bucket.createMultipartUpload(key);
          const parts: unknown[] = [];
          return {
            async part(number, bytes) {
              signal?.throwIfAborted();
              parts.push(await begun.uploadPart(number, bytes));
            },
            complete: async () => {
              signal?.throwIfAborted();
              await begun.complete(parts);
            },
            abort: () => begun.abort(),
          };
        },
      }),
  };
}
