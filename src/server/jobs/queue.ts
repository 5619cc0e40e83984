import { isLaunchpadError } from "../../errors.ts";
import { RequestContext } from "../request-context.ts";
import { requestOf } from "./asked.ts";
import type { JobDesk } from "./desk.ts";
import { execute, interrupted } from "./execute.ts";
import type { AskedRequest, JobEnd, JobRequest } from "./job.ts";
import { endLost, isLost } from "./sweep.ts";
import type { JobResource, Send } from "./take.ts";
import { tellOnce } from "./tell.ts";
import { repeating } from "./timer.ts";
import { webhookWaits } from "./webhook.ts";

/** Message of a queue, by which an instance learns of a job. */
export interface JobMessage {
  /** Name of the model. */
  readonly model: string;
  /** Key of the job in the storage. */
  readonly job: string;
  /** How often its end was told in vain. */
  readonly told?: number;
}

/** So often it is looked whether a job was canceled while it runs, in seconds. */
const lookSeconds = 5;

/**
 * Creates what does a job that a queue has brought. A queue may bring a job twice: it is predicted once.
 *
 * @param desk What jobs have in common.
 * @param resourceOf Finds what a job asks.
 * @param send Sends a message again, after so many seconds.
 *
 * @returns A function from a message. It resolves with after how many seconds the message is to come again; undefined for never.
 */
export function createQueueRunner(
  desk: JobDesk,
  resourceOf: (asked: AskedRequest) => JobResource | undefined,
  send: (message: JobMessage, delaySeconds: number) => Promise<unknown>,
) {
  const { store, host, log, settings, metrics } = desk;

  const predicted = async (key: string, request: JobRequest, asked: AskedRequest): Promise<JobEnd | undefined> => {
    const controller = new AbortController();
    const looking = repeating(lookSeconds, async () => {
      if (await store.end(key).catch(() => undefined)) controller.abort();
    });
    const body = asked.has_body ? await store.body(key) : undefined;
    const url = new URL(asked.url, "http://localhost").href;
    const whole = { url, method: asked.method, headers: new Headers(asked.headers), body };
    const { route, caller } = asked;
    const context = new RequestContext(new Request(url, { method: asked.method, headers: whole.headers }));
    context.route = route;
    context.caller = caller;
    const resource = resourceOf(asked);
    looking.start();
    try {
      const predict = async (it: RequestContext) => {
        if (resource === undefined) throw new Error(`there is no ${asked.method} ${route} any more`);
        const made = await resource.prepare(requestOf(whole), asked.path);
        return made(it);
      };
      const { signal } = controller;
      const { timeout } = settings;
      const end = await execute(predict, context, { signal, timeout, log, metrics, now: host.now });
      return end ?? (await store.end(key)) ?? interrupted(request.id, host.now());
    } finally {
      looking.stop();
    }
  };

  return async ({ model, job: key, told = 0 }: JobMessage): Promise<number | undefined> => {
    try {
      const request = await store.request(key);
      // Its time is over.
      if (request?.asked === undefined) return undefined;
      if ((await store.end(key)) === undefined) {
        const started = await store.started(key);
        if (started !== undefined) {
          if (!(await isLost(desk, key, request))) {
            return Math.ceil(
              Math.max(1, (Date.parse(started) - host.now()) / 1000 + settings.timeout + settings.lost_after + 1),
            );
          }
          await endLost(desk, key, request);
        } else {
          await store.start(key, new Date(host.now()).toISOString());
          const end = await predicted(key, request, request.asked);
          if (end && (await store.end(key)) === undefined) await store.finish(key, end);
        }
      }
      const why = await tellOnce(desk, key, request);
      const wait = webhookWaits[told];
      if (why !== undefined) log.warning(`jobs: the end of a job could not be told: ${why}`);
      if (why !== undefined && wait !== undefined) await send({ model, job: key, told: told + 1 }, wait);
      else await store.settle(key, request);
      return undefined;
    } catch (error) {
      if (!isLaunchpadError(error) || error.code !== "STORE_UNAVAILABLE") throw error;
      log.warning("jobs: the storage cannot be reached at the moment (api.jobs.location)", { error });
      return webhookWaits[1];
    }
  };
}

/** Creates what sends a job to a queue. */
export function senderOf(
  queue: { send(message: unknown, options?: { readonly delaySeconds?: number }): Promise<unknown> },
  model: string,
): Send {
  return async (job) => {
    await queue.send({ model, job } satisfies JobMessage);
  };
}
