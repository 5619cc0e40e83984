import { isLaunchpadError, LaunchpadError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { errorCode, logError } from "../log-error.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { problemOf } from "../problem.ts";
import type { Awaitable, RequestContext } from "../request-context.ts";
import type { JobEnd, JobModel } from "./job.ts";

/** Makes the prediction of a request that has been checked. */
export type Prediction = (context: RequestContext) => Awaitable<unknown>;

/** Checks a request. Rejects with ARGUMENTS_INVALID and what else the API answers it with. */
export type Prepare = (request: Request, path: Readonly<Record<string, string>>) => Promise<Prediction>;

/** What the prediction of a job is made with. */
export interface Execution {
  readonly signal: AbortSignal;
  /** Seconds after which it is given up. */
  readonly timeout: number;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "failed"> | undefined;
  now(): number;
}

/**
 * Makes the prediction of a job.
 *
 * @param predict Makes it.
 * @param context A request of its own, which nobody waits for.
 * @param execution What ends it early, and where faults go.
 *
 * @returns How it ended; undefined where it was ended by the signal.
 */
export async function execute(
  predict: Prediction,
  context: RequestContext,
  { signal, timeout, log, metrics, now }: Execution,
): Promise<JobEnd | undefined> {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(tooLong(timeout)), timeout * 1000);
  const end = () => ended.abort(signal.reason);
  signal.addEventListener("abort", end);
  context.limitBy(ended.signal);
  const aborted = new Promise<never>((_, reject) => {
    ended.signal.addEventListener("abort", () => reject(ended.signal.reason));
  });
  const completed = () => ({ completed_at: new Date(now()).toISOString(), ...modelOf(context) });
  try {
    signal.throwIfAborted();
    const prediction = await Promise.race([Promise.resolve().then(() => predict(context)), aborted]);
    return { status: "succeeded", prediction, ...completed() };
  } catch (thrown) {
    if (signal.aborted) return undefined;
    // What waits for the signal says that it was aborted, and not why.
    const reason: unknown = ended.signal.aborted ? ended.signal.reason : undefined;
    const error = isLaunchpadError(reason) ? reason : thrown;
    const problem = problemOf(error, context.requestId);
    if (problem.status >= 500) {
      logError(log, context, problem.status, error);
      metrics?.failed(context.route, errorCode(error));
    }
    return { status: "failed", error: problem, ...completed() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    aborted.catch(() => {});
  }
}

function tooLong(seconds: number): LaunchpadError {
  return new LaunchpadError("TIMED_OUT", `The prediction took longer than the ${seconds} s of api.jobs.timeout`);
}

function modelOf({ model }: RequestContext): { readonly model?: JobModel } {
  if (model === undefined) return {};
  const { name, version, run } = model;
  return { model: { name, version, run } };
}

/**
 * End of a job whose process has ended before it was done.
 *
 * @param id The id of the job, under which the log may say more.
 * @param now Milliseconds since 1970.
 *
 * @returns The end.
 */
export function interrupted(id: string, now: number): JobEnd {
  const error = new LaunchpadError("JOB_INTERRUPTED", `job ${id}: its process has ended`, {
    detail: "The process that had this job has ended before it was done. Ask again, under another id.",
  });
  return { status: "failed", error: problemOf(error, id), completed_at: new Date(now).toISOString() };
}
