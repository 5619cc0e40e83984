import { type ErrorCode, isLaunchpadError, messageOf } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { RequestContext } from "./request-context.ts";

/**
 * Logs a request that failed through no fault of its caller, by the template of its path: its parameters may be somebody's
 * name.
 *
 * @param log The log.
 * @param context The request.
 * @param status The status of the response.
 * @param error Whatever was thrown.
 *
 * @returns Whether the client had gone away, which is nobody's fault.
 */
export function logError(log: Logger, context: RequestContext, status: number, error: unknown): boolean {
  const { request, requestId, route } = context;
  const properties = {
    ...context.facts(),
    method: request.method,
    route,
    status,
    error,
  };
  const message = `${request.method} ${route} (${requestId}): ${messageOf(error)}`;
  const gone = request.signal.aborted;
  if (gone) log.info(`${message} (the client had gone away)`, properties);
  else log.error(message, properties);
  return gone;
}

/**
 * Finds the code of whatever was thrown.
 *
 * @param error Whatever was thrown.
 *
 * @returns Its code; INTERNAL for an error that has none.
 */
export function errorCode(error: unknown): ErrorCode {
  return isLaunchpadError(error) ? error.code : "INTERNAL";
}
