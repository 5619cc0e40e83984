/** `model.rollout` */
export interface RolloutConfig {
  /** The run that answers some of the requests. */
  readonly canary?: {
    readonly alias: string;
    readonly percent: number;
    /** What tells callers apart: `key`, or the name of a header. */
    readonly sticky?: string;
  };
  /** The alias of a run that is asked as well, and answers nobody. */
  readonly shadow?: string;
  /** When the canary is taken back: `> 2 * current`. */
  readonly abort_if?: { readonly error_rate?: string; readonly p99?: string; readonly drift?: boolean };
  /** Seconds after which a canary without fault serves. */
  readonly promote_after?: number;
}

/** `api.log`, whichever way it was written. */
export interface LogConfig {
  /** The name of a data sink. */
  readonly sink: string;
  /** The share of predictions that are kept. */
  readonly sample: number;
  /** The inputs that are kept; all of them if absent. */
  readonly columns?: readonly string[];
  /** Paths in inputs and predictions whose values become `***`. */
  readonly redact?: readonly string[];
  /** The path in a prediction of the value that comes true. */
  readonly target?: string;
  /** Days after which rows are removed, from a table of a database. */
  readonly retention_days?: number;
}

/** The `drift` section: without it, nothing of what is asked and predicted is counted. */
export interface DriftConfig extends Readonly<Record<string, unknown>> {
  /** Whether trainings keep the distributions that requests are compared with. */
  readonly profile: boolean;
  /** Inputs that no description of the API names. */
  readonly inputs?: readonly string[];
  /** Seconds for which requests are counted before they are compared. */
  readonly window: number;
  /** How often a window may raise an alarm by chance. */
  readonly alpha: number;
  /** Windows with fewer predictions raise no alarm. */
  readonly min_rows: number;
  /** Who is told of an alarm. */
  readonly alert?: AlertConfig;
}

/** `drift.alert` */
export interface AlertConfig {
  /** The URL that an alarm is posted to. */
  readonly webhook?: string;
  /** The variable that holds it: such URLs are secrets. */
  readonly webhook_var?: string;
  /** The command that is run with the alarm as JSON at its standard input, and its arguments. */
  readonly command?: readonly string[];
  /** After so many windows in a row. */
  readonly after: number;
}
