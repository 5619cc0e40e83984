import type { Resource } from "../api/definition.ts";
import { cuttingOf } from "../api/parameter-style.ts";
import { responseAt } from "../api/response-at.ts";
import { describesFile } from "../api/validation/file.ts";
import type { Body } from "../api/validation/input.ts";
import { queryPairs } from "../api/validation/query.ts";
import { compileResource } from "../api/validation/resource.ts";
import { compileResult } from "../api/validation/result.ts";
import { LaunchpadError } from "../errors.ts";
import { SchemaError } from "../schema/schema-error.ts";
import { andThen } from "../util/and-then.ts";
import type { ApiOptions, PredictionHook } from "./api-options.ts";
import { argumentsInvalid } from "./arguments-invalid.ts";
import { defaultMaxBytes } from "./body/bytes.ts";
import { usualLimits } from "./body/limits.ts";
import { readBody } from "./body/read-body.ts";
import { offerJobs } from "./jobs/offer.ts";
import { plainOf } from "./plain-of.ts";
import type { Awaitable, Handlers, RequestContext } from "./request-context.ts";

/**
 * Handler of requests to one resource. Validation is compiled here, once.
 *
 * @param resource The resource.
 * @param options The API that it belongs to.
 *
 * @returns One function for each of its methods.
 *
 * @throws API_INVALID when a schema is none.
 */
export function resourceHandlers(resource: Resource, options: ApiOptions): Handlers {
  const { predict, maxBodyBytes = defaultMaxBytes, definition, unknownParameters, nulls } = options;
  const { schemas } = definition;
  const validate = compiled(resource, () => compileResource(resource, { schemas, unknown: unknownParameters, nulls }));
  const results = options.results ?? "check";
  const promised = options.resultIsChecked || results === "off" ? undefined : resource.result?.schema;
  const checkResult = compiled(resource, () =>
    compileResult(promised, {
      schemas,
      at: responseAt(definition, resource),
      ...(results === "warn" && { warn: (message) => options.log.warning(message) }),
    }),
  );
  /** Whether some text is cut into several values, which must be done before it is decoded. */
  const isCut = resource.parameters.some(
    (one) => (one.in === "query" || one.in === "body") && cuttingOf(one) !== undefined,
  );
  const bodyRules = {
    sent: isCut,
    limits: options.bodyLimits ?? usualLimits,
    maxBytes: maxBodyBytes,
    whole: resource.body !== undefined,
    media: resource.body?.media,
    files: new Set(resource.parameters.filter(takesFile).map(({ name }) => name)),
  };

  const { onPrediction } = options;
  const readsHeaders = resource.parameters.some((parameter) => parameter.in === "header");
  const plainResult = (result: unknown) => checkResult(plainOf(result));
  /** What is written waits for a result that fits. */
  const isPromised = promised !== undefined && promised !== true && results === "check";
  const made = onPrediction && observed(onPrediction);
  const validated = (request: Request, path: Record<string, string>, body?: Body): Record<string, unknown> => {
    const outcome = validate({
      query: queryPairs(request.url, isCut),
      path,
      // The first look at the headers of a request has a price.
      ...(readsHeaders && { headers: request.headers }),
      body,
    });
    if (outcome.faults) throw argumentsInvalid(outcome.faults);
    return outcome.args;
  };
  const predicted = (args: Record<string, unknown>, context: RequestContext): Awaitable<unknown> => {
    if (isPromised) context.accept = plainResult;
    if (made) return made(args, context, () => andThen(predict(args, context), plainResult));
    const result = predict(args, context);
    return result instanceof Promise ? result.then(plainResult) : plainResult(result);
  };
  const answer = (
    request: Request,
    path: Record<string, string>,
    context: RequestContext,
    body?: Body,
  ): Awaitable<unknown> => predicted(validated(request, path, body), context);
  const { status } = resource;
  const { respond = (body: BodyInit | null, init: ResponseInit) => new Response(body, init) } = options;
  /** What is answered with 200, the server answers itself. */
  const answerWithStatus: typeof answer =
    status === undefined
      ? answer
      : (request, path, context, body) =>
          andThen(answer(request, path, context, body), (value) =>
            respond(JSON.stringify(value), { status, headers: context.jsonHeaders }),
          );
  const answers: Handlers = {
    GET: answerWithStatus,
    POST: async (request, path, context) =>
      answerWithStatus(request, path, context, await readBody(request, bodyRules)),
  };
  const own = Object.entries(answers).filter(([method]) => (resource.methods as string[]).includes(method));
  const { jobs } = options;
  const handlers = Object.fromEntries(own);
  return jobs === undefined
    ? handlers
    : offerJobs(jobs, handlers, resource, {
        route: options.basePath + resource.path,
        body: (request) => readBody(request, bodyRules),
        validated,
        predicted,
      });
}

/** Tells a hook of every prediction. */
function observed(hook: PredictionHook) {
  return (args: Record<string, unknown>, context: RequestContext, predict: () => Awaitable<unknown>) => {
    const of = () => ({ route: context.route, args, model: context.model, context });
    const done = (prediction: unknown) => {
      hook({ ...of(), prediction });
      return prediction;
    };
    const failed = (error: unknown): never => {
      hook({ ...of(), error });
      throw error;
    };
    let result: Awaitable<unknown>;
    try {
      result = predict();
    } catch (error) {
      return failed(error);
    }
    return result instanceof Promise ? result.then(done, failed) : done(result);
  };
}

function compiled<T>({ path }: Resource, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new LaunchpadError("API_INVALID", `[api] ${path}: ${error.message}`, { cause: error });
  }
}

function takesFile({ schema, file }: Resource["parameters"][number]): boolean {
  return file !== undefined || describesFile(schema) || (typeof schema === "object" && describesFile(schema.items));
}
