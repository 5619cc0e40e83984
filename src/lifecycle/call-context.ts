import type { Access } from "../data/access/create-data.ts";
import { discarding, watched } from "../data/access/sink.ts";
import { createHeldWrites, type HeldWrites } from "../data/access/writes/held-writes.ts";
import { messageOf } from "../errors.ts";
import { loggerWith } from "../log.ts";
import type { ModelContext, Named, TraceHeaders } from "../model/define.ts";
import type { Action, Context, Loaded } from "./context.ts";
import { checkColumnsTrained, namesOf, orderColumns } from "./order-columns.ts";
import type { TrainReport } from "./train/train-report.ts";

/** So many sets of columns are known; of a training that ordered more, none are: what is forgotten would be refused later. */
const maxSets = 64;

/** A run, and what the lifecycle wants to know of it afterwards. */
export interface Call {
  readonly run: ModelContext;
  /** How often the model's code called `orderColumns`. */
  orderedColumns(): number;
  /** The columns that it ordered, each set of them once; none where there are too many to know them all. */
  columnSets(): readonly (readonly string[])[];
  /** Whether the model's code asked for a sink. */
  readonly reachedSink: boolean;
  /** What the model's code has written that waits for its result to be checked. */
  readonly held: HeldWrites | undefined;
  /** Does what waited. Rejects with what a write threw that the model's code waited for. */
  commit(): Promise<void>;
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
  /** Headers with which the trace goes on. */
  readonly traceHeaders?: TraceHeaders | undefined;
  /** Whether sinks are written to. Default: true. */
  readonly persist?: boolean | undefined;
  /**
   * Checks a prediction: throws where it cannot be the answer. Writes wait for it, and it is asked where there are any; whoever gives
   * it checks what is answered by himself.
   */
  accept?: ((prediction: unknown) => unknown) | undefined;
  /** What logs say of it besides: the ids of the request and the prediction, the run that answers. */
  facts?(): Readonly<Record<string, unknown>>;
  /** Keeps a write alive that the model does not wait for. */
  waitUntil?(task: Promise<unknown>): void;
}

/**
 * Context of one call of a model's function.
 *
 * @param context The lifecycle.
 * @param action Which function is called; decides by their tags which sources and sinks it sees.
 * @param options The train report, if this call writes one, and a signal that ends it early; or what a request comes with.
 * @param trained The columns that the training ordered: what this call orders must be among those of one set.
 *
 * @returns The context for the model, and a count for the lifecycle.
 */
export function createCall(
  context: Context,
  action: Action,
  options: CallOptions | RequestOptions = {},
  trained?: Loaded["orderedColumns"],
): Call {
  return new CallState(context, action, options, trained);
}

/**
 * A class, because here is one for each request, and a getter in an object literal takes V8 half a microsecond. What a
 * prediction does not use is not made: neither a signal, nor the access to data, nor the functions that reach it.
 */
class CallState implements Call {
  readonly run: ModelContext;
  readonly context: Context;
  readonly action: Action;
  readonly options: CallOptions | RequestOptions;
  reachedSink = false;
  held: HeldWrites | undefined = undefined;
  private ordered = 0;
  private readonly trained: Loaded["orderedColumns"];
  private sets: Map<string, readonly string[]> | undefined = undefined;
  private hasEnded = false;
  /** Tells of writes that failed while the model's code was running: it may have told of them itself. */
  private failed: (() => void)[] | undefined = undefined;
  private opened: Access | undefined = undefined;

  constructor(
    context: Context,
    action: Action,
    options: CallOptions | RequestOptions,
    trained: Loaded["orderedColumns"],
  ) {
    this.trained = trained;
    this.context = context;
    this.action = action;
    this.options = options;
    this.run = new CallContext(this, context);
  }

  orderedColumns(): number {
    return this.ordered;
  }

  ended(): void {
    this.hasEnded = true;
    for (const tell of this.failed ?? []) tell();
  }

