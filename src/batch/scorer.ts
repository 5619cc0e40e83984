import { type Signature, signatureOf } from "../api/signature.ts";
import type { Frame } from "../data/types.ts";
import { type ErrorCode, isLaunchpadError, messageOf } from "../errors.ts";
import { isClosable, using } from "../lifecycle/closing.ts";
import type { Context, Loaded } from "../lifecycle/context.ts";
import { predictRows } from "../lifecycle/predict-rows.ts";
import { argumentsInvalid } from "../server/arguments-invalid.ts";
import { answerOf, compileRowChecks, type RowAnswer, type RowOptions } from "../server/row-predictor.ts";
import { flattened, predictionFrame } from "./flatten.ts";
import { assertInputs, type InputColumns, inputColumns, rowValues } from "./row-values.ts";

/** Row without a prediction. */
export interface RowFault {
  /** Its position in the frame, from 0. */
  readonly row: number;
  readonly code: ErrorCode | "ERROR";
  readonly message: string;
}

/** What became of the rows of a frame. */
export interface ScoredFrame {
  /** Predictions of the rows that have one, in their order. */
  readonly predictions: Frame;
  readonly faults: readonly RowFault[];
}

/** How a frame is scored. */
export interface ScoreHow {
  readonly signal?: AbortSignal | undefined;
  /** Whether it is from where all is text, as CSV is. */
  readonly untyped?: boolean | undefined;
}

/** Predicts many rows: frames by columns, where the model can, and anything else as requests would. */
export interface Scorer {
  readonly signature: Signature;
  /** Columns that it reads of a frame; undefined where any may be an input. */
  readonly columns: InputColumns | undefined;
  /**
   * Predicts the rows of a frame.
   *
   * @throws COLUMN_UNKNOWN for a column that is missing; ABORTED; PREDICT_FAILED for a model that miscounts.
   */
  score(frame: Frame, where: string, how?: ScoreHow): Promise<ScoredFrame>;
  /** Answers rows as JSON has them, n for n. */
  answer(rows: readonly unknown[], signal?: AbortSignal): Promise<readonly RowAnswer[]>;
}

/**
 * Scorer of many rows, with the checks of the API.
 *
 * @param context The lifecycle.
 * @param loaded The model.
 * @param api What the API says of rows and results.
 *
 * @returns The scorer.
 *
 * @throws API_INVALID when a schema is none.
 */
export function createScorer(context: Context, loaded: Loaded, api: RowOptions): Scorer {
  const { validate, checkResult, accept } = compileRowChecks(api);
  const signature = signatureOf(api.definition);
  const columns = inputColumns(signature);
  const { hooks, input } = context.model;
  // A file that describes the API may ask for more than the model does.
  const isOwn = api.definition.source === undefined;
  const inOne = <T>(action: () => Promise<T>) => (isClosable(loaded) ? using(loaded, action) : action());

  async function answer(rows: readonly unknown[], signal?: AbortSignal): Promise<readonly RowAnswer[]> {
    const answers: RowAnswer[] = new Array(rows.length);
    const valid: Record<string, unknown>[] = [];
    const positions: number[] = [];
    for (let at = 0; at < rows.length; at++) {
      // What the model asks for is what an API says that was made of it: it is asked once.
      const outcome = isOwn && input !== undefined && isObject(rows[at]) ? { args: rows[at] } : validate(rows[at]);
      if ("faults" in outcome && outcome.faults) {
        answers[at] = { error: argumentsInvalid(outcome.faults, "The row") };
      } else {
        valid.push(outcome.args as Record<string, unknown>);
        positions.push(at);
      }
    }
    if (valid.length === 0) return answers;
    const outcomes = await predictRows(context, loaded, valid, {
      signal: () => signal ?? new AbortController().signal,
      accept,
    });
    for (const [index, at] of positions.entries()) answers[at] = answerOf(outcomes[index], checkResult);
    return answers;
  }

  async function score(frame: Frame, where: string, { signal, untyped }: ScoreHow = {}): Promise<ScoredFrame> {
    assertInputs(frame.names, columns, where);
    signal?.throwIfAborted();
    const fast = isOwn ? await inOne(async () => hooks?.predictFrame?.(loaded.contents, frame)) : undefined;
    if (fast) return { predictions: predictionFrame(fast, frame.length, signature), faults: [] };
    const faults: RowFault[] = [];
    const predictions: unknown[] = [];
    for (const [row, { error, prediction }] of (await answer(rowValues(frame, signature, untyped), signal)).entries()) {
      if (error === undefined) predictions.push(prediction);
      else faults.push(faultOf(error, row));
    }
    return { predictions: flattened(predictions, signature), faults };
  }

  return { signature, columns, score, answer };
}

/**
 * Tells what is wrong with a row.
 *
 * @param error What it was answered with.
 * @param row Its position.
 *
 * @returns The fault, as it is written down.
 */
export function faultOf(error: unknown, row: number): RowFault {
  return { row, code: isLaunchpadError(error) ? error.code : "ERROR", message: messageOf(error) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
