import type { TrainRun } from "../model.ts";
import type { Meta } from "../store/types.ts";
import { type Context, type Loaded, nameOf } from "./context.ts";
import { describe } from "./describe.ts";
import { decode, encode, load } from "./load.ts";
import { measure } from "./metrics.ts";
import { checkTraining } from "./order-columns.ts";
import { createTrainReport } from "./report.ts";
import { callModel, createCall, throwIfAborted } from "./run.ts";
import { checkSamples } from "./samples.ts";

/** What a training is doing. */
export type Phase = "training" | "testing" | "storing";

export interface TrainOptions {
  /** Whether to keep the model in the model store. Default: true. Without it, no store is touched. */
  readonly persist?: boolean;
  /** Whether to test the model. Default: true. */
  readonly test?: boolean;
  /** Contents to hand over as the previous model, instead of those in the store. */
  readonly model?: unknown;
  /** Whether to train without a previous model, as if there were none. Default: false. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal;
  /** Told of every phase as it begins. */
  readonly onPhase?: (phase: Phase) => void;
}

/** What came of a training. */
export interface Trained {
  /** The contents, as prediction will get them. */
  readonly model: unknown;
  readonly metrics: Meta["metrics"];
  /** The metadata; undefined when the model was not stored. */
  readonly meta: Meta | undefined;
}

/**
 * Trains, tests and stores a model. What is tested is what was encoded and decoded again, so that the metrics are
 * those of the model which will serve; it must also reproduce the model's samples. Until all of that has worked,
 * nothing is stored.
 *
 * @param context The lifecycle.
 * @param options What to leave out, and a signal.
 *
 * @returns The new model, and what it can do.
 *
 * @throws TRAIN_FAILED, TEST_FAILED, CODEC_FAILED, SAMPLES_DIFFER, STORE_UNAVAILABLE, ABORTED; STORE_CORRUPT when the previous model
 * cannot be loaded; VARIABLE_NOT_SET, CONFIG_INVALID when a source or sink cannot be opened.
 */
export async function train(context: Context, options: TrainOptions = {}): Promise<Trained & { loaded: Loaded }> {
  const { config, model, host } = context;
  const { persist = true, test = true, signal } = options;
  const log = host.log.child("lifecycle");

  options.onPhase?.("training");
  await context.data.prepare("train");
  if (test) await context.data.prepare("test");
  const previous = await previousContents(context, options, persist);

  const report = createTrainReport(log);
  const started = host.now();
  const call = createCall(context, "train", { report, signal });
  const run: TrainRun = { ...call.run, previous };
  const trained = await callModel(context, "TRAIN_FAILED", signal, () => model.train(run));
  const columnsOrdered = call.orderedColumns() > 0;
  checkTraining(context, call.orderedColumns(), log);

  const bytes = persist ? await encode(context, trained) : undefined;
  const contents = bytes ? await decode(context, bytes, "what was just written") : trained;

  let metrics: Meta["metrics"] = {};
  if (test) {
    options.onPhase?.("testing");
    metrics = await measure(context, { contents, columnsOrdered }, { what: "testing code", report, signal });
    await checkSamples(context, { contents, meta: undefined, columnsOrdered });
  }

  let meta: Meta | undefined;
  if (bytes) {
    throwIfAborted(context, signal);
    options.onPhase?.("storing");
    const store = await context.store();
    meta = await store.save(describe(context, { metrics, report: report.contents(), columnsOrdered }), bytes);
  }
  log.info(
    `trained ${nameOf(config)} in ${((host.now() - started) / 1000).toFixed(1)} s${meta ? `, stored as run ${meta.run}` : ", not stored"}`,
    { metrics },
  );
  return { model: contents, metrics, meta, loaded: { contents, meta, columnsOrdered } };
}

async function previousContents(context: Context, options: TrainOptions, persist: boolean): Promise<unknown> {
  if (options.model !== undefined) return options.model;
  if (options.fresh || !persist) return undefined;
  return (await load(context))?.contents;
}
