/** A value that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What is known of one run: what ML Launchpad wrote, under the same keys, and what makes the run verifiable. */
export interface Meta {
  readonly name: string;
  readonly version: string;
  /** Sorts by time; the folder of the run. */
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly created_by: string | null;
  readonly system: { readonly [key: string]: Json };
  readonly train_report: { readonly [key: string]: Json };
  /** The newest metrics: those of the training, or of the last retest. */
  readonly metrics: { readonly [key: string]: Json };
  /** All metrics, by the time they were measured. */
  readonly metrics_history: { readonly [time: string]: { readonly [key: string]: Json } };
  readonly config_snapshot: Json;
  readonly api_base_url?: string;
  readonly have_columns_been_ordered: boolean;
  readonly contents: {
    /** The number of bytes. */
    readonly size: number;
    /** Lower-case hexadecimal. */
    readonly sha256: string;
  };
  /** Whatever else the `model` section holds. */
  readonly [key: string]: Json | undefined;
}

/** What a training hands to the store; the store adds the run, the digest and the metrics history. */
export type NewMeta = Omit<Meta, "run" | "contents" | "metrics_history">;

/** A run with its bytes, digest checked. */
export interface StoredModel {
  readonly contents: Uint8Array<ArrayBuffer>;
  readonly meta: Meta;
}

/** Every model in a store, by name and version. */
export interface ModelList {
  readonly [name: string]: ModelVersions;
}

/** The versions of one model; `latest` is the highest by semantic order; `backups` are the runs that are not current. */
export type ModelVersions = { readonly [version: string]: Meta } & { readonly latest: Meta } & {
  readonly backups: readonly Meta[];
};

/** Keeps trained models. */
export interface Store {
  /** Writes a run, then makes it the one that serves. Returns its metadata. */
  save(meta: NewMeta, contents: Uint8Array): Promise<Meta>;
  /** The run that serves; undefined if nothing has been trained under this name and version. */
  load(name: string, version: string): Promise<StoredModel | undefined>;
  /** Adds the metrics of a retest to a run. `time` is in milliseconds since 1970. */
  addMetrics(meta: Meta, metrics: Meta["metrics"], time: number): Promise<Meta>;
  /** Everything there is. */
  models(): Promise<ModelList>;
  close(): Promise<void>;
}
