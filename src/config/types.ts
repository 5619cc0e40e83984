import type { CardConfig } from "./card.ts";
import type { LimitsConfig } from "./doors/door-types.ts";
import type { JobsConfig } from "./jobs/job-types.ts";
import type { DriftConfig, LogConfig, RolloutConfig } from "./watch/watch-types.ts";

/** A section whose other keys belong to the type, the driver or the user. */
export interface Section {
  readonly [key: string]: unknown;
}

/** One entry below `datasources` or `datasinks`. */
export interface DataConfig extends Section {
  readonly type: string;
  /** Which of train, test and predict see it; all of them if there are none. */
  readonly tags: readonly string[];
  /** Seconds for which what was read is kept: -1 for ever, 0 not at all. */
  readonly expires?: number;
  readonly cache_size?: number;
  readonly options?: Section;
}

/** One entry below `dbms`. */
export interface DbmsConfig extends Section {
  readonly type: string;
}

/** The `model` section: what Launchpad reads of it, and whatever else the user writes there. */
export interface ModelConfig extends Section {
  readonly name: string;
  readonly version: string;
  /** What to import, as it was written: a file's name without its ending, a path with one, or a package. */
  readonly module: string;
  readonly order_columns_not_used_warning: "always" | "test_and_predict" | "never";
  /** What metrics must be for a trained model to serve: `{ accuracy: ">= 0.9" }`. */
  readonly gates?: Readonly<Record<string, string>>;
  /** What people say of the model. */
  readonly card?: CardConfig;
  /** Whether a trained model serves that would break callers of the one before; unless told, of a version 0.x with a warning only. */
  readonly breaking?: "refuse" | "warn" | "allow";
  /** Type of the model, where its module is none of TypeScript: `python`. */
  readonly type?: string;
  /** How the place is reached whose URL `module` is: what stands beside the `path` of a data source. */
  readonly location?: Section;
  /** What runs a graph of ONNX: the reader itself, or onnxruntime if it is installed. */
  readonly engine?: "portable" | "onnxruntime";
  /** The Python that runs the model: a command, or a path. */
  readonly python?: string;
  /** So many processes of another language predict at a time. */
  readonly processes?: number;
  /** How many requests that wait are predicted together, and how long one may wait for others. */
  readonly batch?: { readonly max_rows: number; readonly max_delay_ms: number };
  /** The library whose frames a model in Python gets. */
  readonly frames?: "pandas" | "polars" | "arrow";
  /** Format of the file that a model in Python is stored as, so that it is served without Python. */
  readonly export?: "onnx" | "skops" | "xgboost" | "lightgbm" | "catboost";
  /** Whether contents that run code when they are read are. */
  readonly pickle?: "warn" | "allow" | "refuse";
  /** The most memory that a process of another language may take: `2GB`, or bytes. */
  readonly memory_limit?: string | number;
  /** The alias whose run serves, instead of the one that was trained or promoted last. */
  readonly serve?: string;
  /** Runs that are asked beside the one that serves. */
  readonly rollout?: RolloutConfig;
}

/** The `model_store` section. */
export interface ModelStoreConfig extends Section {
  /** Absent while `location_var` names the variable that holds it. */
  readonly location?: string;
  /** Seconds after which a running API looks for a newer model; 0 for never. */
  readonly refresh: number;
  /** The variable that holds the private key which signs what is trained. */
  readonly sign_key_var?: string;
  /** Public keys: a model without a signature of one of them is refused. */
  readonly verify_key?: readonly string[];
}

/** What an `api` section says of the server, whatever it serves. */
export interface ServerConfig extends Section {
  /** The addresses of proxies, which may say who calls. */
  readonly trusted_proxies?: readonly string[];
  /** Whether there are `/openapi.json` and `/docs`. */
  readonly docs: boolean;
  /** Whether there are pages for people at `/`; unless told there are, where the runtime has their files. */
  readonly pages?: boolean;
  /** Whether there is `POST /admin/refresh`. */
  readonly admin: boolean;
  /** Variable with the token that its requests must bear. */
  readonly admin_token_var?: string;
  /** Seconds after which a request is given up. */
  readonly timeout?: number;
  /** Headers that every response has; see HeaderPolicy in src/server. */
  readonly response_headers?: readonly ("request-id" | "model")[];
  /** Which pages of other origins may ask. */
  readonly cors?: false | CorsConfig;
  /** Page about errors, to whose anchors `type` of a problem leads. */
  readonly problem_types?: string;
  /** Responses of so many bytes and more are compressed. */
  readonly compression?: false | { readonly threshold: number };
  /** Protocols in which models are asked besides their own APIs; see src/server/protocols. */
  readonly protocols?: readonly string[];
  /** Whether every request is logged, under `launchpad.access`. */
  readonly access_log: boolean;
  /** What is counted, and where it goes; false for nothing. */
  readonly metrics?: false | MetricsConfig;
}

