import { type BaseIssue, type GenericSchema, safeParseAsync } from "valibot";
import { type Fault, LaunchpadError } from "../errors.ts";
import type { Args } from "../model/define.ts";
import { type Call, createCall, type RequestOptions } from "./call-context.ts";
import { callPredict, throwIfAborted } from "./call-model.ts";
import { isClosable, using } from "./closing.ts";
import { type Context, type Loaded, modelLabel } from "./context.ts";
import { checkUse } from "./order-columns.ts";

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
  const { model } = context;
  if (model.input === undefined && model.output === undefined) return callModelPredict(context, loaded, args, request);
  return checkedAnswer(context, loaded, args, request);
}

async function checkedAnswer(context: Context, loaded: Loaded, args: Args, request: RequestOptions): Promise<unknown> {
  const { input, output } = context.model;
  const prediction = await callModelPredict(
    context,
    loaded,
    input ? await checkedArgs(context, input, args) : args,
    request,
  );
  return output ? checkedPrediction(context, output, prediction) : prediction;
}

function callModelPredict(context: Context, loaded: Loaded, args: Args, request: RequestOptions): unknown {
  const call = createCall(context, "predict", request);
  const make = () => callPredict(context, request, () => context.model.predict(loaded.contents, args, call.run));
  const predicted = isClosable(loaded) ? using(loaded, make) : make();
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

async function checkedArgs(context: Context, schema: GenericSchema, args: Args): Promise<Args> {
  const result = await safeParseAsync(schema, args);
  if (result.success) return result.output as Args;
  const faults: Fault[] = result.issues.map((issue) => ({
    in: "argument",
    name: pathOf(issue),
    message: issue.message,
    ...(issue.input === undefined ? {} : { received: issue.input }),
  }));
  throw new LaunchpadError(
    "ARGUMENTS_INVALID",
    `[predict] ${modelLabel(context.config)}: ${faults.map((fault) => `${fault.name || "arguments"}: ${fault.message}`).join("; ")}`,
    { faults },
  );
}

async function checkedPrediction(context: Context, schema: GenericSchema, prediction: unknown): Promise<unknown> {
  const result = await safeParseAsync(schema, prediction);
  if (result.success) return result.output;
  throw new LaunchpadError(
    "PREDICT_FAILED",
    `[model] predict of ${modelLabel(context.config)} returned what does not fit its output schema: ` +
      result.issues.map((issue) => `${pathOf(issue) || "the prediction"}: ${issue.message}`).join("; "),
  );
}

function pathOf(issue: BaseIssue<unknown>): string {
  return (issue.path ?? []).map((step) => String(step.key)).join(".");
}
