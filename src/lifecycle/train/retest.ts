import type { Meta } from "../../store/types.ts";
import { type Loaded, modelLabel, type TrainingContext } from "../context.ts";
import { loadTrained } from "../load-model.ts";
import { measureModel, withoutCounts } from "./measure.ts";

/** Options of a test of the stored model. */
export interface RetestOptions {
  /** Whether to add the metrics to the stored model. Default: true. */
  readonly persist?: boolean;
  /** Contents to test, instead of those in the store. They are not in the store, so nothing is added to it. */
  readonly model?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Tests the model that serves once more, and adds the metrics to its history.
 *
 * @param context The lifecycle.
 * @param options What to leave out, and a signal.
 *
 * @returns The new metrics.
 *
 * @throws MODEL_NOT_TRAINED, STORE_CORRUPT, STORE_UNTRUSTED, TEST_FAILED, ABORTED; CONFIG_INVALID or VARIABLE_NOT_SET where
 * the metrics cannot be signed.
 */
export async function retest(context: TrainingContext, options: RetestOptions = {}): Promise<Meta["metrics"]> {
  const { config, host } = context;
  const { persist = true, signal } = options;
  await context.data.prepare("test");
  const loaded: Loaded =
    options.model === undefined
      ? await loadTrained(context)
      : { contents: options.model, meta: undefined, columnsOrdered: false };
  // What cannot be signed shows before an hour of testing, not after it.
  if (persist && loaded.meta) await context.checkSigning();
  const metrics = await measureModel(context, loaded, { what: "retesting code", signal });
  if (persist && loaded.meta) await (await context.store()).addMetrics(loaded.meta, metrics, host.now());
  host.log.child("lifecycle").info(`retested ${modelLabel(config)}`, { metrics: withoutCounts(metrics) });
  return metrics;
}
