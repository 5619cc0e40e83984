import { Hono } from "hono";
import { isLaunchpadError, LaunchpadError, messageOf } from "../errors.ts";
import { toPlain } from "../lifecycle/plain.ts";
import type { Logger } from "../log.ts";
import { readBody } from "./body.ts";
import type { ApiDefinition, Resource } from "./definition.ts";
import { problemResponse } from "./problem.ts";
import { shortenText } from "./received.ts";
import { type Route, routesOf } from "./routes.ts";
import { compileResource, type ResourceInput } from "./validate.ts";

/** What an API is made of. */
export interface ApiOptions {
  readonly definition: ApiDefinition;
  /** `/<api.name>/v<major of model.version>`; no slash at the end. */
  readonly basePath: string;
  /** Makes one prediction. The signal is aborted when the client has gone away. */
  predict(args: Record<string, unknown>, options: { signal: AbortSignal }): Promise<unknown>;
  /** Rejects with a LaunchpadError for as long as there is no model to predict with. */
  ready(): Promise<void>;
  readonly log: Logger;
  /** The largest request body, in bytes; 10 MiB unless told. */
  readonly maxBodyBytes?: number;
}

/** A whole API as one Fetch handler. */
export interface Api {
  fetch(request: Request): Promise<Response> | Response;
}

interface Env {
  Bindings: { requestId: string };
}

/** What answers a request to a path, by method. */
type Answers = Readonly<Record<string, (request: Request, path: Record<string, string>) => Promise<unknown>>>;

/**
 * Creates the API of a model. Routes and validation are compiled here, once.
 *
 * @param options The definition, the base path, what predicts, the log, and the limit of a body.
 *
 * @returns An object with `fetch`, which never rejects: an error is a problem response (RFC 9457).
 *
 * @throws API_INVALID when paths clash, or a pattern is no regular expression.
 */
export function createApi(options: ApiOptions): Api {
  const { definition, basePath, log } = options;
  const app = new Hono<Env>();

  const serve = (route: Pick<Route, "hono" | "parameters">, answers: Answers) => {
    const allow = [...Object.keys(answers), ...("GET" in answers ? ["HEAD"] : []), "OPTIONS"].join(", ");
    // One handler a path, so that Hono calls it without composing a chain.
    app.all(route.hono, async (context) => {
      const { raw, method } = context.req;
      const { requestId } = context.env;
      // Hono answers HEAD with what GET answers, without the body.
      const answer = Object.hasOwn(answers, method) ? answers[method] : method === "HEAD" ? answers.GET : undefined;
      try {
        if (answer) {
          const path: Record<string, string> = Object.create(null);
          for (const [key, name] of route.parameters) path[name] = context.req.param(key) ?? "";
          return jsonResponse(await answer(raw, path), requestId);
        }
        if (method === "OPTIONS")
          return new Response(null, { status: 204, headers: { allow, "x-request-id": requestId } });
        throw new LaunchpadError(
          "METHOD_NOT_ALLOWED",
          `${shortenText(method)} is not a method of this path: use ${allow}`,
        );
      } catch (error) {
        return failed(raw, requestId, error, answer ? {} : { allow });
      }
    });
  };

  /** Whoever asks for readiness asks every few seconds: the same reason is logged once. */
  let notReady = "";
  const failed = (request: Request, requestId: string, error: unknown, headers: Record<string, string> = {}) => {
    const response = problemResponse(error, requestId, headers);
    if (isLaunchpadError(error) && error.code === "NOT_READY") {
      if (error.message !== notReady) log.warning(`not ready: ${error.message}`, { request_id: requestId, error });
      notReady = error.message;
    } else if (response.status >= 500) {
      report(log, request, response.status, requestId, error);
    }
    return response;
  };

  const health: Readonly<Record<string, () => Promise<unknown>>> = {
    "/livez": async () => ({ status: "ok" }),
    "/readyz": async () => {
      try {
        await options.ready();
      } catch (cause) {
        throw new LaunchpadError("NOT_READY", messageOf(cause), { cause });
      }
      return { status: "ready" };
    },
  };
  for (const [path, GET] of Object.entries(health)) serve({ hono: path, parameters: [] }, { GET });
  for (const route of routesOf(definition, basePath, Object.keys(health))) {
    serve(route, answersOf(route.resource, options));
  }
  app.notFound((context) =>
    failed(
      context.req.raw,
      context.env.requestId,
      new LaunchpadError("NOT_FOUND", `There is nothing at ${shortenText(context.req.path)}`),
    ),
  );
  app.onError((error, context) => failed(context.req.raw, context.env.requestId, error));
  // Hono builds its matcher at the first match: better now than while somebody waits.
  app.router.match("GET", "/livez");

  return { fetch: (request) => app.fetch(request, { requestId: requestIdOf(request) }) };
}

/** The answers of one resource, its validation compiled. */
function answersOf(resource: Resource, { predict, maxBodyBytes = 10 * 1024 * 1024 }: ApiOptions): Answers {
  const validate = compile(resource);
  const answer = async (request: Request, path: Record<string, string>, body: ResourceInput["body"]) => {
    const outcome = validate({ query: queryOf(request.url), path, body });
    if (outcome.faults) {
      const [first] = outcome.faults;
      const more = outcome.faults.length - 1;
      const detail = first ? `${first.name}: ${first.message}` : "";
      throw new LaunchpadError(
        "ARGUMENTS_INVALID",
        `The request is not valid: ${detail}${more > 0 ? `, and ${more} more` : ""}`,
        { faults: outcome.faults },
      );
    }
    const result = await predict(outcome.args, { signal: request.signal });
    try {
      return toPlain(result);
    } catch (error) {
      throw new LaunchpadError("PREDICT_FAILED", `[model] predict: ${messageOf(error)}`, { cause: error });
    }
  };
  const answers: Answers = {
    GET: (request, path) => answer(request, path, undefined),
    POST: async (request, path) => answer(request, path, await readBody(request, maxBodyBytes)),
  };
  return Object.fromEntries(
    Object.entries(answers).filter(([method]) => (resource.methods as string[]).includes(method)),
  );
}

function compile(resource: Resource): ReturnType<typeof compileResource> {
  try {
    return compileResource(resource);
  } catch (error) {
    throw new LaunchpadError("API_INVALID", `[api] ${resource.path}: ${messageOf(error)}`, { cause: error });
  }
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  if (start < 0) return new URLSearchParams();
  const end = url.indexOf("#", start);
  return new URLSearchParams(end < 0 ? url.slice(start + 1) : url.slice(start + 1, end));
}

function jsonResponse(value: unknown, requestId: string): Response {
  return new Response(JSON.stringify(value), {
    headers: { "content-type": "application/json", "x-request-id": requestId },
  });
}

/** The caller's id if it is harmless in a log and in a header, so that it can be followed through several services. */
function requestIdOf(request: Request): string {
  const given = request.headers.get("x-request-id");
  return given !== null && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : crypto.randomUUID();
}

function report(log: Logger, request: Request, status: number, requestId: string, error: unknown): void {
  const path = new URL(request.url).pathname;
  const properties = { request_id: requestId, method: request.method, path, status, error };
  const message = `${request.method} ${path} (${requestId}): ${messageOf(error)}`;
  if (request.signal.aborted) log.info(`${message} (the client had gone away)`, properties);
  else log.error(message, properties);
}
