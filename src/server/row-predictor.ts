import { responseAt } from "../api/response-at.ts";
import { compileResult } from "../api/validation/result.ts";
import { compileRow, rowResource } from "../api/validation/row.ts";
import { isLaunchpadError, LaunchpadError } from "../errors.ts";
import type { RowOutcome } from "../lifecycle/predict-rows.ts";
import { SchemaError } from "../schema/schema-error.ts";
import type { Json } from "../util/json.ts";
import type { ApiOptions } from "./api-options.ts";
import { argumentsInvalid } from "./arguments-invalid.ts";
import { plainOf } from "./plain-of.ts";
import type { RequestContext } from "./request-context.ts";

/** Answer to one row: what the model predicts, as JSON has it, or what is wrong. */
export type RowAnswer =
  | { readonly prediction: Json; readonly error?: never }
  | { readonly error: unknown; readonly prediction?: never };

/** Answers rows of values by name, n for n, in their order. `places` says where each stands in the request, if not there. */
export type RowPredictor = (
  rows: readonly unknown[],
  context: RequestContext,
  places?: readonly number[],
) => Promise<readonly RowAnswer[]>;

/** What an API says of rows and of their results. */
export type RowOptions = Pick<
  ApiOptions,
  "definition" | "unknownParameters" | "nulls" | "results" | "resultIsChecked" | "log"
>;

/**
 * Predictor of rows: the first resource of an API, asked as often as there are rows. Protocols and batches use it, so
 * that all of them validate, count and check as the REST API does.
 *
 * @param options The API.
 *
 * @returns A function from rows to answers: a row that is not valid has ARGUMENTS_INVALID with its faults.
 *
 * @throws API_INVALID when a schema is none.
 */
export function createRowPredictor(options: ApiOptions): RowPredictor {
  const { onPrediction, predict } = options;
  const { validate, checkResult, accept } = compileRowChecks(options);
  const { predictRows = (rows, context) => Promise.all(rows.map((args) => outcomeOf(() => predict(args, context)))) } =
    options;

  const { predictAlone } = options;
  /** One row has no need of what keeps many apart. */
  const answerAlone = async (row: unknown, context: RequestContext): Promise<RowAnswer> => {
    const validated = validate(row);
    if (validated.faults !== undefined || predictAlone === undefined) {
      return { error: argumentsInvalid(validated.faults ?? [], "The request") };
    }
    const { args } = validated;
    context.accept = accept;
    let outcome: RowOutcome;
    try {
      const prediction = predictAlone(args, context);
      outcome = { prediction: prediction instanceof Promise ? await prediction : prediction };
    } catch (error) {
      if (isLaunchpadError(error) && error.code === "ABORTED") throw error;
      outcome = { error };
    }
    const answer = answerOf(outcome, checkResult);
    onPrediction?.({ route: context.route, args, model: context.model, context, ...answer });
    return answer;
  };

  return async (rows, context, places) => {
    if (rows.length === 1 && predictAlone !== undefined) return [await answerAlone(rows[0], context)];
    const answers: RowAnswer[] = new Array(rows.length);
    const valid: Record<string, unknown>[] = [];
    /** Where those are that are valid. */
    const at: number[] = [];
    for (let row = 0; row < rows.length; row++) {
      const outcome = validate(rows[row]);
      if (outcome.faults === undefined) {
        valid.push(outcome.args);
        at.push(row);
      } else {
        const what = rows.length === 1 ? "The request" : `Row ${row + 1}`;
        answers[row] = { error: argumentsInvalid(outcome.faults, what) };
      }
    }
    if (valid.length === 0) return answers;
    context.accept = accept;
    const outcomes = await predictRows(valid, context, places ? at.map((row) => places[row] ?? row) : at);
    for (let index = 0; index < valid.length; index++) {
      const answer = answerOf(outcomes[index], checkResult);
      answers[at[index] ?? 0] = answer;
      const args = valid[index] ?? {};
      onPrediction?.({ route: context.route, args, model: context.model, context, ...answer });
    }
    return answers;
  };
}

async function outcomeOf(predict: () => unknown): Promise<RowOutcome> {
  try {
    return { prediction: await predict() };
  } catch (error) {
    return { error };
  }
}

/**
 * Makes the answer to a row of what the model made of it.
 *
 * @param outcome What the model made of it.
 * @param checkResult Checks a result by the schema of the API.
 *
 * @returns The prediction, or what is wrong.
 */
export function answerOf(outcome: RowOutcome | undefined, checkResult: (result: Json) => Json): RowAnswer {
  if (outcome === undefined) return { error: new LaunchpadError("PREDICT_FAILED", "[model] a row has no prediction") };
  if ("error" in outcome) return { error: outcome.error };
  try {
    return { prediction: checkResult(plainOf(outcome.prediction)) };
  } catch (error) {
    return { error };
  }
}

/**
 * Compiles what an API asks of a row and of its result.
 *
 * @param options The API.
 *
 * @returns What validates a row, what checks a result, and what does so before anything is written.
 *
 * @throws API_INVALID when a schema is none.
 */
export function compileRowChecks({
  definition,
  unknownParameters: unknown,
  nulls,
  results = "check",
  resultIsChecked,
  log,
}: RowOptions) {
  const found = rowResource(definition);
  const at = found && responseAt(definition, found.resource);
  const schema = resultIsChecked || results === "off" ? undefined : found?.resource.result?.schema;
  try {
    const checkResult = compileResult(schema, {
      schemas: definition.schemas,
      at,
      ...(results === "warn" && { warn: (message) => log.warning(message) }),
    });
    const isPromised = schema !== undefined && schema !== true && results === "check";
    return {
      validate: compileRow(definition, { unknown, nulls }),
      checkResult,
      /** What is written waits for a result that fits. */
      accept: isPromised ? (prediction: unknown) => checkResult(plainOf(prediction)) : undefined,
    };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new LaunchpadError("API_INVALID", `[api] ${found?.resource.path}: ${error.message}`, { cause: error });
  }
}
