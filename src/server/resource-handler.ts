import type { Resource } from "../api/definition.ts";
import { describesFile } from "../api/validation/file.ts";
import type { Body } from "../api/validation/input.ts";
import { queryPairs } from "../api/validation/query.ts";
import { compileResource } from "../api/validation/resource.ts";
import { compileResult } from "../api/validation/result.ts";
import { toPlain } from "../data/to-json.ts";
import { LaunchpadError, messageOf } from "../errors.ts";
import { SchemaError } from "../schema/schema-error.ts";
import type { Json } from "../util/json.ts";
import type { ApiOptions } from "./api-options.ts";
import { readBody } from "./body/read-body.ts";
import type { Awaitable, Handlers, RequestContext } from "./request-context.ts";

const defaultMaxBytes = 10 * 1024 * 1024;

/**
 * Creates what answers requests to one resource. Validation is compiled here, once.
 *
 * @param resource The resource.
 * @param options The API that it belongs to.
 *
 * @returns One function for each of its methods.
 *
 * @throws API_INVALID when a schema is none.
 */
export function resourceHandlers(resource: Resource, options: ApiOptions): Handlers {
  const { predict, maxBodyBytes = defaultMaxBytes, definition, unknownParameters } = options;
  const { schemas } = definition;
  const validate = compiled(resource, () => compileResource(resource, { schemas, unknown: unknownParameters }));
  const promised = options.resultIsChecked ? undefined : resource.result?.schema;
  const checkResult = compiled(resource, () => compileResult(promised, schemas));
  const bodyRules = {
    maxBytes: maxBodyBytes,
    whole: resource.body !== undefined,
    files: new Set(resource.parameters.filter(takesFile).map(({ name }) => name)),
  };

  const plainResult = (result: unknown) => checkResult(plainOf(result));
  const answer = (
    request: Request,
    path: Record<string, string>,
    incoming: RequestContext,
    body?: Body,
  ): Awaitable<unknown> => {
    const outcome = validate({ query: queryPairs(request.url), path, headers: request.headers, body });
    if (outcome.faults) {
      const [first] = outcome.faults;
      const more = outcome.faults.length - 1;
      const detail = first ? `${first.name || "the body"}: ${first.message}` : "";
      throw new LaunchpadError(
        "ARGUMENTS_INVALID",
        `The request is not valid: ${detail}${more > 0 ? `, and ${more} more` : ""}`,
        { faults: outcome.faults },
      );
    }
    const result = predict(outcome.args, incoming);
    return result instanceof Promise ? result.then(plainResult) : plainResult(result);
  };
  const answers: Handlers = {
    GET: answer,
    POST: async (request, path, incoming) => answer(request, path, incoming, await readBody(request, bodyRules)),
  };
  return Object.fromEntries(
    Object.entries(answers).filter(([method]) => (resource.methods as string[]).includes(method)),
  );
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

function plainOf(result: unknown): Json {
  try {
    return toPlain(result);
  } catch (error) {
    throw new LaunchpadError("PREDICT_FAILED", `[model] predict: ${messageOf(error)}`, { cause: error });
  }
}
