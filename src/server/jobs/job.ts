import type { Problem } from "../problem.ts";

/** Where a job has got to, by the names that Cog's HTTP API has. */
export type JobStatus = "starting" | "processing" | "succeeded" | "failed" | "canceled";

/** What is kept of a job from its beginning. */
export interface JobRequest {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** The process that has it. */
  readonly process: string;
  /** Digest of what was asked, by which a repeated request is known. */
  readonly digest: string;
  /** Random: who finds another one here than they have written was not the first. */
  readonly token: string;
  /** Where its end is told. */
  readonly webhook?: string;
  /** What a platform's queue brings to another instance. */
  readonly asked?: AskedRequest;
}

/** A request that another instance answers. */
export interface AskedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Template of the path. */
  readonly route: string;
  readonly path: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly caller?: string;
  readonly has_body: boolean;
}

/** The model that answered. */
export interface JobModel {
  readonly name: string;
  readonly version: string;
  readonly run: string;
}

/** How a job ended. */
export type JobEnd = { readonly completed_at: string; readonly model?: JobModel } & (
  | { readonly status: "succeeded"; readonly prediction: unknown }
  | { readonly status: "failed"; readonly error: Problem }
  | { readonly status: "canceled" }
);

/** A job, as its caller sees it. */
export interface Job {
  readonly id: string;
  readonly status: JobStatus;
  readonly created_at: string;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly model?: JobModel;
  readonly prediction?: unknown;
  readonly error?: Problem;
}

/**
 * Creates what the caller of a job sees.
 *
 * @param request How it began.
 * @param started When its prediction began, if it has.
 * @param end How it ended, if it has.
 *
 * @returns The job.
 */
export function jobOf({ id, created_at }: JobRequest, started: string | undefined, end: JobEnd | undefined): Job {
  return {
    id,
    status: started === undefined ? "starting" : "processing",
    created_at,
    ...(started !== undefined && { started_at: started }),
    ...end,
  };
}

/**
 * Tells whether a job has ended.
 *
 * @param job The job.
 *
 * @returns Whether nothing about it changes any more.
 */
export function hasEnded({ status }: Pick<Job, "status">): boolean {
  return status !== "starting" && status !== "processing";
}
