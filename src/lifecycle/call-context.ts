import type { Access } from "../data/access/create-data.ts";
import { discarding, watched } from "../data/access/sink.ts";
import { messageOf } from "../errors.ts";
import type { ModelContext, TraceHeaders } from "../model/define.ts";
import type { Action, Context } from "./context.ts";
import { orderColumns } from "./order-columns.ts";
import type { TrainReport } from "./train-report.ts";

/** A run, and what the lifecycle wants to know of it afterwards. */
export interface Call {
  readonly run: ModelContext;
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
  const run = new CallContext(context, action, options, count);
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
class CallContext implements ModelContext {
  readonly config: ModelContext["config"];
  readonly log: ModelContext["log"];
  readonly trace: TraceHeaders;
  readonly source: ModelContext["source"];
  readonly sink: ModelContext["sink"];
  readonly report: ModelContext["report"];
  readonly orderColumns: ModelContext["orderColumns"];
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
    const source: ModelContext["source"] = (name) => access().source(name);
    const request = typeof signal === "function" ? (options as RequestOptions) : undefined;
    const sink: ModelContext["sink"] = (name) => {
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
    const addToReport: ModelContext["report"] = (name, value) => {
      if (report) report.add(name, value);
      else this.log.debug(`report("${name}") does nothing here: only a training has a train report`);
    };
    const countingOrderColumns: ModelContext["orderColumns"] = (columns) => {
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
