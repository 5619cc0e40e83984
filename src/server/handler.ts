import { isLaunchpadError, LaunchpadError, statusOf } from "../errors.ts";
import { andThen } from "../util/and-then.ts";
import { percentDecoded } from "../util/percent.ts";
import { truncateText } from "../util/truncate.ts";
import type { ApiOptions } from "./api-options.ts";
import { endpointsAt } from "./endpoints/endpoints-at.ts";
import { builtInEndpoints } from "./endpoints/index.ts";
import { errorCode, logError } from "./log-error.ts";
import { isPreflight } from "./middleware/cors.ts";
import { type Answer, compose, fold, type Middleware } from "./middleware/fold.ts";
import { instrument, type Observers } from "./middleware/instrument.ts";
import { methodsOf, refuseOtherSites, withoutBody } from "./middleware/methods.ts";
import { problemResponse } from "./problem.ts";
import { batchEndpoints } from "./protocols/batch.ts";
import type { Endpoint } from "./protocols/endpoint.ts";
import { restEndpoints } from "./protocols/rest.ts";
import {
  type Awaitable,
  type Execution,
  HeaderPolicy,
  peerOf,
  RequestContext,
  type Target,
} from "./request-context.ts";
import { createRouter, pathIn } from "./router.ts";
import { hasWholeUrl, mendRequest } from "./whole-request.ts";

/** A whole API as one Fetch handler. */
export interface Api {
  fetch(request: Request, execution?: Execution): Awaitable<Response>;
}

/**
 * API of a model. Routes, validation and middleware are compiled here, once.
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
  const own = builtInEndpoints(options);
  const others = [options.jobs?.endpoint ?? [], options.protocols?.endpoints ?? []].flat();
  const taken = [...Object.keys(own), ...others.map(({ template }) => template)];
  const rest = restEndpoints(options, taken);
  const batches =
    options.batch === false ? [] : batchEndpoints(options, [...taken, ...rest.map(({ template }) => template)]);
  return createHandler([...endpointsAt(own, options), ...rest, ...batches, ...others], options);
}

/** An endpoint, as the router finds it. */
interface Found extends Endpoint {
  readonly allow: string;
  readonly asked: Target;
}

/** What a handler of endpoints does besides. */
export type HandlerOptions = Pick<
  ApiOptions,
  | "log"
  | "cors"
  | "files"
  | "compress"
  | "withTimeout"
  | "telemetry"
  | "headers"
  | "respond"
  | "protocols"
  | "problemTypes"
  | "guard"
  | "forwarded"
  | "model"
  | keyof Observers
>;

/**
 * Handler of endpoints: finds what answers a request, and folds the layers around it.
 *
 * @param endpoints The endpoints, the more exact path first.
 * @param options The log, the layers, and what makes responses.
 *
 * @returns An object with `fetch`, which never throws or rejects.
 */
