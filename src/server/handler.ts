import { routesOf } from "../api/routes.ts";
import { isLaunchpadError, LaunchpadError } from "../errors.ts";
import { truncateText } from "../util/truncate.ts";
import type { ApiOptions } from "./api-options.ts";
import { builtInEndpoints } from "./endpoints/index.ts";
import { errorCode, logError } from "./log-error.ts";
import { isPreflight } from "./middleware/cors.ts";
import { instrument } from "./middleware/instrument.ts";
import { problemResponse } from "./problem.ts";
import {
  type Awaitable,
  createRequestContext,
  type Execution,
  type Handlers,
  type RequestContext,
} from "./request-context.ts";
import { resourceHandlers } from "./resource-handler.ts";
import { createRouter } from "./router.ts";

/** A whole API as one Fetch handler. */
export interface Api {
  fetch(request: Request, execution?: Execution): Awaitable<Response>;
}

/** A path, and what answers there. */
interface RouteEntry {
  /** The path with its parameters by name, `/iris/v0/varieties/{id}`. */
  readonly template: string;
  readonly answers: Handlers;
  /** The methods that there are, as in the header. */
  readonly allow: string;
  /** Whether it is the model that answers. */
  readonly predicts: boolean;
}

/**
 * Creates the API of a model. Routes and validation are compiled here, once.
 *
 * What can be answered at once is answered without a promise: a server that answers 100,000 requests a second notices.
 *
 * @param options The definition, the base path, what predicts, the log, and what else the API does.
 *
 * @returns An object with `fetch`, which never throws or rejects: an error is a problem response (RFC 9457).
 *
 * @throws API_INVALID when paths clash, or a pattern is no regular expression.
 */
export function createApi(options: ApiOptions): Api {
  const { definition, basePath, log, metrics, cors, files, compress, withTimeout } = options;
  const respond = options.respond ?? ((body, init) => new Response(body, init));

  const own = builtInEndpoints(options);
  const find = createRouter<RouteEntry>([
    ...Object.entries(own).map(
      ([path, answers]) => [{ hono: path, parameters: [] }, routeEntry(path, answers)] as const,
    ),
    ...routesOf(definition, basePath, Object.keys(own)).map((route) => {
      // Several resources may share a path, each with its own methods.
      const answers = Object.assign({}, ...route.resources.map((resource) => resourceHandlers(resource, options)));
      return [route, { ...routeEntry(basePath + route.path, answers), predicts: true }] as const;
    }),
  ]);

  const json = (value: unknown, { headers }: RequestContext) =>
    value instanceof Response ? value : respond(JSON.stringify(value), { headers });

  const answerAt = (
    { answers, allow, predicts }: RouteEntry,
    path: Record<string, string>,
    incoming: RequestContext,
  ) => {
    const { request } = incoming;
    const { method } = request;
    const named = Object.hasOwn(answers, method) ? answers[method] : method === "HEAD" ? answers.GET : undefined;
    if (named) {
      const answer = (within: RequestContext) => named(request, path, within);
      const value = predicts && withTimeout ? withTimeout(incoming, answer) : answer(incoming);
      return value instanceof Promise
        ? value.then((it) => json(it, incoming)).catch((error) => failed(incoming, error, predicts))
        : json(value, incoming);
    }
    if (method !== "OPTIONS") {
      incoming.headers.allow = allow;
      throw new LaunchpadError(
        "METHOD_NOT_ALLOWED",
        `${truncateText(method)} is not a method of this path: use ${allow}`,
      );
    }
    if (cors && isPreflight(request)) cors.preflight(request, incoming.headers, allow);
    const { "content-type": _, ...headers } = incoming.headers;
    return respond(null, { status: 204, headers: { ...headers, allow } });
  };

  const elsewhere = async (incoming: RequestContext): Promise<Response> => {
    try {
      const { pathname } = new URL(incoming.request.url);
      const file = await files?.(pathname, incoming);
      if (file) return file;
      throw new LaunchpadError("NOT_FOUND", `There is nothing at ${truncateText(pathname)}`);
    } catch (error) {
      return failed(incoming, error);
    }
  };

  /** Whoever asks for readiness asks every few seconds: the same reason is logged once. */
  let notReady = "";
  const failed = (incoming: RequestContext, error: unknown, predicts = false) => {
    incoming.error = error;
    const response = problemResponse(error, incoming, respond);
    if (isLaunchpadError(error) && error.code === "NOT_READY") {
      if (error.message !== notReady) {
        log.warning(`not ready: ${error.message}`, { request_id: incoming.requestId, error });
      }
      notReady = error.message;
    } else if (response.status >= 500) {
      const gone = logError(log, incoming, response.status, error);
      if (predicts && !gone) metrics?.failed(incoming.route, errorCode(error));
    }
    return response;
  };

  const dispatch = (incoming: RequestContext): Awaitable<Response> => {
    const found = find(incoming.request);
    if (found === undefined) return elsewhere(incoming);
    incoming.route = found.target.template;
    try {
      return answerAt(found.target, found.path, incoming);
    } catch (error) {
      return failed(incoming, error, found.target.predicts);
    }
  };

  const send = (incoming: RequestContext, response: Response): Awaitable<Response> => {
    const { request } = incoming;
    const withoutBody = (sent: Response) =>
      request.method === "HEAD" && sent.body !== null ? new Response(null, sent) : sent;
    if (!compress) return withoutBody(response);
    return compress(request, response)
      .then(withoutBody)
      .catch((error) => failed(incoming, error));
  };

  const serve = instrument(options, (incoming) => {
    cors?.allow(incoming.request, incoming.headers);
    const response = dispatch(incoming);
    return response instanceof Promise ? response.then((it) => send(incoming, it)) : send(incoming, response);
  });
  return { fetch: (request, execution) => serve(createRequestContext(request, execution)) };
}

function routeEntry(template: string, answers: Handlers): RouteEntry {
  const allow = [...Object.keys(answers), ...("GET" in answers ? ["HEAD"] : []), "OPTIONS"].join(", ");
  return { template, answers, allow, predicts: false };
}
