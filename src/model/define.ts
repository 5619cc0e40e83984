import type { GenericSchema, InferOutput } from "valibot";
import type { ModelConfig } from "../config/types.ts";
import type { Frame, Sink, Source } from "../data/types.ts";
import { LaunchpadError } from "../errors.ts";
import type { Logger } from "../log.ts";

/** Arguments of a prediction, by name, when no `input` schema says more. */
// biome-ignore lint/suspicious/noExplicitAny: whoever declares no schema reads arguments without a cast
export type Args = Record<string, any>;

/** Metrics by name: numbers, text, nested lists; whatever JSON can hold. */
export type Metrics = Record<string, unknown>;

/** Something whose columns have names. */
export type Named = Frame | Readonly<Record<string, unknown>>;

/** What one call of a model's function can reach. It belongs to that call: nothing outlives it. */
export interface ModelContext {
  /** The `model` section of the configuration. */
  readonly config: ModelConfig;
  /** Opens a data source by its name in the configuration. DATA_UNKNOWN if this run has none of that name. */
  source(name: string): Source;
  /** Opens a data sink by its name in the configuration. DATA_UNKNOWN if this run has none of that name. */
  sink(name: string): Sink;
  /**
   * Adds to the train report, which is stored with the model: any JSON value, or a frame, of which a summary is kept.
   * When retesting or predicting, there is no train report and this does nothing.
   */
  report(name: string, value: unknown): void;
  /**
   * Returns the same data with its columns in alphabetical order, so that training, testing and prediction agree
   * on it whatever the order in a file or a request.
   */
  orderColumns<T extends Named>(data: T): T;
  /** Logs under the name `launchpad.model`. */
  readonly log: Logger;
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /**
   * The headers with which the trace of a request goes on, to be sent with requests that the model makes itself:
   * `fetch(url, { headers: trace })`. Empty if the caller sent no `traceparent`.
   */
  readonly trace: TraceHeaders;
}

/** The headers that carry a trace (W3C Trace Context). */
export type TraceHeaders = Readonly<Partial<Record<"traceparent" | "tracestate", string>>>;

/** What a training can reach. */
export interface TrainContext<Previous = unknown> extends ModelContext {
  /**
   * Says which rows the model learns from, inputs by the names that a request has for them, where they are made by code:
   * inputs that are columns of a data source are found there. Their distributions are kept, to compare requests with.
   */
  profile(rows: Frame | readonly Readonly<Record<string, unknown>>[]): void;
  /** What the training before this one returned, if there was one; to train on from there. */
  readonly previous: Previous | undefined;
}

/** How the contents of a model become bytes. */
export interface Codec<Contents> {
  /** Makes bytes of contents. */
  encode(contents: Contents): Uint8Array | Promise<Uint8Array>;
  /** Runs once when a model is loaded. */
  decode(bytes: Uint8Array): Contents | Promise<Contents>;
}

/** Arguments, and the prediction that a model which is ready must make of them. */
export interface Sample {
  readonly args: Args;
  readonly prediction: unknown;
}

/**
 * What a model developer writes. `Contents` is what `train` returns, and what `test` and `predict` receive. Write
 * `train` first: TypeScript infers from top to bottom.
 */
export interface ModelDefinition<Contents, Input extends GenericSchema = GenericSchema<unknown, Args>> {
  /** Makes the contents of the model from data. */
  train(run: TrainContext): Contents | Promise<Contents>;
  /** Measures a model on data that it was not trained on. */
  test(model: Contents, run: ModelContext): Metrics | Promise<Metrics>;
  /** Answers one request. */
  predict(model: Contents, args: InferOutput<Input>, run: ModelContext): unknown;
  /**
   * Predicts rows: as many predictions, in the order of the rows. Where it is there, rows that come together are
   * predicted together.
   */
  predictBatch?(
    model: Contents,
    rows: readonly InferOutput<Input>[],
    run: ModelContext,
  ): readonly unknown[] | Promise<readonly unknown[]>;
  /** The schema (valibot) of `args`. */
  readonly input?: Input;
  /** The schema (valibot) of what `predict` returns. */
  readonly output?: GenericSchema;
  /** Contents to bytes and back; without it contents are plain data, typed arrays, Map, Set, Date and bigint. */
  readonly codec?: Codec<Contents>;
  /** What a ready model must reproduce: checked whenever a model is loaded to serve. */
  readonly samples?: readonly Sample[];
}

/** Predictions in columns: those of objects in objects have both names, `probabilities.setosa`. */
export type FramePredictions = ReadonlyMap<string, Float64Array | readonly (string | number | boolean | null)[]>;

/** Hooks of models that hold more than memory: of those that another process computes. */
export interface ModelHooks<Contents> {
  /**
   * Predicts a frame column by column, where that gives what `predict` gives for each of its rows; undefined where rows must be looked
   * at one by one.
   */
  predictFrame?(contents: Contents, frame: Frame): FramePredictions | undefined;
  /** Called with contents before they serve; they serve when it resolves, and not at all when it rejects. */
  ready?(contents: Contents): Promise<void>;
  /** Whether the model takes columns by their names by itself, so that nobody need call `orderColumns`. */
  readonly ordersColumns?: boolean;
  /** Samples that are in the contents: a ready model must reproduce them, too. */
  samples?(contents: Contents): readonly Sample[];
  /** Called when no prediction begins with these contents any more; those that have begun still need them. */
  release?(contents: Contents): void;
}

/** A model as Launchpad handles it: whatever its types were. */
// biome-ignore lint/suspicious/noExplicitAny: the types of contents and arguments end where the developer's code ends
export type Model = ModelDefinition<any, GenericSchema<any, any>> & { readonly hooks?: ModelHooks<any> };

/**
 * Creates a model: only checks types and returns what it was given.
 *
 * @param model The functions `train`, `test` and `predict`, and what is optional.
 *
 * @returns The same object.
 */
export function defineModel<Contents, Input extends GenericSchema = GenericSchema<unknown, Args>>(
  model: ModelDefinition<Contents, Input>,
): ModelDefinition<Contents, Input> {
  return model;
}

const needed = ["train", "test", "predict"] as const;

/**
 * Creates a model from an imported module: its default export, or its named exports.
 *
 * @param module The namespace object of the module.
 * @param where The name of the module, for messages.
 *
 * @returns The model.
 *
 * @throws MODULE_INVALID if a function is missing.
 */
export function modelFrom(module: unknown, where: string): Model {
  const namespace = isObject(module) ? module : {};
  const candidate = isObject(namespace.default) ? namespace.default : namespace;
  const missing = needed.filter((name) => typeof candidate[name] !== "function");
  if (missing.length > 0) {
    const found = Object.keys(candidate).filter((name) => typeof candidate[name] === "function");
    throw new LaunchpadError(
      "MODULE_INVALID",
      `[model] ${where}: the function${missing.length > 1 ? "s" : ""} ${missing.join(", ")} ${missing.length > 1 ? "are" : "is"} missing` +
        ` (found: ${found.join(", ") || "nothing"}). A model module exports train, test and predict, by name or as ` +
        "`export default defineModel({ train, test, predict })`.",
    );
  }
  return candidate as unknown as Model;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
