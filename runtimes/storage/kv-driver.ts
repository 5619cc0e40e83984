import type { Driver } from "unstorage";
import { objectDriver } from "./object-driver.ts";

/** The part of a Cloudflare KV binding that a model store uses. */
export interface KvNamespace {
  get(key: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
  put(key: string, value: ArrayBuffer | ArrayBufferView): Promise<void>;
  delete(key: string): Promise<void>;
  list(options: {
    prefix: string;
    cursor?: string;
  }): Promise<
    | { readonly keys: readonly { readonly name: string }[]; readonly list_complete: true }
    | { readonly keys: readonly { readonly name: string }[]; readonly list_complete: false; readonly cursor: string }
  >;
}

export interface KvOptions {
  readonly namespace: KvNamespace;
  /** What the keys in the namespace start with; empty, or ending in a slash. */
  readonly prefix: string;
}

/**
 * Creates a driver over a KV namespace. Unlike unstorage's own it keeps bytes as they are and has the names of the
 * files in a local model store. KV shows a change elsewhere up to a minute late, and takes 25 MiB for one value at most
 * (https://developers.cloudflare.com/kv/platform/limits/): R2 has neither limit.
 *
 * @param options The namespace and the prefix.
 *
 * @returns A driver.
 */
export function kvDriver({ namespace, prefix }: KvOptions): Driver {
  const get = async (name: string) => {
    const found = await namespace.get(name, "arrayBuffer");
    return found && new Uint8Array(found);
  };
  return objectDriver({
    name: "launchpad-kv",
    prefix,
    separator: "/",
    get,
    has: async (name) => (await get(name)) !== null,
    put: (name, bytes) => namespace.put(name, bytes),
    remove: (name) => namespace.delete(name),
    async list(beginning) {
      const names: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await namespace.list({ prefix: beginning, ...(cursor === undefined ? {} : { cursor }) });
        for (const { name } of page.keys) names.push(name);
        if (page.list_complete) return names;
        cursor = page.cursor;
      }
    },
  });
}
