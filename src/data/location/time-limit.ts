import { LaunchpadError } from "../../errors.ts";
import { untilAborted } from "../access/failure.ts";

/** How long to wait. */
export interface TimeLimit {
  /** 0 for as long as it takes. */
  readonly seconds: number;
  /** How long to wait altogether, for all pieces of a stream. */
  readonly deadline: number;
  /** Milliseconds since some moment. */
  now(): number;
  /** The beginning of a message. */
  readonly shown: string;
}

/**
 * Waits for what a server does, but not for ever.
 *
 * @param limit How long.
 * @param signal Ends the wait as well.
 * @param action What is waited for; its signal is aborted at the limit, and not afterwards.
 *
 * @returns What the action returned.
 *
 * @throws DATA_UNAVAILABLE at the limit; the signal's reason when it is aborted.
 */
export async function inTime<T>(
  { seconds, shown }: Pick<TimeLimit, "seconds" | "shown">,
  signal: AbortSignal | undefined,
  action: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (seconds === 0) return untilAborted(action(signal), signal);
  const late = new AbortController();
  const both = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  const timer = setTimeout(() => late.abort(), seconds * 1000);
  try {
    return await untilAborted(action(both), both);
  } catch (thrown) {
    if (!late.signal.aborted || signal?.aborted) throw thrown;
    const message = `${shown}: no answer within ${seconds} seconds. Is the server reachable? \`timeout\` waits longer`;
    throw new LaunchpadError("DATA_UNAVAILABLE", message, { cause: thrown });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Creates a stream of what another one holds, which does not wait for ever for the next piece. Nothing is read ahead.
 *
 * @param bytes The stream.
 * @param limit How long to wait for each piece, and for all of them. What the reader does between them does not count.
 * @param signal Ends the stream.
 * @param told Throws what the reader gets to see for what the stream threw.
 *
 * @returns A stream of the same chunks; cancelling it cancels the other.
 */
export function watched(
  bytes: ReadableStream<Uint8Array>,
  limit: TimeLimit,
  signal: AbortSignal | undefined,
  told: (thrown: unknown) => Promise<never>,
): ReadableStream<Uint8Array> {
  const reader = bytes.getReader();
  let waited = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const start = limit.now();
          const { done, value } = await inTime(limit, signal, () => reader.read());
          waited += Math.max(0, limit.now() - start);
          if (limit.seconds > 0 && waited > limit.deadline * 1000) throw late(limit);
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (thrown) {
          // Whoever waits no longer lets go of the connection; an error of the stream itself has already done so.
          reader.cancel(thrown).catch(() => {});
          await told(thrown);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function late({ shown, deadline }: TimeLimit): LaunchpadError {
  const message = `${shown}: not all of it came within ${deadline} seconds. \`deadline\` beside the path waits longer`;
  return new LaunchpadError("DATA_UNAVAILABLE", message);
}
