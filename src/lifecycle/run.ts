import { type ErrorCode, isLaunchpadError, LaunchpadError, messageOf } from "../errors.ts";
import type { Run } from "../model.ts";
import { type Action, type Context, nameOf } from "./context.ts";
import { orderColumns } from "./order-columns.ts";
import type { TrainReport } from "./report.ts";

/** A run, and what the lifecycle wants to know of it afterwards. */
export interface Call {
  readonly run: Run;
  /** How often the model's code called `orderColumns`. */
  orderedColumns(): number;
}

/**
 * Creates the run of one call of a model's function.
 *
 * @param context The lifecycle.
 * @param action Which function is called; decides by their tags which sources and sinks it sees.
 * @param options The train report, if this call writes one, and a signal that ends it early.
 *
 * @returns The run, and a count.
 */
export function createCall(
  context: Context,
  action: Action,
  options: { readonly report?: TrainReport | undefined; readonly signal?: AbortSignal | undefined } = {},
): Call {
  const { config, data, host } = context;
  const signal = options.signal ?? new AbortController().signal;
  const access = data.access(action, signal);
  let ordered = 0;
  return {
    run: {
      config: config.model,
      source: access.source,
      sink: access.sink,
      report(name, value) {
        if (options.report) options.report.add(name, value);
        else host.log.child("model").debug(`report("${name}") does nothing here: only a training has a train report`);
      },
      orderColumns(columns) {
        ordered += 1;
        return orderColumns(columns);
      },
      log: host.log.child("model"),
      signal,
    },
    orderedColumns: () => ordered,
  };
}

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
  code: Extract<ErrorCode, "TRAIN_FAILED" | "TEST_FAILED" | "PREDICT_FAILED">,
  signal: AbortSignal | undefined,
  call: () => T | Promise<T>,
): Promise<T> {
  try {
    throwIfAborted(context, signal);
    return await untilAborted(context, signal, call);
  } catch (thrown) {
    if (isLaunchpadError(thrown)) throw thrown;
    const action = code.slice(0, code.indexOf("_")).toLowerCase();
    const kind = thrown instanceof Error && thrown.name !== "Error" ? `${thrown.name}: ` : "";
    throw new LaunchpadError(
      code,
      `[model] ${action} of ${nameOf(context.config)} threw ${kind}${messageOf(thrown)}${placeOf(thrown)}`,
      { cause: thrown },
    );
  }
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
  return new LaunchpadError("ABORTED", `[model] ${nameOf(context.config)} was stopped before it was done.`, {
    cause: signal.reason,
  });
}

/** The first line of a stack that has a position is where the model's own code threw, in every engine. */
function placeOf(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  for (const line of stack.split("\n")) {
    const place = /(?:file:\/\/)?((?:[A-Za-z]:)?\/[^()]*?:\d+:\d+)\)?\s*$/.exec(line)?.[1];
    if (place !== undefined && !line.includes("node:")) return ` (${place})`;
  }
  return "";
}
