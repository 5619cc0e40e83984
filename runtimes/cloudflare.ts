import type { GenericSchema } from "valibot";
import { createLaunchpad, type Execution, type Host, type Launchpad, type LaunchpadOptions } from "../src/index.ts";
import { accessTo, storesOf } from "./backends/backend.ts";
import { type Env, variableOf } from "./backends/binding.ts";
import { everywhere } from "./backends/everywhere.ts";
import { platformOf } from "./backends/platform.ts";
import { queuesOf } from "./backends/queue-binding.ts";
import { workers } from "./backends/workers.ts";
import { consoleLogger } from "./process/console-logger.ts";
import { type MessageBatch, runJobs } from "./process/job-messages.ts";
import { openDriver } from "./storage/open-driver.ts";

export type { Env } from "./backends/binding.ts";
export type { MessageBatch } from "./process/job-messages.ts";

/** A Worker: what its entry module exports by default. */
export interface Worker {
  /** Answers a request; it never rejects. */
  fetch(request: Request, env: Env, execution?: Execution): Response | Promise<Response>;
  /** Does the jobs that a queue brings (`api.jobs.queue`). */
  queue(batch: MessageBatch, env: Env): Promise<void>;
}

const backends = { ...workers, ...everywhere };

/**
 * Creates the host of Cloudflare Workers.
 *
 * @param env Bindings, variables and secrets.
 *
 * @returns A host without files: its model store is R2, KV, S3 or, read-only, a web server.
 */
export function createHost(env: Env): Host {
  const context = { env: variableOf(env), bindings: env };
  return {
    runtime: { name: "workerd", version: navigator.userAgent },
    log: consoleLogger(),
    now: Date.now,
    elapsed: () => performance.now(),
    isolated: true,
    ...platformOf(env),
    ...queuesOf(env),
    env: context.env,
    ...accessTo(backends, context),
    openStorage: (location, section) => openDriver(location, { stores: storesOf(backends), section, ...context }),
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
  let launchpad: Pick<Launchpad, "fetch" | "api"> | undefined;
  const open = (env: Env) => {
    launchpad ??= createLaunchpad({ ...rest, host: { ...createHost(env), ...(openTelemetry && { openTelemetry }) } });
    return launchpad;
  };
  return {
    fetch: (request, env, execution) => open(env).fetch(request, execution),
    queue: (batch, env) => runJobs(batch, async () => open(env).api()),
  };
}
