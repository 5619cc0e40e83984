/** Rows that wait to be written. */
export interface LogQueue<Row> {
  /** Adds a row of so many characters. It is dropped when too many wait. */
  add(row: Row, size: number): void;
  /** Whether so many wait that they should be written now. */
  readonly isFull: boolean;
  readonly waiting: number;
  /** How many were dropped. */
  readonly dropped: number;
  /** How many were written. */
  readonly written: number;
  /** Writes all that wait, one batch after the other; resolves when that is done, or has failed. Never rejects. */
  flush(): Promise<void>;
}

/** How much may wait: a sink that is down must not fill the memory. */
const maxRows = 10_000;
const maxCharacters = 16 * 1024 * 1024;
/** So many rows are written together. */
const batchRows = 500;

/**
 * Creates an empty queue.
 *
 * @param write Writes a batch. What it rejects with, the rows stay, and are tried again with the next flush.
 * @param failed Is told why a batch could not be written.
 *
 * @returns The queue.
 */
export function createLogQueue<Row>(
  write: (rows: readonly Row[]) => Promise<void>,
  failed: (error: unknown) => void,
): LogQueue<Row> {
  let rows: Row[] = [];
  let sizes: number[] = [];
  let characters = 0;
  let dropped = 0;
  let written = 0;
  let running: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (rows.length > 0) {
      const batch = rows.slice(0, batchRows);
      try {
        await write(batch);
      } catch (error) {
        failed(error);
        return;
      }
      written += batch.length;
      for (const size of sizes.slice(0, batch.length)) characters -= size;
      rows = rows.slice(batch.length);
      sizes = sizes.slice(batch.length);
    }
  };
  return {
    add(row, size) {
      if (rows.length >= maxRows || characters + size > maxCharacters) {
        dropped += 1;
        return;
      }
      rows.push(row);
      sizes.push(size);
      characters += size;
    },
    get isFull() {
      return rows.length >= batchRows;
    },
    get waiting() {
      return rows.length;
    },
    get dropped() {
      return dropped;
    },
    get written() {
      return written;
    },
    flush() {
      running ??= drain().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
