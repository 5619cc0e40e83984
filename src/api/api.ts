import { Hono } from "hono";
import { isLaunchpadError, LaunchpadError, messageOf } from "../errors.ts";
import { toPlain } from "../lifecycle/plain.ts";
import type { Logger } from "../log.ts";
import { type Admin, authorize } from "./admin.ts";
import { readBody } from "./body.ts";
import type { ApiDefinition, Resource } from "./definition.ts";
import { type DocumentationOptions, documentationAnswers } from "./documentation.ts";
import { problemResponse } from "./problem.ts";
import { shortenText } from "./received.ts";
import { type Route, routesOf } from "./routes.ts";
import { compileResource, type ResourceInput } from "./validate.ts";

/** What an API is made of. */
export interface ApiOptions {
  readonly definition: ApiDefinition;
  /** `/<api.name>/v<major of model.version>`; no slash at the end. */
  readonly basePath: string;
  /** Makes one prediction. */
  predict(args: Record<string, unknown>, options: PredictOptions): Promise<unknown>;
  /** Rejects with a LaunchpadError for as long as there is no model to predict with. */
  ready(options: Pick<PredictOptions, "waitUntil">): Promise<void>;
  /** Whether the model that serves could not be followed by a newer one. */
  failing?(): boolean;
  /** What whoever bears the token may do; without it there is nothing below `/admin`. */
  readonly admin?: Admin | undefined;
  /** What is said at `/openapi.json` and `/docs`; without it there is neither. */
  readonly documentation?: DocumentationOptions | undefined;
  readonly log: Logger;
  /** The largest request body, in bytes; 10 MiB unless told. */
  readonly maxBodyBytes?: number;
}

/** What a prediction may need to know of its request. */
export interface PredictOptions {
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
  /** To be told which model it is that predicts, as soon as that is known: the response says so. */
  answeredBy(model: { readonly version: string; readonly run: string }): void;
  /** Keeps a task alive that the response does not wait for, where the runtime would end it. */
  waitUntil(task: Promise<unknown>): void;
}

/** A whole API as one Fetch handler. */
export interface Api {
  fetch(request: Request, execution?: Execution): Promise<Response> | Response;
}

/** What a runtime may hand over with a request; other things are ignored. */
export interface Execution {
  waitUntil?(task: Promise<unknown>): void;
}

interface Env {
  Bindings: Incoming;
}

/** One request, besides the request itself. */
interface Incoming {
  readonly requestId: string;
  readonly waitUntil: PredictOptions["waitUntil"];
  /** The headers of the response that are known so far. */
  readonly headers: Record<string, string>;
}

/** What answers a request to a path, by method. */
type Answers = Readonly<
  Record<string, (request: Request, path: Record<string, string>, incoming: Incoming) => Promise<unknown>>
>;

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
  const { definition, basePath, log, admin, documentation } = options;
  const app = new Hono<Env>();

  const serve = (route: Pick<Route, "hono" | "parameters">, answers: Answers) => {
    const allow = [...Object.keys(answers), ...("GET" in answers ? ["HEAD"] : []), "OPTIONS"].join(", ");
    // One handler a path, so that Hono calls it without composing a chain.
    app.all(route.hono, async (context) => {
      const { raw, method } = context.req;
      const { requestId, headers } = context.env;
      // Hono answers HEAD with what GET answers, without the body.
      const answer = Object.hasOwn(answers, method) ? answers[method] : method === "HEAD" ? answers.GET : undefined;
      try {
        if (answer) {
          const path: Record<string, string> = Object.create(null);
          for (const [key, name] of route.parameters) path[name] = context.req.param(key) ?? "";
          const value = await answer(raw, path, context.env);
          return value instanceof Response ? value : jsonResponse(value, headers);
        }
        if (method === "OPTIONS")
          return new Response(null, { status: 204, headers: { allow, "x-request-id": requestId } });
        throw new LaunchpadError(
          "METHOD_NOT_ALLOWED",
          `${shortenText(method)} is not a method of this path: use ${allow}`,
        );
      } catch (error) {
        return failed(raw, requestId, error, answer ? headers : { ...headers, allow });
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

  const own: Readonly<Record<string, Answers>> = {
    "/livez": { GET: async () => ({ status: "ok" }) },
    "/readyz": {
      async GET(_request, _path, { waitUntil }) {
        try {
          await options.ready({ waitUntil });
        } catch (cause) {
          throw new LaunchpadError("NOT_READY", messageOf(cause), { cause });
        }
        return { status: "ready", ...(options.failing?.() && { refresh: notFollowed }) };
      },
    },
    ...(documentation && documentationAnswers(definition, basePath, documentation)),
    ...(admin && {
      "/admin/refresh": {
        POST: async (request, _path, { headers }) => {
          await authorize(request, admin.token, headers);
          return admin.refresh();
        },
      },
    }),
  };
  for (const [path, answers] of Object.entries(own)) serve({ hono: path, parameters: [] }, answers);
  for (const route of routesOf(definition, basePath, Object.keys(own))) {
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

  return {
    fetch(request, execution) {
      const requestId = requestIdOf(request);
      const headers = { "x-request-id": requestId };
      const waitUntil = (task: Promise<unknown>) => {
        if (typeof execution?.waitUntil === "function") execution.waitUntil(task);
      };
      return app.fetch(request, { requestId, headers, waitUntil });
    },
  };
}

/** What a caller is told; the log says more. */
const notFollowed = "A newer model could not be loaded. The one before goes on; the server's log says why.";

/** The answers of one resource, its validation compiled. */
function answersOf(resource: Resource, { predict, maxBodyBytes = 10 * 1024 * 1024 }: ApiOptions): Answers {
  const validate = compile(resource);
  const answer = async (
    request: Request,
    path: Record<string, string>,
    { headers, waitUntil }: Incoming,
    body?: ResourceInput["body"],
  ) => {
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
    const result = await predict(outcome.args, {
      signal: request.signal,
      waitUntil,
      answeredBy({ version, run }) {
        headers["x-model-version"] = version;
        headers["x-model-run"] = run;
      },
    });
    try {
      return toPlain(result);
    } catch (error) {
      throw new LaunchpadError("PREDICT_FAILED", `[model] predict: ${messageOf(error)}`, { cause: error });
    }
  };
  const answers: Answers = {
    GET: answer,
    POST: async (request, path, incoming) => answer(request, path, incoming, await readBody(request, maxBodyBytes)),
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

function jsonResponse(value: unknown, headers: Readonly<Record<string, string>>): Response {
  return new Response(JSON.stringify(value), { headers: { "content-type": "application/json", ...headers } });
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
