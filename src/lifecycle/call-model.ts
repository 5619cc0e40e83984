import { isLaunchpadError, LaunchpadError, messageOf } from "../errors.ts";
import type { RequestOptions } from "./call-context.ts";
import { type Context, modelLabel } from "./context.ts";

/**
 * Calls a function of the model, so that whatever it throws becomes one error that says which function threw, and
 * an aborted signal ends the wait for it.
 *
 * @param context The lifecycle.
 * @param code The code for what the model throws.
 * @param signal Ends the wait.
 * @param call The call.
 *
 * @returns What the model returned.
 *
 * @throws ABORTED when the signal is; errors of Launchpad's as they are; anything else under `code`.
 */
export async function callModel<T>(
  context: Context,
  code: "TRAIN_FAILED" | "TEST_FAILED" | "PREDICT_FAILED",
  signal: AbortSignal | undefined,
  call: () => T | Promise<T>,
): Promise<T> {
  try {
    throwIfAborted(context, signal);
    return await untilAborted(context, signal, call);
  } catch (thrown) {
    throw asModelError(context, code, thrown);
  }
}

/** What makes the signal of a request when it is needed. */
type SignalMaker = Pick<RequestOptions, "signal">;

/**
 * Calls the model's `predict` for a request. What it returns at once is returned at once.
 *
 * @param context The lifecycle.
 * @param request Makes the signal that ends the wait; only asked for when there is one.
 * @param call The call.
 *
 * @returns What the model returned.
 *
 * @throws ABORTED when the signal is; errors of Launchpad's as they are; anything else as PREDICT_FAILED.
 */
export function callPredict(context: Context, request: SignalMaker, call: () => unknown): unknown {
  let result: unknown;
  try {
    result = call();
  } catch (thrown) {
    throw asModelError(context, "PREDICT_FAILED", thrown);
  }
  if (typeof result !== "object" || result === null || !("then" in result) || typeof result.then !== "function") {
    return result;
  }
  return waitFor(context, Promise.resolve(result), request);
}

/** An async function that waits for nothing is done within a turn of the microtask queue: only others need the signal. */
async function waitFor(context: Context, result: Promise<unknown>, request: SignalMaker): Promise<unknown> {
  let settled = false;
  const done = () => {
    settled = true;
  };
  result.then(done, done);
  for (let turn = 0; turn < 3 && !settled; turn += 1) await undefined;
  return callModel(context, "PREDICT_FAILED", settled ? undefined : request.signal(), () => result);
}

function asModelError(
  context: Context,
  code: "TRAIN_FAILED" | "TEST_FAILED" | "PREDICT_FAILED",
  thrown: unknown,
): LaunchpadError {
  if (isLaunchpadError(thrown)) return thrown;
  const action = code.slice(0, code.indexOf("_")).toLowerCase();
  const kind = thrown instanceof Error && thrown.name !== "Error" ? `${thrown.name}: ` : "";
  return new LaunchpadError(
    code,
    `[model] ${action} of ${modelLabel(context.config)} threw ${kind}${messageOf(thrown)}${stackFrame(thrown)}`,
    { cause: thrown },
  );
}

/**
 * Ends a verb whose caller has given up.
 *
 * @param context The lifecycle.
 * @param signal The caller's signal.
 *
 * @throws ABORTED when it is aborted.
 */
export function throwIfAborted(context: Context, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(context, signal);
}

async function untilAborted<T>(
  context: Context,
  signal: AbortSignal | undefined,
  call: () => T | Promise<T>,
): Promise<T> {
  if (signal === undefined) return call();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(aborted(context, signal));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([call(), stopped]);
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
  }
}

function aborted(context: Context, signal: AbortSignal): LaunchpadError {
  return new LaunchpadError("ABORTED", `[model] ${modelLabel(context.config)} was stopped before it was done.`, {
    cause: signal.reason,
  });
}

/** The first line of a stack that has a position is where the model's own code threw, in every engine. */
function stackFrame(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  for (const line of stack.split("\n")) {
    const place = /(?:file:\/\/)?((?:[A-Za-z]:)?\/[^()]*?:\d+:\d+)\)?\s*$/.exec(line)?.[1];
    if (place !== undefined && !line.includes("node:")) return ` (${place})`;
  }
  return "";
}
