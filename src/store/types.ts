import type { Json } from "../util/json.ts";

/** What a training knows of itself: under the keys of ML Launchpad where that has them. */
export interface NewMeta {
  readonly name: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly created_by: string | null;
  readonly system: { readonly [key: string]: Json };
  readonly train_report: { readonly [key: string]: Json };
  /** The newest metrics: those of the training, or of the last retest; none if the model was not tested. */
  readonly metrics: { readonly [key: string]: Json };
  readonly config_snapshot: Json;
  readonly api_base_url?: string;
  readonly have_columns_been_ordered: boolean;
  /** The columns that the training ordered, for each set of them: what a prediction orders is compared with them. */
  readonly ordered_columns?: readonly (readonly string[])[];
  /** Where the history of a training elsewhere was taken from: metadata and metrics, with empty contents. It cannot serve. */
  readonly taken_over?: { readonly from: string; readonly file: string };
  /** Whatever else the `model` section holds. */
  readonly [key: string]: Json | undefined;
}

/** What is known of one run: what the training said, and what the store adds to make the run verifiable. */
export interface Meta extends NewMeta {
  /** Sorts by time; the folder of the run. */
  readonly run: string;
  /** All metrics, by the time they were measured. */
  readonly metrics_history: { readonly [time: string]: { readonly [key: string]: Json } };
  readonly contents: {
    /** The number of bytes. */
    readonly size: number;
    /** Lower-case hexadecimal. */
    readonly sha256: string;
  };
}

/** A run with its bytes, digest checked. */
export interface StoredModel {
  readonly contents: Uint8Array<ArrayBuffer>;
  readonly meta: Meta;
}

/** Every model in a store, by name and version. */
export interface ModelList {
  readonly [name: string]: ModelVersions;
}

/**
 * The versions of one model that have a run which serves, in semantic order; `latest` is the highest; `backups` are
 * the runs that are not current, newest first.
 */
export type ModelVersions = { readonly [version: string]: Meta } & { readonly latest: Meta } & {
  readonly backups: readonly Meta[];
};

/** Which run of which version of which model. */
export interface RunName {
  readonly name: string;
  readonly version: string;
  readonly run: string;
}

/** One run in a list. */
export interface RunEntry {
  readonly meta: Meta;
  /** Whether it is the one that serves its version. */
  readonly current: boolean;
  /** The aliases that point to it. */
  readonly aliases: readonly string[];
}

/** One version of one model, in an overview. */
export interface VersionOverview {
  readonly name: string;
  readonly version: string;
  /** The run that serves, with its newest metrics; null if none does, or it is damaged. */
  readonly current: { readonly run: string; readonly created: string; readonly metrics: Meta["metrics"] } | null;
  /** The aliases that point to a run of this version. */
  readonly aliases: readonly { readonly alias: string; readonly run: string }[];
  /** The runs that do not serve, newest first. */
  readonly others: readonly string[];
}

/** One switch of the run that serves a version. */
export interface Promotion {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly run: string;
  /** The run that served before, if one did. */
  readonly previous: string | null;
  /** What switched it: a training, or one of the commands. */
  readonly reason: "train" | "promote" | "rollback" | "import" | "rollout" | "abort";
}

/** What verifying one run found; no problems for one that is whole. */
export interface Verification extends RunName {
  readonly problems: readonly string[];
}

/** What serving needs of a model store. */
export type StoreReader = Pick<Store, "location" | "load" | "loadRun" | "current" | "resolve" | "close">;

/** Keeps trained models. */
export interface Store {
  /** Where it is, for messages. */
  readonly location: string;
  /**
   * Writes a run, then makes it the one that serves, unless `promote` is false. `time` is when it was trained, unless now. Returns its metadata, as `load` will.
   * `run`, `contents` and `metrics_history` are the store's, whatever the `model` section says.
   */
  save(
    meta: NewMeta,
    contents: Uint8Array,
    options?: { readonly promote?: boolean; readonly time?: number },
  ): Promise<Meta>;
  /** The run that serves; undefined if nothing has been trained under this name and version. */
  load(name: string, version: string): Promise<StoredModel | undefined>;
  /** One run, whether it serves or not. STORE_CORRUPT if it is not whole, MODEL_NOT_TRAINED if there is no such run. */
  loadRun(of: RunName): Promise<StoredModel>;
  /** Metadata of the run that serves; reads no contents. */
  meta(name: string, version: string): Promise<Meta | undefined>;
  /** The name of the run that serves, in one read: cheap enough to ask every few seconds. */
  current(name: string, version: string): Promise<string | undefined>;
  /** Adds the metrics of a retest to a run. `time` is in milliseconds since 1970. Returns the metadata with them. */
  addMetrics(meta: Meta, metrics: Meta["metrics"], time: number): Promise<Meta>;
  /** Everything there is. What is damaged is logged and left out; a version without a current run, too. */
  models(): Promise<ModelList>;
  /**
   * What serves, and the names of everything else; of one model, or of all. Reads the metadata of current runs only, so
   * it takes about as long with 10,000 runs as it takes to list their names.
   */
  overview(name?: string): Promise<readonly VersionOverview[]>;
  /** Lists the models of ML Launchpad 1.x that lie in the store, by the names of their files: nothing here reads them. */
  oldModels(): Promise<readonly string[]>;
  /** All runs, newest first, those that never served included; of one model or one version, or of all. */
  runs(name?: string, version?: string): Promise<readonly RunEntry[]>;
  /**
   * Finds the run that a reference means: `NAME` (current run of the highest version), `NAME@VERSION`, `NAME@latest`,
   * `NAME@ALIAS`, `NAME@VERSION/RUN` (any unambiguous beginning of a run will do). MODEL_NOT_TRAINED says what there is.
   */
  resolve(reference: string): Promise<RunName>;
  /** Makes a run the one that serves its version, after verifying that it is whole. */
  promote(of: RunName, reason?: Promotion["reason"]): Promise<void>;
  /**
   * Takes back a run that was tried beside the one that serves: its alias is gone, and it is written down, as a promotion of the
   * one that serves on.
   */
  abort(of: RunName, alias: string): Promise<void>;
  /** Makes the run that served before the current one serve again. Returns it. */
  rollback(name: string, version: string): Promise<RunName>;
  /** Every switch of the run that serves, oldest first. */
  promotions(name: string, version: string): Promise<readonly Promotion[]>;
  /** Points an alias at a run; undefined takes the alias away. */
  alias(name: string, alias: string, of: RunName | undefined): Promise<void>;
  /** The runs that the aliases of a model point to. */
  aliases(name: string): Promise<Readonly<Record<string, RunName>>>;
  /** Checks every digest. */
  verify(name?: string): Promise<readonly Verification[]>;
  /**
   * Removes all but the newest `keep` runs of each version, and never one that is current or aliased. Returns what it
   * removed, or would.
   */
  prune(options: {
    readonly keep: number;
    readonly name?: string;
    readonly dryRun?: boolean;
  }): Promise<readonly RunName[]>;
  /** One run as one file, to carry between stores. */
  export(of: RunName): Promise<Uint8Array<ArrayBuffer>>;
  /** Adds a run from such a file, its digests checked; makes it current if its version has no current run. */
  import(bytes: Uint8Array): Promise<RunName>;
  /**
   * Writes `index.json`, the paths of all files, by which the same store can be listed behind a web server. It says what
   * there was when it was written. Returns the paths.
   */
  index(): Promise<readonly string[]>;
  /** Ends the connections of the driver. What is stored only in memory is gone. */
  close(): Promise<void>;
}