/** The `api` section of a project. */
export interface ApiConfig extends ServerConfig {
  readonly name: string;
  readonly raml?: string;
  readonly openapi?: string;
  /** The resource that there is where no file describes others. */
  readonly resource: string;
  readonly preload_datasources: boolean;
  /** A folder, whose folder `static` is served at `/static`. */
  readonly root_path?: string;
  /** A folder of files, which answer where the API does not. */
  readonly static?: string;
  /** The largest request body; 10 MiB if absent. */
  readonly max_body_bytes?: number;
  /** Whether there is `POST <resource>:batch`; where nothing else is said, everywhere but on Workers. */
  readonly batch?: boolean;
  /** The most that a request to `<resource>:batch` may hold. */
  readonly max_batch_bytes?: number;
  readonly max_batch_rows?: number;
  /** What happens to parameters that the API does not describe; they are refused if absent. */
  readonly unknown_parameters?: "refuse" | "ignore";
  /** What happens to a result that does not fit the file: an error if absent, and a warning for RAML 0.8. */
  readonly results?: "check" | "warn" | "off";
  /** Where predictions are kept. */
  readonly log?: LogConfig;
  /** Predictions that are answered in their own time. */
  readonly jobs?: JobsConfig;
}

/** Configuration of several projects that one server serves. */
export interface ProjectsConfig extends Section {
  /** Configuration files and folders of projects: paths, which may be patterns, and URLs. */
  readonly projects: readonly string[];
  /** Configuration file that is merged over that of each project, as it was written. */
  readonly overlay?: string;
  /** Seconds after which a running server looks for more of them; 0 for never. */
  readonly refresh: number;
  /** Whether models are loaded at the start: all, or those of these names. */
  readonly preload: boolean | readonly string[];
  /** So many models are loaded at a time. */
  readonly max_loaded?: number;
  /** So many bytes of contents are loaded at a time, as they are stored. */
  readonly max_memory?: number;
  /** What they share: their own `api` sections say the rest. */
  readonly api: ServerConfig;
  /** Who may come in to any of them; each may ask for more. */
  readonly auth?: Section;
  readonly limits?: LimitsConfig;
}

/** `api.cors`, whichever way it was written. */
export interface CorsConfig {
  /** Origins, or `*` alone for all. */
  readonly origins: readonly string[];
  /** Headers that a page may send; all that it asks for if there are none. */
  readonly headers?: readonly string[];
  /** Seconds for which a browser remembers what it may do. */
  readonly max_age?: number;
  readonly credentials: boolean;
}

/** `api.metrics`, whichever way it was written. */
export interface MetricsConfig {
  /** The variable that holds the token which requests for `/metrics` must bear. */
  readonly token_var?: string;
  /** Where the numbers are sent, for runtimes from which nobody can fetch them. */
  readonly push?: string;
  /** The variable that holds the token which goes with them. */
  readonly push_token_var?: string;
  /** The URL of a collector of OpenTelemetry; true for what its variables say, false for nowhere. */
  readonly otlp?: boolean | string;
  /** Seconds between two pushes. */
  readonly push_interval: number;
}

/**
 * A configuration that has been checked: frozen, defaults filled in, `tags` always a list, relative paths turned
 * into URLs, `_var` keys still as they were written.
 */
export interface Config extends Section {
  readonly plugins: readonly string[];
  readonly dbms: Readonly<Record<string, DbmsConfig>>;
  readonly datasources: Readonly<Record<string, DataConfig>>;
  readonly datasinks: Readonly<Record<string, DataConfig>>;
  readonly model_store: ModelStoreConfig;
  readonly model: ModelConfig;
  readonly api?: ApiConfig;
  /** Who may come in; everybody if absent. As it was written: variables are filled in when the API is opened. */
  readonly auth?: Section;
  readonly limits?: LimitsConfig;
  readonly drift?: DriftConfig;
}
