import type { Access } from "../data/open.ts";
import { discarding, watched } from "../data/sink.ts";
import { isLaunchpadError, LaunchpadError, messageOf } from "../errors.ts";
import type { Run, TraceHeaders } from "../model.ts";
import { type Action, type Context, nameOf } from "./context.ts";
import { orderColumns } from "./order-columns.ts";
import type { TrainReport } from "./report.ts";

/** A run, and what the lifecycle wants to know of it afterwards. */
export interface Call {
  readonly run: Run;
  /** How often the model's code called `orderColumns`. */
  orderedColumns(): number;
  /** To be told that the model's code has ended without an error: what it writes on does so by itself. */
  ended(): void;
}

/** What a call comes with. */
export interface CallOptions {
  /** The train report, if this call writes one. */
  readonly report?: TrainReport | undefined;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
}

/** What a request comes with. */
export interface RequestOptions {
  /** Makes the signal that ends the wait, when it is needed: that has a price. */
  signal(): AbortSignal;
  /** The headers with which the trace goes on. */
  readonly trace?: TraceHeaders | undefined;
  /** Whether sinks are written to. Default: true. */
  readonly persist?: boolean | undefined;
  /** Keeps a write alive that the model does not wait for. */
  waitUntil?(task: Promise<unknown>): void;
}

/**
 * Creates the run of one call of a model's function.
 *
 * @param context The lifecycle.
 * @param action Which function is called; decides by their tags which sources and sinks it sees.
 * @param options The train report, if this call writes one, and a signal that ends it early; or what a request comes with.
 *
 * @returns The run, and a count.
 */
export function createCall(context: Context, action: Action, options: CallOptions | RequestOptions = {}): Call {
  const count: Counts = { ordered: 0, ended: false, failed: [] };
  const run = new CallRun(context, action, options, count);
  return {
    run,
    orderedColumns: () => count.ordered,
    ended() {
      count.ended = true;
      for (const tell of count.failed) tell();
    },
  };
}

/** What is known of a call afterwards. */
interface Counts {
  ordered: number;
  ended: boolean;
  /** Tells of writes that failed while the model's code was running: it may have told of them itself. */
  readonly failed: (() => void)[];
}

/**
 * A class, because a getter in an object literal takes V8 half a microsecond, and here is one for each request. What a
 * prediction does not use is not made: neither a signal nor the access to data. Functions have names before they become
 * properties: one that is written where it is assigned to a property, V8 makes among old objects, where it keeps all that
 * its request led to until the whole heap is looked through.
 */
class CallRun implements Run {
  readonly config: Run["config"];
  readonly log: Run["log"];
  readonly trace: TraceHeaders;
  readonly source: Run["source"];
  readonly sink: Run["sink"];
  readonly report: Run["report"];
  readonly orderColumns: Run["orderColumns"];
  #signal: AbortSignal | undefined;
  readonly #makeSignal: () => AbortSignal;

  constructor({ config, data, host }: Context, action: Action, options: CallOptions | RequestOptions, count: Counts) {
    const { signal } = options;
    this.#makeSignal = typeof signal === "function" ? signal : () => signal ?? new AbortController().signal;
    this.config = config.model;
    this.log = host.log.child("model");
    this.trace = ("trace" in options && options.trace) || noTrace;
    let opened: Access | undefined;
    const access = () => {
      opened ??= data.access(action, this.signal);
      return opened;
    };
    const source: Run["source"] = (name) => access().source(name);
    const request = typeof signal === "function" ? (options as RequestOptions) : undefined;
    const sink: Run["sink"] = (name) => {
      const whole = access().sink(name);
      if (request?.persist === false) return discarding(whole);
      return watched(whole, (writing) => {
        request?.waitUntil?.(writing.catch(() => {}));
        writing.catch((error: unknown) => {
          const tell = () => this.log.error(`${action} went on without what it wrote: ${messageOf(error)}`, { error });
          if (count.ended) tell();
          else count.failed.push(tell);
        });
      });
    };
    const report = "report" in options ? options.report : undefined;
    const addToReport: Run["report"] = (name, value) => {
      if (report) report.add(name, value);
      else this.log.debug(`report("${name}") does nothing here: only a training has a train report`);
    };
    const countingOrderColumns: Run["orderColumns"] = (columns) => {
      count.ordered += 1;
      return orderColumns(columns);
    };
    this.source = source;
    this.sink = sink;
    this.report = addToReport;
    this.orderColumns = countingOrderColumns;
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#makeSignal();
    return this.#signal;
  }
}

const noTrace: TraceHeaders = Object.freeze({});

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

/**
 * Calls the model's `predict` for a request. What it returns at once is returned at once.
 *
 * @param context The lifecycle.
 * @param signal Makes the signal that ends the wait; only asked for when there is one.
 * @param call The call.
 *
 * @returns What the model returned.
 *
 * @throws ABORTED when the signal is; errors of Launchpad's as they are; anything else as PREDICT_FAILED.
 */
export function callPredict(context: Context, signal: () => AbortSignal, call: () => unknown): unknown {
  let result: unknown;
  try {
    result = call();
  } catch (thrown) {
    throw asModelError(context, "PREDICT_FAILED", thrown);
  }
  if (typeof result !== "object" || result === null || !("then" in result) || typeof result.then !== "function") {
    return result;
  }
  return waitFor(context, Promise.resolve(result), signal);
}

/** An async function that waits for nothing is done within a turn of the microtask queue: only others need the signal. */
async function waitFor(context: Context, result: Promise<unknown>, signal: () => AbortSignal): Promise<unknown> {
  let settled = false;
  const done = () => {
    settled = true;
  };
  result.then(done, done);
  for (let turn = 0; turn < 3 && !settled; turn += 1) await undefined;
  return callModel(context, "PREDICT_FAILED", settled ? undefined : signal(), () => result);
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
    `[model] ${action} of ${nameOf(context.config)} threw ${kind}${messageOf(thrown)}${placeOf(thrown)}`,
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
