import type { Logger } from "../log.ts";
import { report } from "./log-error.ts";
import { problemResponse } from "./problem.ts";
import { createIncoming } from "./request-context.ts";

/**
 * Creates the response to a request that comes before an API could be opened.
 *
 * @param error Why it could not.
 * @param request The request.
 * @param log The log.
 *
 * @returns A response of type `application/problem+json`.
 */
export function unopenedResponse(error: unknown, request: Request, log: Logger): Response {
  const incoming = createIncoming(request, undefined);
  const response = problemResponse(error, incoming, (body, init) => new Response(body, init));
  report(log, incoming, response.status, error);
  return response;
}
