import memoryDriver from "unstorage/drivers/memory";
import type { GenericSchema } from "valibot";
import {
  createLaunchpad,
  createLogger,
  type Execution,
  type Host,
  type Launchpad,
  LaunchpadError,
  type LaunchpadOptions,
  type LogLevel,
  type OpenPlace,
} from "../src/index.ts";
import { httpSchemes } from "./shared/http-location.ts";
import { type KvNamespace, kvDriver } from "./shared/kv-driver.ts";
import { type KvDataNamespace, kvPlace } from "./shared/kv-place.ts";
import { objectKey } from "./shared/object-key.ts";
import { openDriver, prefixOf, type Scheme } from "./shared/open-driver.ts";
import { type R2Bucket, r2Driver } from "./shared/r2-driver.ts";
import { type R2DataBucket, r2Place } from "./shared/r2-place.ts";
import { s3Scheme } from "./shared/s3-location.ts";
import { s3Place } from "./shared/s3-place.ts";
import { stackOf } from "./shared/stack.ts";

/** Bindings, variables and secrets, as Cloudflare hands them to a Worker. */
export type Env = Readonly<Record<string, unknown>>;

/** A Worker: what its entry module exports by default. */
export interface Worker {
  fetch(request: Request, env: Env, execution?: Execution): Response | Promise<Response>;
}

/** The one table from the scheme of a model store's location to the driver behind it. */
const schemesOf = (env: Env): Readonly<Record<string, Scheme>> => ({
  "r2:": {
    form: "r2://BINDING/prefix",
    open: ({ location }) =>
      r2Driver({ bucket: bindingOf<R2Bucket>(location, env, "r2_buckets", "head"), prefix: prefixOf(location) }),
  },
  "kv:": {
    form: "kv://BINDING/prefix",
    open: ({ location }) =>
      kvDriver({
        namespace: bindingOf<KvNamespace>(location, env, "kv_namespaces", "getWithMetadata"),
        prefix: prefixOf(location),
      }),
  },
  "s3:": s3Scheme,
  ...httpSchemes,
  "memory:": { form: "memory:", open: () => memoryDriver() },
});

/** The one table from the scheme of a data source's or sink's path to what is behind it. */
const placesOf = (env: Env): Readonly<Record<string, OpenPlace>> => ({
  "r2:": (url, { where }) => {
    const key = objectKey(url, where);
    return r2Place(dataBindingOf<R2DataBucket>(url, env, "r2_buckets", "head", where), key);
  },
  "kv:": (url, { where }) => {
    const key = objectKey(url, where);
    return kvPlace(dataBindingOf<KvDataNamespace>(url, env, "kv_namespaces", "getWithMetadata", where), key);
  },
  "s3:": s3Place(variableOf(env)),
});

/**
 * Creates the host of Cloudflare Workers.
 *
 * @param env Bindings, variables and secrets.
 *
 * @returns A host without files: its model store is R2, KV, S3 or, read-only, a web server.
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
    elapsed: () => performance.now(),
    isolated: true,
    env: variableOf(env),
    places: placesOf(env),
    openStorage: (location, section) =>
      openDriver(location, { schemes: schemesOf(env), section, env: variableOf(env) }),
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
  options: Omit<LaunchpadOptions<Contents, Input>, "host"> & {
    /** `() => import("@opentelemetry/api")`, for spans: nothing is bundled that nobody asks for. */
    readonly openTelemetry?: () => Promise<object>;
  },
): Worker {
  const { openTelemetry, ...rest } = options;
  // An isolate sees one environment for as long as it lives; bindings are not there before the first request.
  let launchpad: Pick<Launchpad, "fetch"> | undefined;
  return {
    fetch(request, env, execution) {
      launchpad ??= createLaunchpad({ ...rest, host: { ...createHost(env), ...(openTelemetry && { openTelemetry }) } });
      return launchpad.fetch(request, execution);
    },
  };
}

/** Finds a binding by the name in a location, and knows it from other kinds by a method that only its kind has. */
function bindingOf<Binding>(location: URL, env: Env, key: string, method: string): Binding {
  const binding = findBinding<Binding>(location, env, method);
  if (binding !== undefined) return binding;
  throw new LaunchpadError("STORE_UNAVAILABLE", `model_store.location: ${noBinding(location, key)}`);
}

function dataBindingOf<Binding>(path: URL, env: Env, key: string, method: string, where: string): Binding {
  const binding = findBinding<Binding>(path, env, method);
  if (binding !== undefined) return binding;
  throw new LaunchpadError("DATA_UNAVAILABLE", `${where}: path: ${noBinding(path, key)}`);
}

function findBinding<Binding>({ host }: URL, env: Env, method: string): Binding | undefined {
  const binding = env[host];
  return typeof binding === "object" && binding !== null && method in binding ? (binding as Binding) : undefined;
}

function noBinding({ protocol, host }: URL, key: string): string {
  return `found ${protocol}//${host}, but there is no such binding named ${host}. Add it to ${key} in wrangler.jsonc.`;
}

/** Variables and secrets are texts; everything else is a binding. */
function variableOf(env: Env): (name: string) => string | undefined {
  return (name) => {
    const value = env[name];
    return typeof value === "string" ? value : undefined;
  };
}
