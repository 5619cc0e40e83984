import type { SqlColumn, SqlRows, SqlValue } from "./dialect.ts";

/** How the flow of rows is held. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** How many rows are handed on at a time when the reader wants them all. */
const defaultBatchRows = 1000;

/**
 * Creates a queue between a client that pushes rows and a reader that pulls them. The reader gets as many rows at a
 * time as it wants, and when there are so many the client is paused until the reader comes. A reader that wants all
 * gets whatever there is, and the client is never paused.
 *
 * @param size How many rows the reader wants at a time; infinite for all.
 * @param flow Holds the client; not needed for a reader that wants all.
 *
 * @returns The queue.
 */
export function rowQueue(size: number, flow?: Flow) {
  const enough = Number.isFinite(size) ? size : defaultBatchRows;
  let columns: readonly SqlColumn[] = [];
  let rows: (readonly SqlValue[])[] = [];
  let first = true;
  let ended = false;
  let paused = false;
  let draining = false;
  let failed: { readonly thrown: unknown } | undefined;
  let wake = () => {};

  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });

  function take(): SqlRows {
    const taken = rows.length > size ? rows.splice(0, size) : rows;
    if (taken === rows) rows = [];
    first = false;
    return { columns, rows: taken };
  }

  return {
    get ended() {
      return ended;
    },
    columns(found: readonly SqlColumn[]) {
      columns = found;
    },
    push(row: readonly SqlValue[]) {
      if (draining) return;
      rows.push(row);
      if (rows.length < enough || paused) return;
      if (Number.isFinite(size)) {
        paused = true;
        flow?.pause();
      }
      wake();
    },
    fail(thrown: unknown) {
      failed ??= { thrown };
      ended = true;
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async next(): Promise<SqlRows | undefined> {
      for (;;) {
        if (failed) throw failed.thrown;
        if (rows.length >= enough || (ended && (rows.length > 0 || first))) return take();
        if (ended) return undefined;
        const change = changed();
        if (paused) {
          paused = false;
          flow?.resume();
        }
        await change;
      }
    },
    /** Lets the client come to its end; what it still pushes is dropped. */
    async drain(): Promise<void> {
      draining = true;
      rows = [];
      while (!ended) {
        const change = changed();
        if (paused) {
          paused = false;
          flow?.resume();
        }
        if (!ended) await change;
      }
    },
  };
}
