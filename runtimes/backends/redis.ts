import type { Redis, RedisOptions } from "ioredis";
import type { Driver } from "unstorage";
import { LaunchpadError, messageOf } from "../../src/internal.ts";
import { decoded } from "../storage/open-driver.ts";
import { redisDriver } from "../storage/redis-driver.ts";
import { tlsOptions, tlsSettings } from "../storage/redis-tls.ts";
import type { DriverContext, Stores } from "./backend.ts";

/** How `ioredis` is loaded: it is only needed here, so that nobody else has to install it. */
type Load = () => Promise<{ readonly Redis: new (options: RedisOptions) => Redis }>;

const options = ["prefix", "username", "password", "socket", ...tlsOptions];

/** `redis:` and, with TLS, `rediss:`. */
export const stores: Stores = {
  "redis:": { form: "redis://host:6379/0?prefix=models", options, open: (context) => openRedis(context) },
  "rediss:": { form: "rediss://host:6379/0?prefix=models", options, open: (context) => openRedis(context) },
};

/** Another copy of it would be of no use. */
export const installed = "ioredis";

/**
 * Opens the storage behind `redis://user:password@host:port/database?prefix=...`, one server: of a cluster nothing is known.
 *
 * @param context The location and the options.
 * @param load Loads `ioredis`.
 *
 * @returns A driver. It has not connected yet.
 *
 * @throws CONFIG_INVALID for a location that holds anything else, or options that do not fit; MODULE_NOT_FOUND when
 * `ioredis` is not installed.
 */
export async function openRedis(
  { location, options }: Pick<DriverContext, "location" | "options">,
  load: Load = () => import("ioredis"),
): Promise<Driver> {
  const { protocol, hostname, port, pathname } = location;
  const unknown = [...location.searchParams.keys()].find((name) => name !== "prefix");
  if (unknown !== undefined || !/^\/?\d{0,5}$/.test(pathname)) {
    const found = unknown === undefined ? "a path that is not the number of a database" : `the parameter ${unknown}`;
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `model_store.location: found ${found}, expected ${protocol}//host:port/database?prefix=name`,
    );
  }
  const username = options.text("username") ?? decoded(location.username);
  const password = options.text("password") ?? decoded(location.password);
  const prefix = location.searchParams.get("prefix") ?? options.text("prefix") ?? "";
  const host = hostname.replace(/^\[|\]$/g, "") || "localhost";
  const tls = tlsSettings(protocol, host, options);
  const socket = options.text("socket");
  return redisDriver({
    client: (await loaded(load)).Redis,
    server: {
      // A socket of Unix takes the place of host and port.
      ...(socket === undefined ? { host, port: Number(port || 6379) } : { path: socket }),
      db: Number(pathname.slice(1) || 0),
      connectTimeout: 10_000,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      ...(tls ? { tls } : {}),
    },
    shown: socket === undefined ? `${protocol}//${location.host || "localhost"}` : `${protocol} at ${socket}`,
    prefix: prefix.replace(/:*$/, prefix ? ":" : ""),
  });
}

async function loaded(load: Load) {
  try {
    return await load();
  } catch (cause) {
    throw new LaunchpadError(
      "MODULE_NOT_FOUND",
      `model_store.location: redis: needs the package ioredis, which cannot be loaded: ${messageOf(cause)}. Install it: npm install ioredis`,
      { cause },
    );
  }
}
