import { LaunchpadError } from "../../errors.ts";
import { untilAborted } from "../access/failure.ts";
import type { SqlConnection } from "./dialect.ts";

/** Connections that are opened when they are needed and kept for the next one who needs one. */
export interface Pool {
  /** A connection that nobody else has. */
  acquire(signal?: AbortSignal): Promise<SqlConnection>;
  /** Gives a connection back. */
  release(connection: SqlConnection): void;
  /** Gives back the place of a connection that is not to be used again, and ends it. */
  discard(connection: SqlConnection): void;
  close(): Promise<void>;
}

/**
 * Creates a pool.
 *
 * @param open Opens a connection.
 * @param most How many there may be at the same time; whoever needs another waits.
 *
 * @returns The pool; nothing is open yet.
 */
export function createPool(open: () => Promise<SqlConnection>, most: number): Pool {
  const idle: SqlConnection[] = [];
  const busy = new Set<SqlConnection>();
  const waiting: (() => void)[] = [];
  let opening = 0;
  let closed = false;

  const end = (connection: SqlConnection) => connection.close().catch(() => {});
  const next = () => waiting.shift()?.();

  async function take(): Promise<SqlConnection> {
    for (;;) {
      if (closed) throw new LaunchpadError("DATA_UNAVAILABLE", "the connections to the database have been closed");
      const kept = idle.pop();
      if (kept !== undefined) {
        if (kept.alive) {
          busy.add(kept);
          return kept;
        }
        void end(kept);
        continue;
      }
      if (busy.size + opening < most) break;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    opening += 1;
    try {
      const opened = await open();
      busy.add(opened);
      return opened;
    } catch (thrown) {
      next();
      throw thrown;
    } finally {
      opening -= 1;
    }
  }

  function release(connection: SqlConnection): void {
    busy.delete(connection);
    if (closed || !connection.alive) void end(connection);
    else idle.push(connection);
    next();
  }

  return {
    async acquire(signal) {
      const taking = take();
      try {
        return await untilAborted(taking, signal);
      } catch (thrown) {
        // Nobody waits for it any more, but it will come.
        taking.then(release, () => {});
        throw thrown;
      }
    },
    release,
    discard(connection) {
      busy.delete(connection);
      void end(connection);
      next();
    },
    async close() {
      closed = true;
      for (const resolve of waiting.splice(0)) resolve();
      await Promise.all([...idle.splice(0), ...busy].map(end));
    },
  };
}
