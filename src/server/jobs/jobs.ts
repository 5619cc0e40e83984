import type { DocumentedJobs } from "../../api/write/openapi/jobs.ts";
import type { Endpoint } from "../protocols/endpoint.ts";
import type { Handlers } from "../request-context.ts";
import type { JobMessage } from "./queue.ts";
import type { JobResource } from "./take.ts";

/** Answers of an API in their own time. */
export interface Jobs {
  /** Handler that makes a job of a request whose caller prefers that. */
  offer(resource: JobResource, handler: NonNullable<Handlers[string]>): NonNullable<Handlers[string]>;
  /** The paths of jobs, below the base path. */
  readonly endpoint: Endpoint;
  /** Opens their storage. */
  ready(): Promise<void>;
  /** What the document of the API says of them. */
  readonly documented: DocumentedJobs;
  /** Metrics of this process. */
  metrics(labels?: Readonly<Record<string, string>>): string;
  /** Does a job that a queue has brought. Resolves with after how many seconds it is to come again; undefined for never. */
  run(message: JobMessage): Promise<number | undefined>;
  /** Ends what waits, and waits a while for what runs. */
  close(): Promise<void>;
}

export type { JobMessage, JobResource };
