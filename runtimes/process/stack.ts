/**
 * Creates the stack trace of an error and of all that led to it. Engines leave the message out of a stack, or put it in
 * front: it is always there.
 *
 * @param error Whatever was thrown.
 *
 * @returns Several lines of text.
 */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const heading = `${error.name}: ${error.message}`;
  const stack = error.stack ?? "";
  const own = stack.includes(error.message) ? stack : `${heading}\n${stack}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}
