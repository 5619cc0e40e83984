import type { ApiDefinition } from "../../api/definition.ts";
import type { JobsConfig } from "../../config/jobs/job-types.ts";
import { whereIs } from "../../config/source-map.ts";
import { filledSection } from "../../config/variables.ts";
import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import type { MessageQueue } from "../../host.ts";
import type { Context } from "../../lifecycle/context.ts";
import { createStorageOver } from "../../store/storage.ts";
import { formatLocation } from "../../util/paths.ts";
import { defaultMaxBytes } from "../body/bytes.ts";
import type { BodyLimits } from "../body/limits.ts";
import { usualLimits } from "../body/limits.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Forwarded } from "../middleware/forwarded.ts";
import type { Handlers, RequestContext } from "../request-context.ts";
import type { JobDesk } from "./desk.ts";
import { jobHandlers } from "./endpoints.ts";
import type { AskedRequest } from "./job.ts";
import { createJobStore } from "./job-store.ts";
import type { JobMessage } from "./jobs.ts";
import { createQueueRunner, senderOf } from "./queue.ts";
import { createRunner, type JobRunner } from "./runner.ts";
import { prune, sweepLost } from "./sweep.ts";
import { createTake, type JobResource } from "./take.ts";
import { repeating } from "./timer.ts";
import { createWebhooks } from "./webhook.ts";

/** Jobs whose storage is open. */
export interface OpenedJobs {
  readonly handlers: Handlers;
  /** Makes a job of a request. */
  take(
    resource: JobResource,
    request: Request,
    path: Readonly<Record<string, string>>,
    context: RequestContext,
  ): Promise<Response>;
  readonly counts: JobRunner["counts"];
  run(message: JobMessage): Promise<number | undefined>;
  close(): Promise<void>;
}

/** What jobs are made of besides the lifecycle. */
export interface JobsOptions {
  readonly definition: ApiDefinition;
  readonly metrics: Pick<Metrics, "failed"> | undefined;
  readonly forwarded: Forwarded | undefined;
  readonly maxBodyBytes: number | undefined;
  readonly bodyLimits: BodyLimits | undefined;
}

/** What is known of jobs before their storage is open. */
export interface OpenJobsOptions extends JobsOptions {
  readonly settings: JobsConfig;
  readonly queue: MessageQueue | undefined;
  readonly basePath: string;
  resourceOf(asked: AskedRequest): JobResource | undefined;
  putResource(): JobResource | undefined;
}

/** Results whose time is over are looked for so often at least, in seconds. */
const pruneSeconds = 3600;

/**
 * Opens the jobs of an API: their storage, and what runs, tells and removes them.
 *
 * @param context The lifecycle.
 * @param options What is known of them.
 *
 * @returns The jobs.
 *
 * @throws CONFIG_INVALID, VARIABLE_NOT_SET.
 */
export async function openJobs(context: Context, options: OpenJobsOptions): Promise<OpenedJobs> {
  const { config, host } = context;
  const { settings, queue, basePath, forwarded } = options;
  const log = host.log.child("api");
  const model = config.model.name;
  const webhooks = settings.webhooks && createWebhooks(config, settings.webhooks, host);
  const store = createJobStore(await openStorage(context), model);

  let id = "";
  let isClosing = false;
  const desk: JobDesk = {
    settings,
    store,
    webhooks,
    host,
    log,
    metrics: options.metrics,
    telling: new Set(),
    // Not before a request is there: Workers have no random numbers until then.
    process() {
      id ||= crypto.randomUUID();
      return id;
    },
    isClosing: () => isClosing,
  };
  const runner = createRunner(desk);
  const take = createTake({
    desk,
    runner,
    send: queue && senderOf(queue, model),
    basePath,
    model,
    maxBytes: options.maxBodyBytes ?? defaultMaxBytes,
    limits: options.bodyLimits ?? usualLimits,
  });
  const { handlers, accepted } = jobHandlers({
    desk,
    runner,
    basePath,
    take,
    putResource: options.putResource,
    respond: host.respond ?? ((body, init) => new Response(body, init)),
    ...(forwarded && { outside: forwarded.outside }),
  });

  let sweptAt = Number.NEGATIVE_INFINITY;
  let hasOthers = false;
  const sweep = async () => {
    sweptAt = host.now();
    try {
      hasOthers = await sweepLost(desk);
      const hour = Math.floor(host.now() / (pruneSeconds * 1000));
      const isOne = queue || !host.peers?.claim || settings.retention < pruneSeconds;
      if (isOne || (await host.peers?.claim?.(`jobs ${model} ${hour}`))) {
        await prune(desk, (key) => runner.find(key) !== undefined);
      }
    } catch (error) {
      log.warning("jobs: the storage cannot be swept at the moment (api.jobs.location)", { error });
    }
  };
  const sweeping = repeating(
    () => (hasOthers ? settings.lost_after : Math.min(pruneSeconds, Math.max(1, settings.retention / 4))),
    sweep,
  );
  if (!queue) sweeping.start();
  const runQueued =
    queue &&
    createQueueRunner(desk, options.resourceOf, (message, delaySeconds) => queue.send(message, { delaySeconds }));

  return {
    handlers,
    take: async (resource, request, path, it) => accepted(await take(resource, request, path, it), it, 202),
    counts: runner.counts,
    async run(message) {
      if (runQueued === undefined) return undefined;
      const again = await runQueued(message);
      if (Math.abs(host.now() - sweptAt) > pruneSeconds * 1000) await sweep();
      return again;
    },
    async close() {
      isClosing = true;
      sweeping.stop();
      await runner.close();
      await store.close();
    },
  };
}

async function openStorage({ config, host }: Context) {
  const section = filledSection(config, ["api", "jobs"], host.env);
  const where = `${whereIs(config, ["api", "jobs", "location"])}: api.jobs.location`;
  const {
    location,
    retention: _,
    max_running: __,
    max_waiting: ___,
    timeout: ____,
    lost_after: _____,
    ...more
  } = section;
  const { queue: ______, webhooks: _______, ...driverOptions } = more;
  if (typeof location !== "string") {
    throw new LaunchpadError("CONFIG_INVALID", `${where}: found no text, expected a folder or a URL`);
  }
  if (location === config.model_store.location) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: found the location of the model store, expected another one: jobs come and go, and models stay`,
    );
  }
  let driver: Awaited<ReturnType<typeof host.openStorage>>;
  try {
    driver = await host.openStorage(location, driverOptions);
  } catch (error) {
    // Storages speak of the section that most of them are for.
    if (!isLaunchpadError(error)) throw error;
    throw new LaunchpadError(error.code, error.message.replaceAll("model_store", "api.jobs"), { cause: error });
  }
  if (driver.name === "memory" && (host.peers || host.isolated)) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: found the memory of one process, expected a folder or a URL that all processes share`,
    );
  }
  return createStorageOver(driver, formatLocation(location, host.files?.cwd), undefined, "api.jobs.location");
}
