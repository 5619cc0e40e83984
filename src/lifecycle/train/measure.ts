import { toPlain } from "../../data/to-json.ts";
import { LaunchpadError, messageOf } from "../../errors.ts";
import type { Metrics, Model } from "../../model/define.ts";
import { type EvaluationInput, evaluation } from "../../model/metrics/evaluation.ts";
import type { Meta } from "../../store/types.ts";
import { createCall } from "../call-context.ts";
import { callModel } from "../call-model.ts";
import { type Context, modelLabel } from "../context.ts";
import { checkUse } from "../order-columns.ts";
import type { TrainReport } from "./train-report.ts";

/**
 * Runs a model's `test` and checks that what it returns are metrics.
 *
 * @param context The lifecycle.
 * @param loaded The contents to test, and whether they were trained on ordered columns.
 * @param options What the code is called in warnings, the train report if there is one, and a signal.
 *
 * @returns The metrics as JSON.
 *
 * @throws TEST_FAILED when `test` throws, or returns something other than an object of JSON values.
 */
export async function measureModel(
  context: Context,
  loaded: { readonly contents: unknown; readonly columnsOrdered: boolean },
  options: {
    readonly what: "testing code" | "retesting code";
    readonly report?: TrainReport;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Meta["metrics"]> {
  const { model, host } = context;
  const call = createCall(context, "test", options);
  const metrics = await callModel(context, "TEST_FAILED", options.signal, () => model.test(loaded.contents, call.run));
  call.ended();
  checkUse(context, loaded.columnsOrdered, call.orderedColumns(), options.what, host.log.child("lifecycle"));
  return plainMetrics(context, evaluated(metrics));
}

/** Labels and predictions that `test` returned below `evaluation`: what a model in Python or R can do, too. */
function evaluated(metrics: Awaited<ReturnType<Model["test"]>>): Metrics {
  const raw: unknown = metrics?.evaluation;
  if (typeof raw !== "object" || raw === null || !("labels" in raw) || !("predictions" in raw)) return metrics;
  // What the test says itself is what it means.
  const { evaluation: _, ...own } = metrics;
  return { ...evaluation(raw as EvaluationInput), ...own };
}

function plainMetrics(context: Context, metrics: Awaited<ReturnType<Model["test"]>>): Meta["metrics"] {
  const fail = (problem: string, cause?: unknown) =>
    new LaunchpadError(
      "TEST_FAILED",
      `[model] test of ${modelLabel(context.config)} returned ${problem}, expected an object of metrics such as { accuracy: 0.95 }.`,
      { cause },
    );
  let plain: unknown;
  try {
    plain = toPlain(metrics);
  } catch (cause) {
    throw fail(`what JSON cannot hold (${messageOf(cause)})`, cause);
  }
  if (typeof plain !== "object" || plain === null || Array.isArray(plain)) {
    throw fail(Array.isArray(plain) ? "an array" : plain === null ? "nothing" : `a ${typeof plain}`);
  }
  return plain as Meta["metrics"];
}

/**
 * Metrics for people, without the counts that curves are drawn from.
 *
 * @param metrics The metrics.
 *
 * @returns All others.
 */
export function withoutCounts({ evaluation: _, ...metrics }: Meta["metrics"]): Meta["metrics"] {
  return metrics;
}
