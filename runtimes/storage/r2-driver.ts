import type { Driver } from "unstorage";
import { objectDriver } from "./object-driver.ts";

/** The part of a Cloudflare R2 binding that a model store uses. */
export interface R2Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  head(key: string): Promise<unknown>;
  put(key: string, value: ArrayBuffer | ArrayBufferView): Promise<unknown>;
  delete(key: string): Promise<void>;
  list(options: {
    prefix: string;
    cursor?: string;
  }): Promise<
    | { readonly objects: readonly { readonly key: string }[]; readonly truncated: false }
    | { readonly objects: readonly { readonly key: string }[]; readonly truncated: true; readonly cursor: string }
  >;
}

export interface R2Options {
  readonly bucket: R2Bucket;
  /** What the keys in the bucket start with; empty, or ending in a slash. */
  readonly prefix: string;
}

/**
 * Creates a driver over an R2 bucket. Objects have the names of the files in a local model store, so that a folder
 * can be copied into a bucket and back; unstorage's own driver joins keys with colons and lists 1000 of them at most.
 *
 * @param options The bucket and the prefix.
 *
 * @returns A driver.
 */
export function r2Driver({ bucket, prefix }: R2Options): Driver {
  return objectDriver({
    name: "launchpad-r2",
    prefix,
    separator: "/",
    async get(name) {
      const object = await bucket.get(name);
      return object && new Uint8Array(await object.arrayBuffer());
    },
    has: async (name) => (await bucket.head(name)) !== null,
    put: async (name, bytes) => void (await bucket.put(name, bytes)),
    remove: (name) => bucket.delete(name),
    async list(beginning) {
      const names: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await bucket.list({ prefix: beginning, ...(cursor === undefined ? {} : { cursor }) });
        for (const { key } of page.objects) names.push(key);
        if (!page.truncated) return names;
        cursor = page.cursor;
      }
    },
  });
}
