import { type BaseIssue, type GenericSchema, safeParseAsync } from "valibot";
import { type Fault, LaunchpadError } from "../errors.ts";
import type { Args } from "../model.ts";
import { type Context, type Loaded, nameOf } from "./context.ts";
import { checkUse } from "./order-columns.ts";
import { callModel, createCall } from "./run.ts";

export interface PredictOptions {
  /** Contents to predict with, instead of those in the store. */
  readonly model?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Makes one prediction.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 * @param args The arguments, by name.
 * @param signal Ends the wait.
 *
 * @returns What the model's `predict` returned.
 *
 * @throws ARGUMENTS_INVALID when `args` does not fit the model's `input`; PREDICT_FAILED when `predict` throws, or
 * returns what does not fit `output`; ABORTED.
 */
export async function predict(context: Context, loaded: Loaded, args: Args, signal?: AbortSignal): Promise<unknown> {
  const { model, host } = context;
  const checked = model.input ? await checkedArgs(context, model.input, args) : args;
  const call = createCall(context, "predict", { signal });
  const prediction = await callModel(context, "PREDICT_FAILED", signal, () =>
    model.predict(loaded.contents, checked, call.run),
  );
  // A server makes the same mistake at every request: it is told once for each model that it loads.
  if (loaded.columnsOrdered && !loaded.columnsChecked) {
    loaded.columnsChecked = true;
    checkUse(context, true, call.orderedColumns(), "prediction code", host.log.child("lifecycle"));
  }
  return model.output ? checkedPrediction(context, model.output, prediction) : prediction;
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
    `[predict] ${nameOf(context.config)}: ${faults.map((fault) => `${fault.name || "arguments"}: ${fault.message}`).join("; ")}`,
    { faults },
  );
}

async function checkedPrediction(context: Context, schema: GenericSchema, prediction: unknown): Promise<unknown> {
  const result = await safeParseAsync(schema, prediction);
  if (result.success) return result.output;
  throw new LaunchpadError(
    "PREDICT_FAILED",
    `[model] predict of ${nameOf(context.config)} returned what does not fit its output schema: ` +
      result.issues.map((issue) => `${pathOf(issue) || "the prediction"}: ${issue.message}`).join("; "),
  );
}

function pathOf(issue: BaseIssue<unknown>): string {
  return (issue.path ?? []).map((step) => String(step.key)).join(".");
}
