import type { Logger } from "../log.ts";
import { logError } from "./log-error.ts";
import { problemResponse } from "./problem.ts";
import { createRequestContext } from "./request-context.ts";

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
  const incoming = createRequestContext(request, undefined);
  const response = problemResponse(error, incoming, (body, init) => new Response(body, init));
  logError(log, incoming, response.status, error);
  return response;
}
