/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

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

/** Keeps trained models. */
export interface Store {
  /** Where it is, for messages. */
  readonly location: string;
  /**
   * Writes a run, then makes it the one that serves. Returns its metadata, as `load` will. `run`, `contents` and
   * `metrics_history` are the store's, whatever the `model` section says.
   */
  save(meta: NewMeta, contents: Uint8Array): Promise<Meta>;
  /** The run that serves; undefined if nothing has been trained under this name and version. */
  load(name: string, version: string): Promise<StoredModel | undefined>;
  /** Adds the metrics of a retest to a run. `time` is in milliseconds since 1970. Returns the metadata with them. */
  addMetrics(meta: Meta, metrics: Meta["metrics"], time: number): Promise<Meta>;
  /** Everything there is. What is damaged is logged and left out; a version without a current run, too. */
  models(): Promise<ModelList>;
  /** Ends the connections of the driver. What is stored only in memory is gone. */
  close(): Promise<void>;
}
