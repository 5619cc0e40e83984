import type { Driver } from "unstorage";
import { createS3Client, type S3Account } from "../s3/client.ts";
import { listObjects } from "../s3/list-objects.ts";
import { objectDriver } from "./object-driver.ts";

export interface S3Options extends S3Account {
  /** What the names in the bucket start with; empty, or ending in a slash. */
  readonly prefix: string;
}

/**
 * Creates a driver over a bucket of S3, or of a service with the same API; unstorage's own lists 1000 keys at most.
 * The store tries again by itself.
 *
 * @param options The bucket, the service and the keys.
 *
 * @returns A driver.
 */
export function s3Driver(options: S3Options): Driver {
  const { prefix } = options;
  const client = createS3Client(options);
  const { send, urlOf } = client;
  const ended = async (response: Response) => void (await response.arrayBuffer());

  return objectDriver({
    name: "launchpad-s3",
    prefix,
    separator: "/",
    get: (name) => send("GET", urlOf(name), async (response) => new Uint8Array(await response.arrayBuffer())),
    has: async (name) => (await send("HEAD", urlOf(name), async () => true)) ?? false,
    put: async (name, body) => void (await send("PUT", urlOf(name), ended, { body })),
    remove: async (name) => void (await send("DELETE", urlOf(name), ended)),
    list: (beginning) => listObjects(client, beginning),
  });
}
