import type { Loaded } from "../../lifecycle/context.ts";
import type { Args } from "../../model/define.ts";
import type { PredictOptions } from "../request-context.ts";

/** One prediction that was made, or failed. */
export interface ObservedPrediction {
  /** The model that was asked. */
  readonly loaded: Loaded;
  readonly args: Args;
  /** What the model returned; absent if there is an error. */
  readonly prediction?: unknown;
  readonly error?: unknown;
  /** How long it took, in milliseconds; rows that are predicted together share it. */
  readonly ms: number;
  readonly request: PredictOptions;
  /** Which of the models that share the requests answers; undefined if one serves alone. */
  readonly variant?: string | undefined;
  /** Its place among the rows of the request, if it has several. */
  readonly row?: number;
  /** Under which it is logged; undefined if it is not. */
  readonly id?: string | undefined;
}

/** Looks on at predictions. It must not throw, and nobody waits for it. */
export type Observer = (event: ObservedPrediction) => void;

/**
 * Observer that tells several others.
 *
 * @param observers Those that there are.
 *
 * @returns One for all; undefined for none.
 */
export function allObservers(observers: readonly (Observer | undefined)[]): Observer | undefined {
  const there = observers.filter((one) => one !== undefined);
  const [first, ...more] = there;
  if (first === undefined || more.length === 0) return first;
  return (event) => {
    for (const observe of there) observe(event);
  };
}

/**
 * Makes a prediction that somebody looks on at.
 *
 * @param observe Looks on.
 * @param elapsed A clock, in milliseconds.
 * @param of What is asked.
 * @param predict Makes the prediction.
 *
 * @returns What it returned.
 */
export function observed(
  observe: Observer,
  elapsed: () => number,
  of: Pick<ObservedPrediction, "loaded" | "args" | "request" | "variant" | "id">,
  predict: () => unknown,
): unknown {
  const start = elapsed();
  const done = (prediction: unknown) => {
    observe({ ...of, prediction, ms: elapsed() - start });
    return prediction;
  };
  const failed = (error: unknown): never => {
    observe({ ...of, error, ms: elapsed() - start });
    throw error;
  };
  let result: unknown;
  try {
    result = predict();
  } catch (error) {
    return failed(error);
  }
  return result instanceof Promise ? result.then(done, failed) : done(result);
}
