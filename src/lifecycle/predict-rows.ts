import { isLaunchpadError, LaunchpadError } from "../errors.ts";
import type { Args } from "../model/define.ts";
import { createCall, type RequestOptions } from "./call-context.ts";
import { throwIfAborted } from "./call-model.ts";
import { checkedArgs, checkedPrediction } from "./check-schemas.ts";
import { isClosable, using } from "./closing.ts";
import { type Context, type Loaded, modelLabel } from "./context.ts";
import { callForPrediction, predictForRequest } from "./predict.ts";

/** Prediction of one row, or why there is none. */
export type RowOutcome =
  | { readonly prediction: unknown; readonly error?: never }
  | { readonly error: unknown; readonly prediction?: never };

/** So many predictions of single rows are under way at the same time: a model in another process takes them together. */
const maxAtOnce = 64;

/**
 * Predicts rows: as many outcomes, in the order of the rows. They go together where the model has `predictBatch`; where that
 * throws, or writes and has a result that cannot be an answer, one by one, so that only those fail that are wrong.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 * @param rows The arguments of each, by name.
 * @param request What ends the wait, and whether sinks are written to.
 *
 * @returns A prediction or an error for each row: ARGUMENTS_INVALID, PREDICT_FAILED and the errors of sources and sinks.
 *
 * @throws ABORTED; PREDICT_FAILED when `predictBatch` returns another number of predictions than there are rows.
 */
export async function predictRows(
  context: Context,
  loaded: Loaded,
  rows: readonly Args[],
  request: RequestOptions,
): Promise<readonly RowOutcome[]> {
  if (!isClosable(loaded)) return outcomesOf(context, loaded, rows, request);
  // From the first check of a row to the last prediction, a model that serves no more is not closed.
  return using(loaded, () => outcomesOf(context, loaded, rows, request));
}

async function outcomesOf(
  context: Context,
  loaded: Loaded,
  rows: readonly Args[],
  request: RequestOptions,
): Promise<readonly RowOutcome[]> {
  const { predictBatch } = context.model;
  if (predictBatch === undefined || rows.length === 1) return oneByOne(context, loaded, rows, request);
  throwIfAborted(context, request.signal());
  const outcomes = await inputsOf(context, rows);
  const positions: number[] = [];
  const checked: Args[] = [];
  for (const [position, outcome] of outcomes.entries()) {
    if ("error" in outcome) continue;
    positions.push(position);
    checked.push(outcome.args);
  }
  if (checked.length === 0) return outcomes as readonly RowOutcome[];
  const call = createCall(context, "predict", request, loaded.orderedColumns);
  let predictions: ArrayLike<unknown>;
  try {
    predictions = listOf(
      context,
      await callForPrediction(context, loaded, request, call, () => predictBatch(loaded.contents, checked, call.run)),
      checked.length,
    );
  } catch (error) {
    // What was written already would be written again.
    if (isOfAll(error) || (call.reachedSink && call.held === undefined)) throw error;
    return oneByOne(context, loaded, rows, request);
  }
  const { output } = context.model;
  const done: RowOutcome[] = [...(outcomes as readonly RowOutcome[])];
  for (const [at, position] of positions.entries()) {
    const prediction = predictions[at];
    done[position] = output ? await settled(() => checkedPrediction(context, output, prediction)) : { prediction };
  }
  if (call.held?.any()) {
    // What was written is of all rows. Where one of them cannot be answered, nothing has been: each writes its own part.
    if (!positions.every((position) => isAnswer(done[position], request))) {
      return oneByOne(context, loaded, rows, request);
    }
    await call.commit();
  }
  return done;
}

/** Whether a row has a result that can be its answer. */
function isAnswer(outcome: RowOutcome | undefined, { accept }: RequestOptions): boolean {
  if (outcome === undefined || "error" in outcome) return false;
  try {
    accept?.(outcome.prediction);
    return true;
  } catch {
    return false;
  }
}

async function oneByOne(
  context: Context,
  loaded: Loaded,
  rows: readonly Args[],
  request: RequestOptions,
): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (let from = 0; from < rows.length; from += maxAtOnce) {
    throwIfAborted(context, request.signal());
    const some = rows.slice(from, from + maxAtOnce);
    outcomes.push(
      ...(await Promise.all(some.map((args) => settled(() => predictForRequest(context, loaded, args, request))))),
    );
  }
  return outcomes;
}

async function settled(predict: () => unknown): Promise<RowOutcome> {
  try {
    return { prediction: await predict() };
  } catch (error) {
    if (isAborted(error)) throw error;
    return { error };
  }
}

/** The rows as the model's `input` makes them. */
async function inputsOf(
  context: Context,
  rows: readonly Args[],
): Promise<readonly ({ readonly args: Args } | { readonly error: unknown })[]> {
  const { input } = context.model;
  if (input === undefined) return rows.map((args) => ({ args }));
  const outcomes: ({ readonly args: Args } | { readonly error: unknown })[] = [];
  for (const row of rows) {
    try {
      outcomes.push({ args: await checkedArgs(context, input, row) });
    } catch (error) {
      outcomes.push({ error });
    }
  }
  return outcomes;
}

/** Nothing is wrong with a row when nobody waits any more, or when the model counts wrongly. */
class CountError extends LaunchpadError {}

const isAborted = (error: unknown) => isLaunchpadError(error) && error.code === "ABORTED";
const isOfAll = (error: unknown) => error instanceof CountError || isAborted(error);

function listOf({ config }: Context, predictions: unknown, expected: number): ArrayLike<unknown> {
  const isList = Array.isArray(predictions) || (ArrayBuffer.isView(predictions) && "length" in predictions);
  const list = isList ? (predictions as ArrayLike<unknown>) : undefined;
  if (list?.length === expected) return list;
  throw new CountError(
    "PREDICT_FAILED",
    `[model] predictBatch of ${modelLabel(config)}: expected a list of ${expected} predictions, one for each row, ` +
      `found ${list ? list.length : typeof predictions}. Return one for each row, in the order of the rows`,
  );
}
