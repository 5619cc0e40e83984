import type { Logger } from "../log.ts";
import { logError } from "./log-error.ts";
import { problemResponse } from "./problem.ts";
import { RequestContext } from "./request-context.ts";

/**
 * Creates the response to a request that comes before an API could be opened.
 *
 * @param error Why it could not.
 * @param request The request.
 * @param log The log.
 *
 * @returns A response of type `application/problem+json`.
 */
export function unavailableResponse(error: unknown, request: Request, log: Logger): Response {
  const context = new RequestContext(request);
  const response = problemResponse(error, context, (body, init) => new Response(body, init));
  logError(log, context, response.status, error);
  return response;
}
