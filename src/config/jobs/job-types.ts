/** `api.jobs`: predictions that are answered in their own time. Other keys are options of the storage. */
export interface JobsConfig {
  readonly [key: string]: unknown;
  /** Where they are kept: a folder or a URL. Absent while `location_var` names the variable that holds it. */
  readonly location?: string;
  /** Seconds for which a result is kept. */
  readonly retention: number;
  /** So many are predicted at the same time, by each process. */
  readonly max_running: number;
  /** So many may wait besides, in each process. */
  readonly max_waiting: number;
  /** Seconds after which one is given up. */
  readonly timeout: number;
  /** Seconds after which a process that says nothing has ended, and its jobs with it. */
  readonly lost_after: number;
  /** Binding of the queue that brings them to a Worker. */
  readonly queue?: string;
  readonly webhooks?: WebhooksConfig;
}

/** `api.jobs.webhooks` */
export interface WebhooksConfig {
  /** Origins that may be told: `https://hooks.example.com`, `https://*.example.com`. */
  readonly hosts: readonly string[];
  /** The variable that holds the secret which messages are signed with, `whsec_...`. */
  readonly secret_var: string;
}
