import type postgres from "postgres";
import type { SqlColumn, SqlReading, SqlRows, SqlValue } from "../dialect.ts";
import { rowQueue } from "../row-queue.ts";
import { kinds, readerOf } from "./postgres-values.ts";

type Query = postgres.PendingRawQuery<(postgres.Row & Iterable<postgres.Row>)[]>;
type Columns = readonly { readonly name: string; readonly type: number; readonly table?: number }[];
/** A row as the client hands it out: bytes, which become values where they are. */
type RawRow = (Uint8Array | SqlValue)[];
type Result = readonly RawRow[] & { readonly columns?: Columns };

/** Reader of values from the bytes of rows. */
function rowReader(columns: Columns = []): (row: RawRow) => readonly SqlValue[] {
  const readers = columns.map(({ type }) => readerOf(type));
  return (row) => {
    for (let i = 0; i < row.length; i++) {
      const bytes = row[i];
      if (bytes !== null) row[i] = readers[i]?.(bytes as Uint8Array) ?? null;
    }
    return row as SqlValue[];
  };
}

/**
 * Begins to read a result as it comes: without a cursor, so that the server may use several processes.
 *
 * @param query A query of the client.
 *
 * @returns What reads it.
 */
export function wholeReading(query: Query): SqlReading {
  const queue = rowQueue(Number.POSITIVE_INFINITY);
  let finished: Promise<void> | undefined;
  const start = async () => {
    try {
      let read: ((row: RawRow) => readonly SqlValue[]) | undefined;
      const { columns } = (await query.forEach(((row: RawRow, { columns }: Result) => {
        if (read === undefined) {
          read = rowReader(columns);
          queue.columns(columnsOf(columns));
        }
        queue.push(read(row));
      }) as never)) as unknown as Result;
      if (read === undefined) queue.columns(columnsOf(columns));
      queue.end();
    } catch (thrown) {
      queue.fail(thrown);
    }
  };
  return {
    next() {
      finished ??= start();
      return queue.next();
    },
    async stop() {
      if (finished !== undefined && !queue.ended) await cancelled(query, finished);
    },
  };
}

/**
 * Begins to read a result some rows at a time, by a cursor.
 *
 * @param query A query of the client.
 * @param size How many rows at a time.
 * @param close What tells the client to close the cursor.
 *
 * @returns What reads it.
 */
export function cursorReading(query: Query, size: number, close: unknown): SqlReading {
  const parts: (SqlRows | undefined)[] = [];
  let columns: readonly SqlColumn[] | undefined;
  let read = rowReader();
  let failed: { readonly thrown: unknown } | undefined;
  let wake = () => {};
  let goOn: ((answer?: unknown) => void) | undefined;
  let finished: Promise<unknown> | undefined;
  let ended = false;

  const deliver = (part: SqlRows | undefined) => {
    parts.push(part);
    wake();
  };
  const start = () =>
    (
      query.cursor(size, ((rows: Result) => {
        if (columns === undefined) {
          columns = columnsOf(rows.columns);
          read = rowReader(rows.columns);
        }
        deliver({ columns, rows: rows.map(read) });
        return new Promise((resolve) => {
          goOn = resolve;
        });
      }) as never) as unknown as Promise<Result>
    )
      .then((result) => {
        if (columns === undefined) deliver({ columns: columnsOf(result.columns), rows: [] });
        deliver(undefined);
      })
      .catch((thrown) => {
        failed = { thrown };
        wake();
      })
      .finally(() => {
        ended = true;
      });
  const resume = (answer?: unknown) => {
    const answering = goOn;
    goOn = undefined;
    answering?.(answer);
  };
  return {
    async next() {
      finished ??= start();
      // On a connection that was lost, the client would throw where nobody can catch it.
      if (parts.length === 0 && failed === undefined) resume();
      while (parts.length === 0 && failed === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (parts.length === 0 && failed) throw failed.thrown;
      return parts.shift();
    },
    async stop(): Promise<void> {
      if (finished === undefined || ended || failed !== undefined) return;
      if (!goOn) return cancelled(query, finished);
      resume(close);
      await finished;
    },
  };
}

/** Ends a query by a connection of its own. `query.cancel()` would leave an error of that connection to nobody. */
async function cancelled(query: Query, finished: Promise<unknown>): Promise<void> {
  const { canceller } = query as unknown as { canceller?: (query: Query) => Promise<void> };
  await Promise.race([finished, Promise.resolve(canceller?.(query)).then(() => finished)]);
}

function columnsOf(columns: Columns = []): SqlColumn[] {
  return columns.map(({ name, type, table }) => ({
    name,
    kind: kinds[type] ?? "text",
    // An expression belongs to no table.
    computed: table === 0,
  }));
}
