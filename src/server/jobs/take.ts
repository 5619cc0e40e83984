import { LaunchpadError } from "../../errors.ts";
import { argumentsInvalid } from "../arguments-invalid.ts";
import type { BodyLimits } from "../body/limits.ts";
import { RequestContext } from "../request-context.ts";
import { digestOf, keyOf, newId, type ReadRequest, readWhole, requestOf } from "./asked.ts";
import type { JobDesk } from "./desk.ts";
import type { Prepare } from "./execute.ts";
import { type Job, type JobRequest, jobOf } from "./job.ts";
import type { JobRunner } from "./runner.ts";
import { isExpired } from "./sweep.ts";
import { webhookHeader } from "./webhook.ts";

/** What jobs can be asked for. */
export interface JobResource {
  readonly method: string;
  /** Template of its path. */
  readonly route: string;
  readonly prepare: Prepare;
  /** The headers that are arguments of it. */
  readonly headers: readonly string[];
}

/** Brings a job to another instance, where there is a queue. */
export type Send = (key: string, delaySeconds?: number) => Promise<void>;

/** How jobs are taken. */
export interface TakeOptions {
  readonly desk: JobDesk;
  readonly runner: JobRunner;
  readonly send: Send | undefined;
  readonly basePath: string;
  readonly model: string;
  readonly maxBytes: number;
  readonly limits: BodyLimits;
}

/** What came of a request for a job. */
export interface Taken {
  readonly key: string;
  readonly job: Job;
}

/** So long another process may take to write a job that both were asked for, in milliseconds. */
const patienceMs = 5000;

/**
 * Creates what takes jobs. A request that is not valid is refused at once.
 *
 * @param options What runs them, and what a body may be.
 *
 * @returns A function from a request, and the id that its caller gives it. Throws JOB_CONFLICT, OVERLOADED and what the resource throws.
 */
export function createTake({ desk, runner, send, basePath, model, maxBytes, limits }: TakeOptions) {
  const { store, webhooks, host, settings } = desk;
  /** Of two requests with the same id, one waits for the other. */
  const taking = new Map<string, Promise<Taken>>();

  const webhookOf = (headers: Headers): string | undefined => {
    const given = headers.get(webhookHeader);
    if (given === null) return undefined;
    if (webhooks) return webhooks.accept(given);
    throw argumentsInvalid([
      { in: "header", name: webhookHeader, message: "expected none: this API tells nobody (api.jobs.webhooks)" },
    ]);
  };
  /** The job that is there under an id, if it is the same. */
  const sameAs = async (key: string, digest: string): Promise<Taken | undefined> => {
    const [request, started, end] = await Promise.all([store.request(key), store.started(key), store.end(key)]);
    if (request === undefined) return undefined;
    if (end && isExpired(desk, end.completed_at)) {
      await store.clear(key);
      return undefined;
    }
    if (request.digest === digest) return { key, job: runner.find(key) ?? jobOf(request, started, end) };
    throw new LaunchpadError(
      "JOB_CONFLICT",
      `There is another job with the id ${request.id}: expected the same request as before, or another id`,
    );
  };
  const othersOf = async (key: string, digest: string): Promise<Taken | undefined> => {
    if (!host.peers?.claim || (await host.peers.claim(`job ${key}`))) return undefined;
    const until = host.now() + patienceMs;
    while (host.now() < until) {
      const found = await sameAs(key, digest);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // It was refused there, or could not be written.
    return undefined;
  };
  const contextOf = (asked: ReadRequest, context: RequestContext, route: string): RequestContext => {
    const { requestId, traceHeaders } = context;
    const headers = new Headers(asked.headers);
    headers.set("x-request-id", requestId);
    for (const [name, value] of Object.entries(traceHeaders)) headers.set(name, value);
    const own = new RequestContext(new Request(asked.url, { method: asked.method, headers }));
    own.route = route;
    own.target = { route, model, predicts: true, asksItself: false };
    own.caller = context.caller;
    own.callerKind = context.callerKind;
    return own;
  };

  const begin = async (
    asked: ReadRequest,
    path: Readonly<Record<string, string>>,
    context: RequestContext,
    { resource, id, key, isGiven }: Begun,
  ): Promise<Taken> => {
    const webhook = webhookOf(asked.headers);
    const predict = await resource.prepare(requestOf(asked), path);
    const digest = digestOf(asked, resource, webhook);
    const found = isGiven ? ((await sameAs(key, digest)) ?? (await othersOf(key, digest))) : undefined;
    if (found) return found;
    const free = send ? () => {} : runner.reserve();
    const request: JobRequest = {
      id,
      created_at: new Date(host.now()).toISOString(),
      process: send ? "queue" : desk.process(),
      digest,
      token: newId(),
      ...(webhook !== undefined && { webhook }),
      ...(send && { asked: envelopeOf(asked, path, context, resource) }),
    };
    try {
      const expires = host.now() + (settings.timeout + settings.retention) * 1000;
      await store.begin(key, request, expires, send ? asked.body : undefined);
      if (isGiven) {
        const first = await store.request(key);
        // Another machine was asked at the same time.
        if (first && first.token !== request.token) {
          // Of a queue, all that is written is the other's as well.
          if (first.process !== request.process) await store.settle(key, request);
          return (await sameAs(key, digest)) ?? { key, job: jobOf(first, undefined, undefined) };
        }
      }
      if (send) await send(key);
      else runner.add({ key, request, predict, context: contextOf(asked, context, resource.route) });
      return { key, job: runner.find(key) ?? jobOf(request, undefined, undefined) };
    } catch (error) {
      // Nobody would do it. Where the storage is down, it cannot be taken back either.
      await store.discard(key, request).catch(() => {});
      throw error;
    } finally {
      free();
    }
  };

  return async (
    resource: JobResource,
    request: Request,
    path: Readonly<Record<string, string>>,
    context: RequestContext,
    given?: string,
  ): Promise<Taken> => {
    const asked = await readWhole(request, resource.method, maxBytes, limits);
    const id = given ?? newId();
    const key = keyOf(basePath, context, id);
    for (let before = taking.get(key); before; before = taking.get(key)) await before.catch(() => {});
    const task = begin(asked, path, context, { resource, id, key, isGiven: given !== undefined });
    taking.set(key, task);
    try {
      return await task;
    } finally {
      if (taking.get(key) === task) taking.delete(key);
    }
  };
}

interface Begun {
  readonly resource: JobResource;
  readonly id: string;
  readonly key: string;
  readonly isGiven: boolean;
}

/** What another instance must know; nothing by which the caller is let in. */
function envelopeOf(
  { method, url, headers, body }: ReadRequest,
  path: Readonly<Record<string, string>>,
  { caller }: RequestContext,
  resource: JobResource,
): NonNullable<JobRequest["asked"]> {
  const { pathname, search } = new URL(url);
  const kept = [...resource.headers, "content-type"].flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name.toLowerCase(), value] as const];
  });
  return {
    method,
    url: pathname + search,
    route: resource.route,
    path,
    headers: Object.fromEntries(kept),
    ...(caller !== undefined && { caller }),
    has_body: body !== undefined,
  };
}
