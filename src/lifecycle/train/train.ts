import { isLaunchpadError } from "../../errors.ts";
import type { TrainContext } from "../../model/define.ts";
import type { Meta } from "../../store/types.ts";
import { createCall } from "../call-context.ts";
import { callModel, throwIfAborted } from "../call-model.ts";
import { type Loaded, modelLabel, type TrainingContext } from "../context.ts";
import { decode, encode, load } from "../load-model.ts";
import { checkTraining } from "../order-columns.ts";
import { checkSamples } from "../samples.ts";
import { buildMetadata, originOf } from "./build-metadata.ts";
import { createLineage } from "./lineage.ts";
import { measureModel, withoutCounts } from "./measure.ts";
import { createProfiler } from "./profiler.ts";
import { checkPromotion, type PromotionCheck } from "./promotion-check.ts";
import { createTrainReport } from "./train-report.ts";

/** What a training is doing. */
export type Phase = "training" | "testing" | "storing";

/** Options of a training. */
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
export interface Trained extends PromotionCheck {
  /** The contents, as prediction will get them. */
  readonly model: unknown;
  readonly metrics: Meta["metrics"];
  /** The metadata; undefined when the model was not stored. */
  readonly meta: Meta | undefined;
  /** Whether the run was made current: it was stored, misses no gate and breaks no caller. */
  readonly promoted: boolean;
}

/**
 * Trains, tests and stores a model. What is tested is what was encoded and decoded again, so that the metrics are
 * those of the model which will serve; it must also reproduce the model's samples. Until all of that has worked,
 * nothing is stored. A model that misses a gate, or would break callers of the current one, is kept and not made current.
 *
 * @param context The lifecycle.
 * @param options What to leave out, and a signal.
 *
 * @returns The new model, and what it can do.
 *
 * @throws API_INVALID, before the training; TRAIN_FAILED, TEST_FAILED, CODEC_FAILED, SAMPLES_DIFFER, STORE_UNAVAILABLE,
 * ABORTED; STORE_CORRUPT when the previous model cannot be loaded; VARIABLE_NOT_SET, CONFIG_INVALID when a source or sink
 * cannot be opened.
 */
export async function train(
  context: TrainingContext,
  options: TrainOptions = {},
): Promise<Trained & { loaded: Loaded }> {
  const { config, model, host } = context;
  const { persist = true, test = true, signal } = options;
  const log = host.log.child("lifecycle");

  options.onPhase?.("training");
  await context.data.prepare("train");
  if (test) await context.data.prepare("test");
  // What is wrong with the API or the keys shows before an hour of training, not after it.
  const known = persist ? await context.contract() : undefined;
  if (persist) await context.checkSigning();
  const previous = await previousContents(context, options, persist);

  const report = createTrainReport(log);
  const started = host.now();
  const origin = persist ? originOf(host) : undefined;
  const profiler = createProfiler(context, known?.inputs ?? []);
  const recorded = createLineage(context, profiler.observe);
  const call = createCall(recorded.context, "train", { report, signal });
  const run: TrainContext = Object.assign(call.run, { previous, profile: profiler.add });
  const trained = await callModel(context, "TRAIN_FAILED", signal, () => model.train(run));
  call.ended();
  const training = host.now() - started;
  const columnsOrdered = call.orderedColumns() > 0;
  const orderedColumns = call.columnSets();
  if (!context.model.hooks?.ordersColumns) checkTraining(context, call.orderedColumns(), log);

  const bytes = persist ? await encode(context, trained) : undefined;
  const contents = bytes ? await decode(context, bytes, "what was just written") : trained;

  let metrics: Meta["metrics"] = {};
  let testing: number | undefined;
  if (test) {
    const testStarted = host.now();
    options.onPhase?.("testing");
    metrics = await measureModel(
      recorded.context,
      { contents, columnsOrdered },
      { what: "testing code", report, signal },
    );
    testing = host.now() - testStarted;
    await checkSamples(context, { contents, meta: undefined, columnsOrdered, orderedColumns });
  }

  let meta: Meta | undefined;
  /** Where there are canaries, nothing serves everybody before it was one. */
  let mustTry = false;
  let verdict: PromotionCheck = { missed: [], breaks: [] };
  if (bytes) {
    // A model may know only now what it takes.
    const contract = await context.contract();
    const profile = await profiler.profile({ contents, meta: undefined, columnsOrdered });
    const made = { origin: await origin, profile, reads: recorded.contents(), training, testing, contract };
    const described = await buildMetadata(context, {
      metrics,
      report: report.contents(),
      columnsOrdered,
      orderedColumns,
      ...made,
    });
    const store = await context.store();
    verdict = await checkPromotion(context, described, contract);
    throwIfAborted(context, signal);
    options.onPhase?.("storing");
    mustTry =
      config.model.rollout?.canary !== undefined &&
      (await store.current(config.model.name, config.model.version)) !== undefined;
    meta = await store.save(described, bytes, { promote: mayServe(verdict) && !mustTry });
  }
  const promoted = meta !== undefined && mayServe(verdict) && !mustTry;
  if (meta && mustTry && mayServe(verdict)) log.info("it is to be tried first: launchpad rollout start");
  const kept = meta ? `, stored as run ${meta.run}${promoted ? "" : ", not made current"}` : ", not stored";
  log.info(`trained ${modelLabel(config)} in ${((host.now() - started) / 1000).toFixed(1)} s${kept}`, {
    metrics: withoutCounts(metrics),
  });
  return {
    model: contents,
    metrics,
    meta,
    promoted,
    ...verdict,
    loaded: { contents, meta, columnsOrdered, orderedColumns },
  };
}

function mayServe({ missed, breaks }: PromotionCheck): boolean {
  return missed.length === 0 && breaks.length === 0;
}

async function previousContents(context: TrainingContext, options: TrainOptions, persist: boolean): Promise<unknown> {
  if (options.model !== undefined) return options.model;
  if (options.fresh || !persist) return undefined;
  try {
    return (await load(context))?.contents;
  } catch (error) {
    // The codec has changed: what it cannot read is no reason not to train.
    if (!isLaunchpadError(error) || error.code !== "CODEC_FAILED") throw error;
    const log = context.host.log.child("lifecycle");
    log.warning(`training goes on without the previous model (previous is undefined): ${error.message}`);
    return undefined;
  }
}
