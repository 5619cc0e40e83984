import { whereIs } from "../../config/source-map.ts";
import { LaunchpadError } from "../../errors.ts";
import type { MessageQueue } from "../../host.ts";
import type { Context } from "../../lifecycle/context.ts";
import { memoizeAsync } from "../../util/memoize-async.ts";
import { familyText } from "../metrics/text.ts";
import type { Handlers } from "../request-context.ts";
import { jobEndpoint } from "./endpoints.ts";
import type { Jobs } from "./jobs.ts";
import { type JobsOptions, type OpenedJobs, openJobs } from "./open-jobs.ts";
import { preferencesOf } from "./prefer.ts";
import type { JobResource } from "./take.ts";
import { webhookHeader } from "./webhook.ts";

/**
 * Creates what the section `api.jobs` asks for: answers in their own time. Their storage is opened when somebody is ready to serve.
 *
 * @param context The lifecycle.
 * @param options What the API is.
 *
 * @returns The jobs; undefined without such a section.
 *
 * @throws CONFIG_INVALID and BINDING_NOT_SET where an instance ends with its response, and no queue wakes another.
 */
export function createJobs(context: Context, options: JobsOptions): Jobs | undefined {
  const { config, basePath = "" } = context;
  const settings = config.api?.jobs;
  if (settings === undefined) return undefined;
  const queue = queueOf(context);
  const resources = new Map<string, JobResource>();
  const nameOf = ({ method, route }: { readonly method: string; readonly route: string }) => `${method} ${route}`;
  const [first] = options.definition.resources;
  const putPath = first && (first.methods as readonly string[]).includes("POST") ? first.path : undefined;
  let opened: OpenedJobs | undefined;
  const open = memoizeAsync(async () => {
    opened = await openJobs(context, {
      ...options,
      settings,
      queue,
      basePath,
      resourceOf: (asked) => resources.get(nameOf(asked)),
      putResource: () =>
        putPath === undefined ? undefined : resources.get(nameOf({ method: "POST", route: basePath + putPath })),
    });
    return opened;
  });
  const opening =
    (method: "GET" | "PUT" | "DELETE"): Handlers[string] =>
    async (request, path, it) =>
      (opened ?? (await open())).handlers[method]?.(request, path, it);

  return {
    endpoint: jobEndpoint(basePath, {
      GET: opening("GET"),
      DELETE: opening("DELETE"),
      ...(putPath !== undefined && { PUT: opening("PUT") }),
    }),
    documented: { webhooks: settings.webhooks !== undefined, putPath },
    async ready() {
      await open();
    },
    offer(resource, handler) {
      resources.set(nameOf(resource), resource);
      return (request, path, it) => {
        const { headers } = request;
        const isAsync = preferencesOf(headers.get("prefer")).isAsync || headers.get(webhookHeader) !== null;
        if (!isAsync) return handler(request, path, it);
        return open().then((jobs) => jobs.take(resource, request, path, it));
      };
    },
    metrics(labels = {}) {
      const { running, waiting, ended } = opened?.counts() ?? { running: 0, waiting: 0, ended: {} };
      const name = "launchpad_jobs";
      const states = Object.entries({ running, waiting });
      return [
        familyText(
          name,
          "gauge",
          "Jobs of this process.",
          states.map(([state, n]) => [name, { state }, n]),
          labels,
        ),
        familyText(
          `${name}_ended_total`,
          "counter",
          "Jobs of this process that have ended.",
          Object.entries(ended).map(([status, n]) => [`${name}_ended_total`, { status }, n]),
          labels,
        ),
      ].join("");
    },
    run: async (message) => (opened ?? (await open())).run(message),
    async close() {
      if (open.started()) await (await open()).close();
    },
  };
}

/** The queue that brings jobs to a Worker, whose instances end with their responses. */
function queueOf({ config, host }: Context): MessageQueue | undefined {
  if (!host.isolated) return undefined;
  const where = `${whereIs(config, ["api", "jobs"])}: api.jobs`;
  const name = config.api?.jobs?.queue;
  if (name === undefined) {
    throw new LaunchpadError(
      "CONFIG_INVALID",
      `${where}: found no queue, expected the name of the binding of a queue: an instance of a Worker ends with its response`,
    );
  }
  const queue = host.queue?.(name);
  if (queue) return queue;
  throw new LaunchpadError(
    "BINDING_NOT_SET",
    `${where}.queue: found ${name}, but there is no such binding named ${name}. Add it to queues in wrangler.jsonc.`,
    { detail: `Not bound where this API runs: ${name} (queues).` },
  );
}
