import { routeTo } from "../../api/routes.ts";
import { LaunchpadError } from "../../errors.ts";
import type { Endpoint } from "../protocols/endpoint.ts";
import type { Handlers, RequestContext } from "../request-context.ts";
import { idOf, keyOf } from "./asked.ts";
import type { JobDesk } from "./desk.ts";
import { hasEnded, type Job, jobOf } from "./job.ts";
import { preferencesOf } from "./prefer.ts";
import type { JobRunner } from "./runner.ts";
import { endLost, isExpired, isLost } from "./sweep.ts";
import type { createTake, JobResource, Taken } from "./take.ts";
import { tellEnd } from "./tell.ts";

/** What the paths of jobs are made of. */
export interface JobEndpointsOptions {
  readonly desk: JobDesk;
  readonly runner: JobRunner;
  readonly basePath: string;
  readonly take: ReturnType<typeof createTake>;
  /** What `PUT` asks: the first resource of the API, if it takes a body. */
  putResource(): JobResource | undefined;
  respond(body: string, init: ResponseInit): Response;
  /** The URL before the path, where a proxy in front says it. */
  outside?(context: RequestContext): string;
}

/** Seconds after which it is worth looking again. */
const retryAfter = "1";

/**
 * Endpoint of jobs.
 *
 * @param basePath The path of the API.
 * @param handlers Its handlers, by method.
 *
 * @returns The endpoint.
 */
export function jobEndpoint(basePath: string, handlers: Handlers): Endpoint {
  const template = `${basePath}/predictions/{id}`;
  return { route: routeTo(template), template, handlers, predicts: false };
}

/**
 * Creates the paths of jobs: `GET`, `PUT` and `DELETE /predictions/{id}`.
 *
 * @param options What jobs have in common.
 *
 * @returns The handlers of the path, and what answers a request for a job (RFC 7240).
 */
export function jobHandlers(options: JobEndpointsOptions): {
  readonly handlers: Handlers;
  /** Response to a request that has become a job. */
  accepted(taken: Taken, context: RequestContext, status: 200 | 202): Response;
} {
  const { desk, runner, basePath, take, respond } = options;
  const { store, host } = desk;

  const answer = (job: Job, { headers }: RequestContext, status: number, more: Record<string, string> = {}) =>
    respond(JSON.stringify(job), {
      status,
      headers: {
        ...headers,
        "cache-control": "no-store",
        ...(!hasEnded(job) && { "retry-after": retryAfter }),
        ...more,
      },
    });
  const accepted = ({ job }: Taken, context: RequestContext, status: 200 | 202) =>
    answer(job, context, status, {
      location: `${options.outside?.(context) ?? ""}${basePath}/predictions/${job.id}`,
      vary: "Prefer",
      ...(status === 202 && { "preference-applied": "respond-async" }),
    });

  const unknown = (id: string) =>
    new LaunchpadError(
      "NOT_FOUND",
      `There is no job with the id ${id}: it never was, its time is over, or it is another caller's`,
    );
  const find = async (key: string, id: string): Promise<Job> => {
    const own = runner.find(key);
    if (own) return own;
    const [request, started, end] = await Promise.all([store.request(key), store.started(key), store.end(key)]);
    if (request === undefined || (end && isExpired(desk, end.completed_at))) throw unknown(id);
    if (end) return jobOf(request, started, end);
    // It may have ended since.
    if (!(await isLost(desk, key, request))) return jobOf(request, started, await store.end(key));
    await endLost(desk, key, request);
    return jobOf(request, started, await store.end(key));
  };
  const waitOf = (request: Request) => preferencesOf(request.headers.get("prefer")).wait;

  const get: Handlers = {
    async GET(request, path, context) {
      const id = idOf(path);
      const key = keyOf(basePath, context, id);
      await runner.wait(key, waitOf(request));
      return answer(await find(key, id), context, 200);
    },
    async DELETE(_request, path, context) {
      const id = idOf(path);
      const key = keyOf(basePath, context, id);
      const job = await find(key, id);
      if (hasEnded(job)) return answer(job, context, 200);
      if (!(await runner.cancel(key))) {
        const request = await store.request(key);
        if ((await store.end(key)) === undefined) {
          await store.finish(key, { status: "canceled", completed_at: new Date(host.now()).toISOString() });
        }
        if (request) void tellEnd(desk, key, request);
      }
      return answer(await find(key, id), context, 200);
    },
  };
  const put: Handlers = {
    async PUT(request, path, context) {
      const id = idOf(path);
      const resource = options.putResource();
      if (resource === undefined) {
        throw new LaunchpadError(
          "NOT_FOUND",
          "The first resource of this API takes no body, so that no job can be put",
        );
      }
      const taken = await take(resource, request, {}, context, id);
      await runner.wait(taken.key, waitOf(request));
      const job = await find(taken.key, id);
      return accepted({ ...taken, job }, context, hasEnded(job) ? 200 : 202);
    },
  };
  return { accepted, handlers: { ...get, ...put } };
}
