import type { Context } from "../../lifecycle/context.ts";
import type { PredictOptions } from "../request-context.ts";
import { createAlert } from "./alert.ts";
import type { DriftState } from "./drift-state.ts";
import { createDriftWatch } from "./drift-watch.ts";
import type { FeedbackDesk } from "./feedback.ts";
import { allObservers, type Observer } from "./observe.ts";
import { createPredictionLog } from "./prediction-log.ts";
import { createRollout, type Rollout } from "./rollout.ts";

/** Whatever looks on at predictions. */
export interface Watch {
  /** Undefined where nobody looks on: then it costs nothing. */
  readonly observe: Observer | undefined;
  /** Names a prediction that will be logged, before it is made; `ofRows` for the rows of a request together. */
  readonly identify: ((request: PredictOptions, ofRows?: boolean) => string | undefined) | undefined;
  readonly drift: (() => Promise<DriftState>) | undefined;
  readonly feedback: FeedbackDesk | undefined;
  /** Metrics that are made when somebody asks. */
  readonly metrics: ((labels?: Readonly<Record<string, string>>) => Promise<string>) | undefined;
  readonly rollout: Rollout | undefined;
  /** Looks for other runs that are asked beside the one that serves. */
  look(): Promise<void>;
  /** Writes what waits. */
  close(): Promise<void>;
}

/**
 * Observers of predictions that the configuration asks for.
 *
 * @param context The lifecycle.
 * @param serving Finds the run that serves.
 *
 * @returns The observer of all, and what it has seen.
 *
 * @throws CONFIG_INVALID, VARIABLE_NOT_SET for `drift.alert` and `api.log`.
 */
export function createWatch(context: Context, serving: () => string | undefined): Watch {
  const { config, host } = context;
  const drift =
    config.drift && config.drift.profile !== false
      ? createDriftWatch(config.drift, host, config.model.name, createAlert(config, host))
      : undefined;
  const log = config.api?.log && createPredictionLog(config.api.log, context);
  const { rollout: settings } = config.model;
  const rollout = settings && createRollout(settings, context, serving, drift?.state);
  const parts = [drift, log, log?.feedback, rollout].filter((part) => part !== undefined);
  return {
    observe: allObservers([drift?.observe, log?.observe, rollout?.observe]),
    identify: log?.identify,
    drift: drift?.state,
    feedback: log?.feedback,
    rollout,
    async look() {
      await rollout?.look();
    },
    metrics:
      parts.length === 0
        ? undefined
        : async (labels) => (await Promise.all(parts.map((part) => part.metrics(labels)))).join(""),
    async close() {
      await Promise.all([log?.close(), rollout?.close()]);
    },
  };
}