export function createHandler(endpoints: readonly Endpoint[], options: HandlerOptions): Api {
  const { log, metrics, cors, files, compress, withTimeout, telemetry, headers = new HeaderPolicy() } = options;
  const { guard: own, forwarded, model } = options;
  const respond = options.respond ?? ((body, init) => new Response(body, init));
  const find = createRouter<Found>(
    endpoints.map((endpoint) => {
      const { route, template, predicts, asksItself = false, modelInBody, handlers } = endpoint;
      const asked: Target = { route: template, model, predicts, asksItself, modelInBody };
      return [route, { ...endpoint, allow: methodsOf(handlers), asked }];
    }),
  );

  const json = (value: unknown, context: RequestContext) =>
    value instanceof Response ? value : respond(JSON.stringify(value), { headers: context.jsonHeaders });

  const answerAt = (
    { handlers, allow, predicts }: Found,
    path: Record<string, string>,
    context: RequestContext,
  ): Awaitable<Response> => {
    const { request } = context;
    const { method } = request;
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : method === "HEAD" ? handlers.GET : undefined;
    if (handler) {
      if (method === "POST") refuseOtherSites(context);
      const value =
        predicts && withTimeout
          ? withTimeout(context, (within) => handler(request, path, within))
          : handler(request, path, context);
      return value instanceof Promise
        ? value.then((it) => json(it, context)).catch((error) => failed(context, error, predicts))
        : json(value, context);
    }
    if (method !== "OPTIONS") {
      context.headers.allow = allow;
      throw new LaunchpadError(
        "METHOD_NOT_ALLOWED",
        `${truncateText(method)} is not a method of this path: use ${allow}`,
      );
    }
    if (cors && isPreflight(request)) cors.preflight(request, context.headers, allow);
    const { "content-type": _, ...others } = context.headers;
    return respond(null, { status: 204, headers: { ...others, allow } });
  };

  const elsewhere = async (context: RequestContext): Promise<Response> => {
    try {
      const { pathname } = new URL(context.request.url);
      const file = await files?.(pathname, context);
      if (file) return file;
      throw new LaunchpadError("NOT_FOUND", `There is nothing at ${truncateText(pathname)}`);
    } catch (error) {
      return failed(context, error);
    }
  };

  /** Each protocol says in its own form what went wrong, also where it has no path. */
  const errorFormOf = (request: Request) => {
    if (options.protocols === undefined) return undefined;
    return (find(request)?.target ?? { errors: options.protocols.errorsBelow(pathIn(request.url)) }).errors;
  };
  /** Whoever asks for readiness asks every few seconds: the same reason is logged once. */
  let notReady = "";
  const failed = (context: RequestContext, error: unknown, predicts = false) => {
    context.error = error;
    const response = problemResponse(error, context, respond, errorFormOf(context.request), options.problemTypes);
    // A protocol may answer with another status, and the model has failed all the same.
    const status = statusOf(errorCode(error));
    if (isLaunchpadError(error) && error.code === "NOT_READY") {
      if (error.message !== notReady) {
        log.warning(`not ready: ${error.message}`, { ...context.facts(), error });
      }
      notReady = error.message;
    } else if (status >= 500) {
      const gone = logError(log, context, status, error);
      if (predicts && !gone) metrics?.failed(context.route, errorCode(error));
    }
    return response;
  };

  const dispatch = (context: RequestContext): Awaitable<Response> => {
    const found = find(context.request);
    if (found === undefined) return elsewhere(context);
    context.route = found.target.template;
    try {
      return answerAt(found.target, found.path, context);
    } catch (error) {
      return failed(context, error, found.target.predicts);
    }
  };
  /** The same, for whoever may come in: asked when it is known what a request asks. */
  const dispatchThrough =
    (guard: Middleware): Answer =>
    (context) => {
      const found = find(context.request);
      if (found === undefined) {
        // Files have no other name than their path.
        context.target = { route: pathIn(context.request.url), model, predicts: false, asksItself: false };
        return guarded(guard, elsewhere, context);
      }
      const { target, path } = found;
      context.passed = own;
      context.route = target.template;
      context.target =
        target.modelIn === undefined
          ? target.asked
          : { ...target.asked, model: percentDecoded(path[target.modelIn] ?? "") };
      const answer: Answer = (it) => answerAt(target, path, it);
      // Browsers send nothing by which they could be known.
      if (cors && isPreflight(context.request)) return answer(context);
      return guarded(guard, answer, context);
    };
  const guarded = (guard: Middleware, answer: Answer, context: RequestContext): Awaitable<Response> => {
    try {
      const response = guard(context, answer);
      return response instanceof Promise ? response.catch((error) => failed(context, error)) : response;
    } catch (error) {
      return failed(context, error);
    }
  };
  const through = own && dispatchThrough(own);
  const enter: Answer = (context) => {
    const around = context.guard;
    if (around !== undefined) return dispatchThrough(compose([around, own]) ?? around)(context);
    return through ? through(context) : dispatch(context);
  };

  const allowOrigins: Middleware | undefined =
    cors &&
    ((context, next) => {
      cors.allow(context.request, context.headers);
      return next(context);
    });
  const compression: Middleware | undefined =
    compress &&
    ((context, next) =>
      andThen(next(context), (response) =>
        compress(context.request, response).catch((error) => failed(context, error)),
      ));

  const observed = [telemetry?.request, instrument(options)];
  const answer = fold([...observed, withoutBody, allowOrigins, compression], enter);
  /** Seen by whatever observes requests, like any other. */
  const refuse = (fault: LaunchpadError, context: RequestContext) =>
    fold(observed, () => failed(context, fault))(context);
  return {
    fetch(received, execution) {
      let request = received;
      if (!hasWholeUrl(received)) {
        const mended = mendRequest(received);
        request = mended.request;
        if (mended.fault !== undefined) return refuse(mended.fault, new RequestContext(request, execution, headers));
      }
      if (forwarded) request = forwarded.withoutPrefix(request, peerOf(execution));
      const context = new RequestContext(request, execution, headers);
      try {
        return answer(context);
      } catch (error) {
        // Whatever observes requests is code of others.
        return failed(context, error);
      }
    },
  };
}