  source(name: string) {
    return this.access().source(name);
  }

  sink(name: string) {
    this.reachedSink = true;
    const whole = this.access().sink(name);
    const request = isOfRequest(this.options) ? this.options : undefined;
    if (request?.persist === false) return discarding(whole);
    if (request !== undefined && (request.accept !== undefined || this.context.model.output !== undefined)) {
      this.held ??= createHeldWrites();
      return this.held.hold(whole);
    }
    return watched(whole, (writing) => this.follow(writing));
  }

  async commit(): Promise<void> {
    await this.held?.commit((writing) => this.follow(writing));
  }

  /** Keeps a write alive, and tells if it fails. */
  private follow(writing: Promise<void>): void {
    if (isOfRequest(this.options)) this.options.waitUntil?.(writing.catch(() => {}));
    writing.catch((error: unknown) => {
      const tell = () =>
        this.run.log.error(`${this.action} went on without what it wrote: ${messageOf(error)}`, { error });
      if (this.hasEnded) tell();
      else {
        this.failed ??= [];
        this.failed.push(tell);
      }
    });
  }

  report(name: string, value: unknown): void {
    const report = "report" in this.options ? this.options.report : undefined;
    if (report) report.add(name, value);
    else this.run.log.debug(`report("${name}") does nothing here: only a training has a train report`);
  }

  orderColumns<T extends Named>(columns: T): T {
    this.ordered += 1;
    const ordered = orderColumns(columns);
    if (this.trained?.length) checkColumnsTrained(this.context, namesOf(ordered), this.trained);
    else if (this.action === "train") this.remember(namesOf(ordered));
    return ordered;
  }

  columnSets(): readonly (readonly string[])[] {
    return this.sets === undefined || this.sets.size > maxSets ? [] : [...this.sets.values()];
  }

  private remember(names: readonly string[]): void {
    this.sets ??= new Map();
    if (this.sets.size <= maxSets) this.sets.set(JSON.stringify(names), names);
  }

  private access(): Access {
    this.opened ??= this.context.data.access(this.action, this.run.signal);
    return this.opened;
  }
}

/** What the model's code is handed: functions that it may take apart, made when it reads them. */
class CallContext implements ModelContext {
  readonly config: ModelContext["config"];
  readonly #call: CallState;
  readonly #host: Context["host"];
  #signal: AbortSignal | undefined = undefined;

  constructor(call: CallState, { config, host }: Context) {
    this.#call = call;
    this.#host = host;
    this.config = config.model;
  }

  get log(): ModelContext["log"] {
    const { options } = this.#call;
    const log = this.#host.log.child("model");
    return isOfRequest(options) && options.facts ? loggerWith(log, () => options.facts?.() ?? {}) : log;
  }

  get trace(): TraceHeaders {
    const { options } = this.#call;
    return ("traceHeaders" in options && options.traceHeaders) || noTrace;
  }

  get signal(): AbortSignal {
    const { signal } = this.#call.options;
    this.#signal ??=
      (isOfRequest(this.#call.options) ? this.#call.options.signal() : (signal as AbortSignal | undefined)) ??
      new AbortController().signal;
    return this.#signal;
  }

  get source(): ModelContext["source"] {
    const call = this.#call;
    return (name) => call.source(name);
  }

  get sink(): ModelContext["sink"] {
    const call = this.#call;
    return (name) => call.sink(name);
  }

  get report(): ModelContext["report"] {
    const call = this.#call;
    return (name, value) => call.report(name, value);
  }

  get orderColumns(): ModelContext["orderColumns"] {
    const call = this.#call;
    return (columns) => call.orderColumns(columns);
  }
}

function isOfRequest(options: CallOptions | RequestOptions): options is RequestOptions {
  return typeof options.signal === "function";
}

const noTrace: TraceHeaders = Object.freeze({});
