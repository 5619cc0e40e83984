/** What a code means to a caller: the HTTP status of a response, the exit code of a command. */
interface Meaning {
  readonly status: number;
  readonly exit: 1 | 2 | 3;
}

/** The one table from error code to HTTP status and exit code. */
const meanings = {
  /** Wrong use of the command line. */
  USAGE: { status: 500, exit: 2 },
  /** No configuration file, or one that cannot be read. */
  CONFIG_NOT_FOUND: { status: 500, exit: 2 },
  /** A configuration, or a file it includes, that is not as it should be. */
  CONFIG_INVALID: { status: 500, exit: 2 },
  /** A `_var` key names an environment variable that is not set. */
  VARIABLE_NOT_SET: { status: 503, exit: 2 },
  /** A location names a binding of the platform that is not there. */
  BINDING_NOT_SET: { status: 503, exit: 2 },
  /** No file for `model.module`, or a package that is not installed. */
  MODULE_NOT_FOUND: { status: 500, exit: 2 },
  /** A module that cannot be loaded, or lacks the functions of a model. */
  MODULE_INVALID: { status: 500, exit: 2 },
  /** A model file that is damaged: truncated, altered, or none of its format. */
  MODEL_FILE_INVALID: { status: 500, exit: 2 },
  /** A model file that needs what its reader has not: an estimator, an operator, a version. */
  MODEL_FILE_UNSUPPORTED: { status: 500, exit: 2 },
  /** An API file that is missing or not as it should be. */
  API_INVALID: { status: 500, exit: 2 },
  /** `source(name)` or `sink(name)` with a name that this run does not have. */
  DATA_UNKNOWN: { status: 500, exit: 1 },
  /** Data that cannot be opened, read or written. */
  DATA_UNAVAILABLE: { status: 500, exit: 1 },
  /** Engine of jobs, such as Slurm, that does not take a job. */
  ENGINE_UNAVAILABLE: { status: 500, exit: 1 },
  /** Data that was read, and is not as it should be. */
  DATA_INVALID: { status: 500, exit: 1 },
  /** A column that a frame does not have. */
  COLUMN_UNKNOWN: { status: 500, exit: 1 },
  /** The model's `train` threw. */
  TRAIN_FAILED: { status: 500, exit: 1 },
  /** The model's `test` threw, or returned something other than metrics. */
  TEST_FAILED: { status: 500, exit: 1 },
  /** The model's `predict` threw, or returned something that has no JSON. */
  PREDICT_FAILED: { status: 500, exit: 1 },
  /** A process that computes a model in another language: it could not be started, or has ended. */
  HOST_FAILED: { status: 503, exit: 1 },
  /** A prediction that does not fit what the API file says of the response: the model or the file is to be corrected. */
  RESULT_INVALID: { status: 500, exit: 1 },
  /** Something that the API needs before it can answer: the cause says what. */
  NOT_READY: { status: 503, exit: 1 },
  /** A loaded model that does not make of its samples what it must. */
  SAMPLES_DIFFER: { status: 503, exit: 1 },
  /** Arguments of a prediction that do not fit what the API or the model declares. */
  ARGUMENTS_INVALID: { status: 400, exit: 2 },
  /** Contents that the model's codec cannot write or read. */
  CODEC_FAILED: { status: 500, exit: 1 },
  /** Nothing has been trained under this name and version. */
  MODEL_NOT_TRAINED: { status: 503, exit: 1 },
  /** A model store that cannot be read or written. */
  STORE_UNAVAILABLE: { status: 503, exit: 1 },
  /** Stored bytes that are not what was stored. */
  STORE_CORRUPT: { status: 503, exit: 1 },
  /** A file to import that is no exported run, or one whose name the store has given to another run. */
  BUNDLE_INVALID: { status: 500, exit: 1 },
  /** A stored model without a signature of ours, or with one that does not fit. */
  STORE_UNTRUSTED: { status: 503, exit: 1 },
  /** A trained model that was kept, and does not serve because it misses a gate. */
  GATE_MISSED: { status: 500, exit: 3 },
  /** A trained model that was kept, and does not serve because it would break its callers. */
  BREAKING_CHANGE: { status: 500, exit: 3 },
  /** A server that does not do what the clauses of a protocol ask for. */
  CLAUSES_MISSED: { status: 500, exit: 1 },
  /** A server that cannot listen where it was told to. */
  LISTEN_FAILED: { status: 500, exit: 1 },
  /** Stopped by a signal before it was done. */
  ABORTED: { status: 503, exit: 1 },
  /** A request that was not answered within `api.timeout`. */
  TIMED_OUT: { status: 504, exit: 1 },
  /** A request that is none: no host, or one that names nothing. */
  REQUEST_INVALID: { status: 400, exit: 1 },
  /** A request by which a page of another site would change something. */
  CROSS_SITE_REFUSED: { status: 403, exit: 1 },
  /** A request without the token that it needs. */
  UNAUTHORIZED: { status: 401, exit: 1 },
  /** A request of a caller who may not ask this. */
  FORBIDDEN: { status: 403, exit: 1 },
  /** The public keys of the issuer of tokens, which cannot be fetched. */
  KEYS_UNAVAILABLE: { status: 503, exit: 1 },
  /** A caller who asks more often than `limits` let them. */
  RATE_LIMITED: { status: 429, exit: 1 },
  /** More requests than the model may have at the same time, with those that wait. */
  OVERLOADED: { status: 503, exit: 1 },
  /** A request whose URL is longer than `limits.max_url_bytes`. */
  URL_TOO_LONG: { status: 414, exit: 1 },
  /** A request whose headers are larger than `limits.max_header_bytes`. */
  HEADERS_TOO_LARGE: { status: 431, exit: 1 },
  /** A request whose body did not come within `limits.body_timeout`. */
  REQUEST_TIMED_OUT: { status: 408, exit: 1 },
  /** A job that is there already under this id, for another request. */
  JOB_CONFLICT: { status: 409, exit: 1 },
  /** A model that is to be loaded, and is. */
  MODEL_LOADED: { status: 409, exit: 1 },
  /** A job whose process has ended before it was done. */
  JOB_INTERRUPTED: { status: 500, exit: 1 },
  /** A request for a path that the API does not have. */
  NOT_FOUND: { status: 404, exit: 1 },
  /** A request with a method that the path does not have. */
  METHOD_NOT_ALLOWED: { status: 405, exit: 1 },
  /** A request body larger than the API takes. */
  BODY_TOO_LARGE: { status: 413, exit: 1 },
  /** A request body of a type that the API does not take. */
  MEDIA_TYPE_UNSUPPORTED: { status: 415, exit: 1 },
  /** A defect in Launchpad itself. */
  INTERNAL: { status: 500, exit: 1 },
} as const satisfies Record<string, Meaning>;

