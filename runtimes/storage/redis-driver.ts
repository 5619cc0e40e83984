import { Buffer } from "node:buffer";
import type { Redis, RedisOptions } from "ioredis";
import type { Driver } from "unstorage";
import { messageOf } from "../../src/internal.ts";
import { objectDriver } from "./object-driver.ts";

export interface RedisDriverOptions {
  /** The class that `ioredis` exports. */
  readonly client: new (
    options: RedisOptions,
  ) => Redis;
  /** Where the server is, and how to log in. */
  readonly server: RedisOptions;
  /** The server, for messages: without a password. */
  readonly shown: string;
  /** What the keys start with; empty, or ending in a colon. */
  readonly prefix: string;
}

/** What the server says of a login that will not work the next time either. */
const refused = /^(NOAUTH|WRONGPASS|NOPERM)\b|invalid password|without any password/i;

/** Codes of errors about certificates, which will be the same at every try. */
const untrusted = /CERT|SIGNATURE/;

/**
 * Creates a driver over a Redis server that keeps bytes as they are. It connects when it is first used, and again at
 * the first use after a connection was lost; it never tries on its own.
 *
 * @param options The client, the server and the prefix.
 *
 * @returns A driver, which closes its connection when it is disposed of.
 */
export function redisDriver({ client: Client, server, shown, prefix }: RedisDriverOptions): Driver {
  let connection: { readonly redis: Redis; readonly ready: Promise<void> } | undefined;

  function connect() {
    const redis = new Client({ ...server, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    // Without a listener ioredis writes to the console. Connecting fails with "Connection is closed"; this says why.
    let reason: unknown;
    redis.on("error", (error) => {
      reason ??= error;
    });
    const made = {
      redis,
      ready: redis.connect().catch((error: unknown) => {
        redis.disconnect();
        if (connection === made) connection = undefined;
        throw reason ?? error;
      }),
    };
    redis.on("end", () => {
      if (connection === made) connection = undefined;
    });
    return made;
  }

  async function use<T>(task: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      connection ??= connect();
      const { redis, ready } = connection;
      await ready;
      return await task(redis);
    } catch (error) {
      // ioredis gives its errors the arguments of the command, a password among them: only the message is kept.
      const message = messageOf(error);
      const found = error instanceof Error && "code" in error ? String(error.code) : "";
      const distrust = untrusted.test(found);
      const remedy = distrust ? ". Name who signed the server's certificate in model_store.ca" : "";
      const code = distrust || refused.test(message) ? { code: "EACCES" } : {};
      throw Object.assign(new Error(`${shown} failed: ${message}${remedy}`), code);
    }
  }

  return objectDriver({
    name: "launchpad-redis",
    prefix,
    separator: ":",
    get: async (name) => {
      const found = await use((redis) => redis.getBuffer(name));
      return found && new Uint8Array(found);
    },
    has: async (name) => (await use((redis) => redis.exists(name))) === 1,
    put: async (name, { buffer, byteOffset, byteLength }) =>
      void (await use((redis) => redis.set(name, Buffer.from(buffer, byteOffset, byteLength)))),
    remove: async (name) => void (await use((redis) => redis.del(name))),
    list: (beginning) =>
      use(async (redis) => {
        // A key can come up more than once (https://redis.io/docs/latest/commands/scan/).
        const names = new Set<string>();
        const pattern = `${beginning.replace(/[\\*?[\]]/g, "\\$&")}*`;
        for (let cursor = "0"; ; ) {
          const [next, page] = await redis.scan(cursor, "MATCH", pattern, "COUNT", 1000);
          for (const name of page) names.add(name);
          if (next === "0") return [...names];
          cursor = next;
        }
      }),
    // Every command has been answered by then, or given up: saying goodbye could take forever.
    dispose: async () => connection?.redis.disconnect(),
  });
}
