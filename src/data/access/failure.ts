import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import { redact } from "../../util/redact.ts";

/**
 * Creates the error that a user gets to see for whatever a type of source or sink threw.
 *
 * @param thrown What was thrown.
 * @param at The beginning of the message: `[csv] petals`.
 * @param signal The signal of the call.
 *
 * @returns An error of Launchpad's as it is; ABORTED if the signal is; else DATA_UNAVAILABLE with the cause.
 */
export function failure(thrown: unknown, at: string, signal?: AbortSignal): LaunchpadError {
  if (isLaunchpadError(thrown)) return thrown;
  if (signal?.aborted) return new LaunchpadError("ABORTED", `${at}: stopped before it was done`, { cause: thrown });
  return new LaunchpadError("DATA_UNAVAILABLE", `${at}: ${redact(messageOf(thrown))}`, { cause: thrown });
}

/**
 * Waits for a result, but no longer than the signal allows.
 *
 * @param result The result; it goes on by itself when nobody waits any more.
 * @param signal Ends the wait.
 *
 * @returns The result.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function untilAborted<T>(result: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return result;
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([result, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
