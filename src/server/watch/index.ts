import type { Config } from "../../config/types.ts";
import type { Host } from "../../host.ts";
import { createAlert } from "./alert.ts";
import type { DriftState } from "./drift-state.ts";
import { createDriftWatch } from "./drift-watch.ts";
import { allObservers, type Observer } from "./observe.ts";

/** Whatever looks on at predictions. */
export interface Watch {
  /** Undefined where nobody looks on: then it costs nothing. */
  readonly observe: Observer | undefined;
  readonly drift: (() => Promise<DriftState>) | undefined;
  /** Metrics that are made when somebody asks. */
  readonly metrics: ((labels?: Readonly<Record<string, string>>) => Promise<string>) | undefined;
}

/**
 * Creates what the configuration wants to look on at predictions.
 *
 * @param config The configuration.
 * @param host What the runtime can do.
 *
 * @returns The observer of all, and what it has seen.
 *
 * @throws CONFIG_INVALID, VARIABLE_NOT_SET for `drift.alert`.
 */
export function createWatch(config: Config, host: Host): Watch {
  const drift =
    config.drift && config.drift.profile !== false
      ? createDriftWatch(config.drift, host, config.model.name, createAlert(config, host))
      : undefined;
  return {
    observe: allObservers([drift?.observe]),
    drift: drift?.state,
    metrics: drift?.metrics,
  };
}
