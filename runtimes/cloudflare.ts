import memoryDriver from "unstorage/drivers/memory";
import type { GenericSchema } from "valibot";
import { createLaunchpad, type Execution, type Host, type Launchpad, type LaunchpadOptions } from "../src/index.ts";
import { d1Databases, type Env, kvData, kvScheme, r2Data, r2Scheme, variableOf } from "./hosts/cloudflare-bindings.ts";
import { s3DataLocation } from "./places/s3.ts";
import { consoleLogger } from "./process/console-logger.ts";
import { httpSchemes } from "./storage/http-location.ts";
import { openDriver, type Scheme } from "./storage/open-driver.ts";
import { s3Scheme } from "./storage/s3-location.ts";

export type { Env } from "./hosts/cloudflare-bindings.ts";

/** A Worker: what its entry module exports by default. */
export interface Worker {
  fetch(request: Request, env: Env, execution?: Execution): Response | Promise<Response>;
}

/** The one table from the scheme of a model store's location to the driver behind it. */
const schemesOf = (env: Env): Readonly<Record<string, Scheme>> => ({
  "r2:": r2Scheme(env),
  "kv:": kvScheme(env),
  "s3:": s3Scheme,
  ...httpSchemes,
  "memory:": { form: "memory:", open: () => memoryDriver() },
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
    log: consoleLogger(),
    now: Date.now,
    elapsed: () => performance.now(),
    isolated: true,
    env: variableOf(env),
    dialects: d1Databases(env),
    places: { "r2:": r2Data(env), "kv:": kvData(env), "s3:": s3DataLocation(variableOf(env)) },
    openStorage: (location, section) =>
      openDriver(location, { schemes: schemesOf(env), section, env: variableOf(env) }),
  };
}

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