/**
 * Finds the HTTP status of a code. What was thrown says nothing of it: a model can throw anything.
 *
 * @param code A code of the table above.
 *
 * @returns The status of a response that reports it.
 */
export function statusOf(code: ErrorCode): number {
  return meanings[code].status;
}

/** A stable name for what went wrong. */
export type ErrorCode = keyof typeof meanings;

/** One thing wrong with one argument of a prediction. */
export interface Fault {
  /** Where the argument came from. */
  readonly in: "query" | "path" | "header" | "body" | "argument";
  /** The argument's name; empty for the body as a whole. */
  readonly name: string;
  /** What was expected. */
  readonly message: string;
  /** What was received, if anything was. */
  readonly received?: unknown;
}

/** What an error carries besides its message. */
export interface ErrorOptions {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Everything wrong with the arguments of a prediction. */
  readonly faults?: readonly Fault[];
  /** What anybody may know of an error whose message is for operators only. That of the cause, unless told. */
  readonly detail?: string | undefined;
}

/**
 * An error that a user can act on: its message says where, what was found, what was expected and what to do.
 */
export class LaunchpadError extends Error {
  override readonly name = "LaunchpadError";
  readonly code: ErrorCode;
  /** The status of an HTTP response that reports this error. */
  readonly status: number;
  /** The exit code of a command that ends with this error. */
  readonly exitCode: number;
  readonly faults: readonly Fault[];
  /** What a response says of it, where its status is 500 or more: the message is for the log. */
  readonly detail: string | undefined;

  /**
   * Creates an error.
   *
   * @param code The stable name of what went wrong.
   * @param message Where, what was found, what was expected, what to do.
   * @param options The cause, the faults of arguments, and what anybody may know.
   */
  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.status = meanings[code].status;
    this.exitCode = meanings[code].exit;
    this.faults = options.faults ?? [];
    this.detail = options.detail ?? (isLaunchpadError(options.cause) ? options.cause.detail : undefined);
  }
}

/**
 * Tells whether a value is an error of Launchpad's, also one that another copy of this package threw.
 *
 * @param value Whatever was thrown.
 *
 * @returns Whether it has a code of the table above.
 */
export function isLaunchpadError(value: unknown): value is LaunchpadError {
  return value instanceof Error && value.name === "LaunchpadError" && "code" in value && String(value.code) in meanings;
}

/**
 * Creates the one line that describes whatever was thrown.
 *
 * @param thrown An error, or any other value.
 *
 * @returns Its message; for an error without one, its name.
 */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return String(thrown);
}
