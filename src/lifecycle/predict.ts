import type { Args } from "../model/define.ts";
import { type Call, createCall, type RequestOptions } from "./call-context.ts";
import { callPredict, throwIfAborted } from "./call-model.ts";
import { checkedArgs, checkedPrediction } from "./check-schemas.ts";
import { isClosable, using } from "./closing.ts";
import type { Context, Loaded } from "./context.ts";
import { checkUse } from "./order-columns.ts";

/** Options of one prediction. */
export interface PredictOptions {
  /** Contents to predict with, instead of those in the store. */
  readonly model?: unknown;
  readonly signal?: AbortSignal;
  /** Whether sinks are written to. Default: true. */
  readonly persist?: boolean;
}

/**
 * Makes one prediction.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 * @param args The arguments, by name.
 * @param options What ends the wait, and whether sinks are written to.
 *
 * @returns What the model's `predict` returned.
 *
 * @throws ARGUMENTS_INVALID when `args` does not fit the model's `input`; PREDICT_FAILED when `predict` throws, or
 * returns what does not fit `output`; ABORTED.
 */
export async function predict(
  context: Context,
  loaded: Loaded,
  args: Args,
  { signal, persist }: Pick<PredictOptions, "signal" | "persist"> = {},
): Promise<unknown> {
  throwIfAborted(context, signal);
  return predictForRequest(context, loaded, args, { signal: () => signal ?? new AbortController().signal, persist });
}

/**
 * Makes one prediction for a request; at once, if the model does and has no schemas.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 * @param args The arguments, by name.
 * @param request What ends the wait, and the trace that goes on.
 *
 * @returns What the model's `predict` returned.
 *
 * @throws ARGUMENTS_INVALID, PREDICT_FAILED, ABORTED as `predict` does; or rejects with them.
 */
export function predictForRequest(context: Context, loaded: Loaded, args: Args, request: RequestOptions): unknown {
  if (!isClosable(loaded)) return answer(context, loaded, args, request);
  // From here on, also while arguments are checked: a model that serves no more is not closed under a request.
  return using(loaded, () => answer(context, loaded, args, request));
}

function answer(context: Context, loaded: Loaded, args: Args, request: RequestOptions): unknown {
  const { model } = context;
  if (model.input === undefined && model.output === undefined) {
    const call = createCall(context, "predict", request, loaded.orderedColumns);
    const prediction = callModelPredict(context, loaded, args, request, call);
    if (request.accept === undefined || !writesAnything(context)) return prediction;
    return prediction instanceof Promise || call.held?.any() ? committed(call, prediction, request) : prediction;
  }
  return checkedAnswer(context, loaded, args, request);
}

async function checkedAnswer(context: Context, loaded: Loaded, args: Args, request: RequestOptions): Promise<unknown> {
  const { input, output } = context.model;
  const checked = input ? await checkedArgs(context, input, args) : args;
  const call = createCall(context, "predict", request, loaded.orderedColumns);
  const prediction = await callModelPredict(context, loaded, checked, request, call);
  return committed(call, output ? await checkedPrediction(context, output, prediction) : prediction, request);
}

/** A result that cannot be the answer leaves nothing behind: what the model wrote is written once the result is checked. */
async function committed(call: Call, predicted: unknown, request: RequestOptions): Promise<unknown> {
  const prediction = await predicted;
  if (!call.held?.any()) return prediction;
  request.accept?.(prediction);
  await call.commit();
  return prediction;
}

function callModelPredict(context: Context, loaded: Loaded, args: Args, request: RequestOptions, call: Call): unknown {
  return callForPrediction(context, loaded, request, call, () =>
    context.model.predict(loaded.contents, args, call.run),
  );
}

/**
 * Calls a function of the model that predicts; at once, if the model does.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 * @param request What ends the wait.
 * @param call The call that the function is handed.
 * @param predictor Calls it.
 *
 * @returns What it returned.
 *
 * @throws ABORTED, PREDICT_FAILED; or rejects with them.
 */
export function callForPrediction(
  context: Context,
  loaded: Loaded,
  request: RequestOptions,
  call: Call,
  predictor: () => unknown,
): unknown {
  const predicted = callPredict(context, request, predictor);
  const prediction = writesAnything(context) ? afterwards(predicted, () => call.ended()) : predicted;
  if (!loaded.columnsOrdered || loaded.columnsChecked) return prediction;
  return prediction instanceof Promise
    ? prediction.then((it) => checkedColumns(context, loaded, call, it))
    : checkedColumns(context, loaded, call, prediction);
}

/** Whoever has no sinks does not pay for them. */
function writesAnything({ config }: Context): boolean {
  for (const _ in config.datasinks) return true;
  return false;
}

function afterwards(result: unknown, tell: () => void): unknown {
  if (result instanceof Promise) {
    return result.then((it) => {
      tell();
      return it;
    });
  }
  tell();
  return result;
}

/** A server makes the same mistake at every request: it is told once for each model that it loads. */
function checkedColumns<T>(context: Context, loaded: Loaded, call: Call, prediction: T): T {
  loaded.columnsChecked = true;
  checkUse(context, true, call.orderedColumns(), "prediction code", context.host.log.child("lifecycle"));
  return prediction;
}
