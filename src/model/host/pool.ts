import { isLaunchpadError, LaunchpadError, messageOf } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { createBackOff } from "../../util/back-off.ts";
import type { Connection } from "./connection.ts";
import { createQueue, type Waiting } from "./queue.ts";

/** Children that have the same contents loaded, and predict with them. */
export interface Pool {
  /** Resolves when all children are there; rejects when the first of them cannot begin. */
  ready(): Promise<void>;
  /** Has a prediction made by the child that has least to do. */
  add(waiting: Waiting): void;
  /** Ends the children when they have done what there is to do. */
  close(): Promise<void>;
}

/** What a pool is made of. */
export interface PoolOptions {
  readonly size: number;
  /** Starts a child and loads the contents into it. */
  connect(): Promise<Connection>;
  /** Makes predictions that go together, and settles each of them. Rejects for nothing but a child that has ended. */
  predict(connection: Connection, together: readonly Waiting[]): Promise<void>;
  /** The most rows that are predicted together; 1 where the model predicts one by one only. */
  maxRows(connection: Connection): number;
  /** The longest that a prediction waits for others, in milliseconds. */
  readonly maxDelay: number;
  /** Whether the children start one after the other: those that serve meanwhile need the machine. */
  readonly gently: boolean;
  readonly log: Logger;
  elapsed(): number;
}

const firstPause = 100;
const longestPause = 30_000;
/** After so many starts in a row that failed, nobody waits for the next. */
const hopeless = 4;

/**
 * Creates a pool. A child that ends is replaced: at once, then after pauses that double as long as its successors end before they predict.
 *
 * @param options What it is made of.
 *
 * @returns The pool, whose children are starting.
 */
export function createPool(options: PoolOptions): Pool {
  const { size, log } = options;
  const queue = createQueue();
  const idle: Connection[] = [];
  const members = new Set<Connection>();
  /** Those that have predicted: what ends them is no reason to wait. */
  const proven = new Set<Connection>();
  const backOff = createBackOff(options.elapsed, firstPause, longestPause);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let starting = 0;
  let closing = false;
  let started = false;
  let failure: unknown;
  let failures = 0;
  let onIdle: (() => void) | undefined;
  /** How many went together last: while as many are likely to come, the first of them waits for the others. */
  let lately = 1;
  let gathering: ReturnType<typeof setTimeout> | undefined;

  const dispatch = () => {
    clearTimeout(gathering);
    gathering = undefined;
    while (queue.length() > 0) {
      const connection = idle.pop();
      if (connection === undefined) return;
      if (!connection.alive()) continue;
      const together = queue.take(options.maxRows(connection));
      lately = together.length;
      void work(connection, together);
    }
    if (members.size === idle.length) onIdle?.();
  };

  const work = async (connection: Connection, together: readonly Waiting[]) => {
    try {
      await options.predict(connection, together);
      proven.add(connection);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
    if (connection.alive()) idle.push(connection);
    dispatch();
  };

  const refuseAll = (error: unknown) => {
    for (const { reject } of queue.clear()) reject(error);
  };

  const join = async (connection: Connection) => {
    failure = undefined;
    failures = 0;
    members.add(connection);
    idle.unshift(connection);
    dispatch();
    const how = await connection.ended;
    members.delete(connection);
    const at = idle.indexOf(connection);
    if (at !== -1) idle.splice(at, 1);
    if (closing) return onIdle?.();
    log.error(`a process of the model ended ${how}: another takes its place`);
    if (proven.delete(connection)) backOff.clear();
    const wait = backOff.failed("child");
    later(wait === firstPause ? 0 : wait / 2);
    return undefined;
  };

  const later = (wait: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void start().catch(() => {});
    }, wait);
    timers.add(timer);
  };

  const start = async (): Promise<void> => {
    if (closing) return;
    starting += 1;
    try {
      const connection = await options.connect();
      if (closing) await connection.close();
      else void join(connection);
    } catch (error) {
      failures += 1;
      const transient = started && isLaunchpadError(error) && error.code === "HOST_FAILED" && failures < hopeless;
      failure = transient ? undefined : error;
      const wait = backOff.failed("child");
      if (started && !closing) {
        log.error(`a process of the model cannot begin (next try after ${wait / 1000} s): ${messageOf(error)}`);
        later(wait);
      }
      if (members.size === 0 && !transient) refuseAll(error);
      throw error;
    } finally {
      starting -= 1;
    }
  };

  const startAll = async () => {
    const starts: Promise<void>[] = [];
    for (let count = 0; count < size; count += 1) {
      const one = start();
      one.catch(() => {});
      starts.push(one);
      if (options.gently) await one;
    }
    await Promise.all(starts);
    started = true;
  };
  const first = startAll();
  first.catch(() => {});

  return {
    ready: () => first,
    add(waiting) {
      if (closing && members.size === 0) return waiting.reject(closed());
      if (failure !== undefined && members.size === 0 && starting === 0) return waiting.reject(failure);
      queue.add(waiting);
      // Others will come in a moment where they came together before: one call for all is worth the wait.
      const enough = Math.min(lately, idle[0] ? options.maxRows(idle[0]) : 1);
      if (idle.length === 0) return undefined;
      if (options.maxDelay === 0 || queue.length() >= enough) return dispatch();
      gathering ??= setTimeout(dispatch, options.maxDelay);
      return undefined;
    },
    async close() {
      closing = true;
      for (const timer of timers) clearTimeout(timer);
      if (members.size !== idle.length || queue.length() > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
          dispatch();
        });
      }
      refuseAll(closed());
      await Promise.all([...members].map((connection) => connection.close()));
      await first.catch(() => {});
    },
  };
}

function closed(): LaunchpadError {
  return new LaunchpadError("HOST_FAILED", "[model] the processes of the model have been ended");
}
