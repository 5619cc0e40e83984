import { createPackaged, type Packaged, type PackagedLaunchpad } from "../../src/internal.ts";
import type { Env } from "../backends/binding.ts";
import { queuesOf } from "../backends/queue-binding.ts";
import { type MessageBatch, runJobs } from "../process/job-messages.ts";
import type { PortableParts } from "./host.ts";
import { combinePackaged, type PackagedProject, type PackagedShared } from "./several.ts";
import { handlerOf, type PackagedHandler, workerHost } from "./worker.ts";

/** What a Worker exports besides `fetch`, so that a queue can wake it. */
export interface QueueHandler extends PackagedHandler {
  queue(batch: MessageBatch, env: unknown): Promise<void>;
}

/**
 * Creates the Worker of a package whose jobs a queue brings.
 *
 * @param packaged The model, its configuration and its API.
 * @param parts What else the package has.
 *
 * @returns The default export of its module.
 */
export function packagedQueueWorker(packaged: Packaged, parts: PortableParts): QueueHandler {
  return withQueue(
    (env) => createPackaged(packaged, { ...workerHost(env, parts), ...queuesOf(env) }),
    (launchpad) => async () => launchpad.api(),
  );
}

/**
 * Creates the Worker of a package of several projects, some of whose jobs a queue brings.
 *
 * @param projects The projects.
 * @param shared What they share.
 * @param parts What else the package has.
 *
 * @returns The default export of its module.
 */
export function combinedQueueWorker(
  projects: readonly PackagedProject[],
  shared: PackagedShared,
  parts: PortableParts = {},
): QueueHandler {
  return withQueue(
    (env) => combinePackaged(projects, shared, { ...workerHost(env, parts), ...queuesOf(env) }),
    ({ models }) =>
      async (model) =>
        (await models.find(model))?.api(),
  );
}

function withQueue<Opened extends Pick<PackagedLaunchpad, "fetch">>(
  create: (env: Env) => Opened,
  apisOf: (opened: Opened) => Parameters<typeof runJobs>[1],
): QueueHandler {
  let opened: Opened | undefined;
  const open = (env: Env) => {
    opened ??= create(env);
    return opened;
  };
  const { fetch } = handlerOf(open);
  return {
    fetch,
    queue: (batch, env) => runJobs(batch, apisOf(open(typeof env === "object" && env !== null ? (env as Env) : {}))),
  };
}
