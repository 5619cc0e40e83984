import { type Driver, defineDriver } from "unstorage";

/** The part of a Cloudflare R2 binding that a model store uses. */
export interface R2Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  head(key: string): Promise<unknown>;
  put(key: string, value: string | ArrayBuffer | ArrayBufferView): Promise<unknown>;
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
 */
export const r2Driver: (options: R2Options) => Driver = defineDriver(({ bucket, prefix }: R2Options) => {
  const nameOf = (key: string) => prefix + key.replaceAll(":", "/");
  const keyOf = (name: string) => name.slice(prefix.length).replaceAll("/", ":");
  const read = async (key: string) => {
    const object = await bucket.get(nameOf(key));
    return object && new Uint8Array(await object.arrayBuffer());
  };
  return {
    name: "launchpad-r2",
    hasItem: async (key) => (await bucket.head(nameOf(key))) !== null,
    getItem: async (key) => {
      const bytes = await read(key);
      return bytes && new TextDecoder().decode(bytes);
    },
    getItemRaw: read,
    setItem: async (key, value) => {
      await bucket.put(nameOf(key), value);
    },
    setItemRaw: async (key, value) => {
      await bucket.put(nameOf(key), value);
    },
    removeItem: (key) => bucket.delete(nameOf(key)),
    // unstorage asks for all keys without a base, whatever its type says.
    async getKeys(base = "") {
      const keys: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await bucket.list({ prefix: nameOf(base), ...(cursor === undefined ? {} : { cursor }) });
        for (const object of page.objects) keys.push(keyOf(object.key));
        if (!page.truncated) return keys;
        cursor = page.cursor;
      }
    },
  };
});
