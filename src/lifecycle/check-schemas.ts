import { type BaseIssue, type GenericSchema, safeParseAsync } from "valibot";
import { type Fault, LaunchpadError } from "../errors.ts";
import type { Args } from "../model/define.ts";
import { type Context, modelLabel } from "./context.ts";

/**
 * Checks arguments by the model's `input`.
 *
 * @param context The lifecycle.
 * @param schema The schema.
 * @param args The arguments, by name.
 *
 * @returns What the schema makes of them.
 *
 * @throws ARGUMENTS_INVALID with every fault.
 */
export async function checkedArgs(context: Context, schema: GenericSchema, args: Args): Promise<Args> {
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

/**
 * Checks a prediction by the model's `output`.
 *
 * @param context The lifecycle.
 * @param schema The schema.
 * @param prediction What the model returned.
 *
 * @returns What the schema makes of it.
 *
 * @throws PREDICT_FAILED when it does not fit.
 */
export async function checkedPrediction(
  context: Context,
  schema: GenericSchema,
  prediction: unknown,
): Promise<unknown> {
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
