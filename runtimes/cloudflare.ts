import type { Driver } from "unstorage";
import memoryDriver from "unstorage/drivers/memory";
import type { GenericSchema } from "valibot";
import {
  createLaunchpad,
  createLogger,
  type Host,
  type Launchpad,
  LaunchpadError,
  type LaunchpadOptions,
  type LogLevel,
} from "../src/index.ts";
import { type R2Bucket, r2Driver } from "./shared/r2-driver.ts";
import { stackOf } from "./shared/stack.ts";

/** Bindings, variables and secrets, as Cloudflare hands them to a Worker. */
export type Env = Readonly<Record<string, unknown>>;

/** A Worker: what its entry module exports by default. */
export interface Worker {
  fetch(request: Request, env: Env): Promise<Response>;
}

/** The one table from the scheme of a model store's location to the driver behind it. */
const drivers: Record<string, (location: URL, env: Env) => Driver> = {
  "memory:": () => memoryDriver(),
  "r2:": (location, env) =>
    r2Driver({
      bucket: bucketOf(location, env),
      prefix: location.pathname.replace(/^\/+/, "").replace(/\/*$/, "/").replace(/^\/$/, ""),
    }),
};

/**
 * Creates the host of Cloudflare Workers.
 *
 * @param env Bindings, variables and secrets.
 *
 * @returns A host without files: its model store is an R2 bucket (`r2://BINDING/prefix`).
 */
export function createHost(env: Env): Host {
  return {
    runtime: { name: "workerd", version: navigator.userAgent },
    log: createLogger((level, name, message, properties) =>
      console[methods[level]](
        JSON.stringify({ level, name, message, ...properties }, (_, value) =>
          value instanceof Error ? stackOf(value) : typeof value === "bigint" ? String(value) : value,
        ),
      ),
    ),
    now: Date.now,
    env: (name) => (typeof env[name] === "string" ? env[name] : undefined),
    openStorage(location) {
      const url = new URL(location, "none:/");
      const open = drivers[url.protocol];
      if (open) return open(url, env);
      throw new LaunchpadError(
        "CONFIG_INVALID",
        `model_store.location: found ${JSON.stringify(location)}, expected one of r2://BINDING/prefix, memory: on Cloudflare Workers`,
      );
    },
  };
}

const methods = { debug: "debug", info: "info", warning: "warn", error: "error" } as const satisfies Record<
  LogLevel,
  keyof Console
>;

/**
 * Creates a Worker that serves a model.
 *
 * @param options The configuration, the model and the API as values: a Worker can read no file.
 *
 * @returns The default export of the Worker's entry module.
 */
export function createWorker<Contents, Input extends GenericSchema>(
  options: Omit<LaunchpadOptions<Contents, Input>, "host">,
): Worker {
  // An isolate sees one environment for as long as it lives; bindings are not there before the first request.
  let launchpad: Pick<Launchpad, "fetch"> | undefined;
  return {
    fetch(request, env) {
      launchpad ??= createLaunchpad({ ...options, host: createHost(env) });
      return launchpad.fetch(request);
    },
  };
}

function bucketOf(location: URL, env: Env): R2Bucket {
  const bucket = env[location.host];
  if (typeof bucket === "object" && bucket !== null && "get" in bucket && "list" in bucket) return bucket as R2Bucket;
  throw new LaunchpadError(
    "STORE_UNAVAILABLE",
    `model_store.location: found ${location.href}, but there is no R2 binding named ${location.host}. Add it to r2_buckets in wrangler.jsonc.`,
  );
}
