import { LaunchpadError } from "../../errors.ts";
import type { RequestContext } from "../request-context.ts";
import type { JobDesk } from "./desk.ts";
import { execute, interrupted, type Prediction } from "./execute.ts";
import { type Job, type JobEnd, type JobRequest, jobOf } from "./job.ts";
import { tellEnd } from "./tell.ts";
import { repeating, within } from "./timer.ts";

/** A job of this process. */
export interface OwnJob {
  readonly key: string;
  readonly request: JobRequest;
  readonly predict: Prediction;
  readonly context: RequestContext;
}

interface Held extends OwnJob {
  readonly controller: AbortController;
  started?: string;
  end?: JobEnd;
  readonly done: Promise<void>;
  settle(): void;
}

/** Jobs of this process: so many run at the same time, the others wait in their order. */
export interface JobRunner {
  /** Keeps a place for a job. Throws OVERLOADED where there is none. Gives back what frees it. */
  reserve(): () => void;
  /** Takes a job. */
  add(job: OwnJob): void;
  /** The job, if this process has it. */
  find(key: string): Job | undefined;
  /** Ends a job, if this process has it. */
  cancel(key: string): Promise<boolean>;
  /** Resolves when a job of this process has ended, or after so many seconds. */
  wait(key: string, seconds: number): Promise<void>;
  counts(): { readonly running: number; readonly waiting: number; readonly ended: Readonly<Record<string, number>> };
  /** Ends what waits, and what has not ended by itself after a while. */
  close(): Promise<void>;
}

/** So long jobs that run may go on when the server stops, in milliseconds. */
const graceMs = 10_000;
/** An end that cannot be written is tried again after so many seconds, for as long as the process lives. */
const writeWaits = [1, 5, 30, 120, 600] as const;
const maxBeatSeconds = 5;
/** So long whoever cancels a job waits until that is written, in milliseconds. */
const cancelMs = 5000;

/**
 * Runner of jobs in a process that goes on after its responses.
 *
 * @param desk What jobs have in common.
 *
 * @returns The runner.
 */
export function createRunner(desk: JobDesk): JobRunner {
  const { store, host, log, process, settings } = desk;
  const { max_running: maxRunning, max_waiting: maxWaiting, lost_after: lostAfter, timeout } = settings;
  const held = new Map<string, Held>();
  const waiting = new Set<Held>();
  const running = new Set<Held>();
  const ended: Record<string, number> = {};
  let reserved = 0;
  let isClosing = false;

  /** Others see that this process is there, and this one sees what others have ended. */
  const heart = repeating(Math.min(maxBeatSeconds, lostAfter / 4), async () => {
    // What it still has to tell, others would take for left behind.
    if (held.size === 0 && desk.telling.size === 0) return heart.stop();
    try {
      await store.beat(process(), host.now());
      for (const job of running) {
        const end = await store.end(job.key);
        if (end) await finish(job, end, true);
      }
    } catch (error) {
      log.warning("jobs: the storage cannot be reached at the moment (api.jobs.location)", { error });
    }
  });

  const next = () => {
    while (running.size < maxRunning) {
      const [first] = waiting;
      if (first === undefined) return;
      waiting.delete(first);
      running.add(first);
      void run(first);
    }
  };
  const run = async (job: Held) => {
    const { key, predict, context, controller } = job;
    job.started = new Date(host.now()).toISOString();
    try {
      const end = await store.end(key);
      if (end) return await finish(job, end, true);
      await store.start(key, job.started);
    } catch (error) {
      // It says less than it could, and is done all the same.
      log.warning("jobs: the start of a job cannot be written (api.jobs.location)", { error });
    }
    const { signal } = controller;
    const end = await execute(predict, context, { signal, timeout, log, metrics: desk.metrics, now: host.now });
    if (end) await finish(job, end);
  };
  /** Only the first end counts. */
  const finish = async (job: Held, end: JobEnd, isWritten = false): Promise<void> => {
    if (job.end) return;
    job.end = end;
    waiting.delete(job);
    running.delete(job);
    job.controller.abort();
    next();
    if (!isWritten) job.end = await written(job, end);
    ended[job.end.status] = (ended[job.end.status] ?? 0) + 1;
    held.delete(job.key);
    job.settle();
    // Whoever wrote it tells it as well.
    if (job.end === end && !isWritten) void tellEnd(desk, job.key, job.request);
  };
  /** Whoever was first counts, also another process. */
  const written = async ({ key }: Held, end: JobEnd): Promise<JobEnd> => {
    for (const wait of [...writeWaits, undefined]) {
      try {
        const other = await store.end(key);
        if (other) return other;
        await store.finish(key, end);
        return end;
      } catch (error) {
        const again = wait === undefined ? "it is lost" : `tried again in ${wait} s`;
        log.error(`jobs: the end of a job cannot be written (api.jobs.location), ${again}`, { error });
        if (wait === undefined || isClosing) break;
        await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      }
    }
    return end;
  };

  return {
    reserve() {
      if (isClosing || held.size + reserved >= maxRunning + maxWaiting) {
        throw new LaunchpadError(
          "OVERLOADED",
          `jobs: ${running.size} run and ${waiting.size} wait (api.jobs.max_waiting)`,
          {
            detail: "As many jobs wait as this server takes. Try again later.",
          },
        );
      }
      reserved += 1;
      let isFree = false;
      return () => {
        if (!isFree) reserved -= 1;
        isFree = true;
      };
    },
    add(job) {
      let settle = () => {};
      const done = new Promise<void>((resolve) => {
        settle = resolve;
      });
      const one: Held = { ...job, controller: new AbortController(), done, settle };
      held.set(job.key, one);
      waiting.add(one);
      heart.start();
      next();
    },
    find(key) {
      const job = held.get(key);
      return job && jobOf(job.request, job.started, job.end);
    },
    async cancel(key) {
      const job = held.get(key);
      if (job === undefined) return false;
      const canceled = finish(job, { status: "canceled", completed_at: new Date(host.now()).toISOString() });
      await within(cancelMs, Promise.all([canceled, job.done]));
      return true;
    },
    async wait(key, seconds) {
      const job = held.get(key);
      if (job === undefined || seconds <= 0) return;
      await within(seconds * 1000, job.done);
    },
    counts: () => ({ running: running.size, waiting: waiting.size, ended }),
    async close() {
      isClosing = true;
      const end = (job: Held) => finish(job, interrupted(job.request.id, host.now()));
      await Promise.all(Array.from(waiting, end));
      await within(graceMs, Promise.all(Array.from(held.values(), ({ done }) => done)));
      await Promise.all(Array.from(running, end));
      heart.stop();
    },
  };
}
