import type postgres from "postgres";
import type { Address } from "../address.ts";
import { loadClient } from "../client.ts";
import type { SqlColumn, SqlConnection, SqlDialect, SqlProblem, SqlReading, SqlRows, SqlValue } from "../dialect.ts";
import { postgres as lexicon } from "../lexicon.ts";
import type { SqlOptions } from "../options.ts";
import { rowQueue } from "../row-queue.ts";
import { kinds, readerOf, types } from "./postgres-values.ts";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html, and codes of the client. Classes have two characters. */
const problems: Readonly<Record<string, SqlProblem>> = {
  "28": "login",
  "3D": "database",
  "42P01": "no-table",
  "42P08": "no-type",
  "42P18": "no-type",
  "3F000": "query",
  "08": "lost",
  "57P01": "lost",
  "57P02": "lost",
  "57P03": "unreachable",
  "21": "query",
  "22": "query",
  "23": "query",
  "42": "query",
  "0A": "query",
  CONNECT_TIMEOUT: "timeout",
  CONNECTION_CLOSED: "lost",
  CONNECTION_ENDED: "lost",
  CONNECTION_DESTROYED: "lost",
  MAX_PARAMETERS_EXCEEDED: "query",
};

/** PostgreSQL, by the package `postgres`. */
export const dialect: SqlDialect = {
  name: "PostgreSQL",
  served: true,
  lexicon,
  placeholder: (position) => `$${position}`,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  types: { float64: "double precision", int64: "bigint", bool: "boolean", str: "text", datetime: "timestamptz" },
  limits: { parameters: 65_533, rows: 1000 },
  transactionalDdl: true,
  infinity: true,
  nul: false,
  swap: ({ made, table, bareTable, exists }) => [
    ...(exists ? [`drop table ${table}`] : []),
    `alter table ${made} rename to ${bareTable}`,
  ],
  problemOf(thrown) {
    const { code } = thrown as { code?: unknown };
    return typeof code === "string" ? (problems[code] ?? problems[code.slice(0, 2)]) : undefined;
  },
  async load(address, options) {
    const create = await loadClient<typeof postgres>("postgres", "PostgreSQL");
    return () => connect(create, address, options);
  },
};

type Client = postgres.Sql;

async function connect(create: typeof postgres, address: Address, options: SqlOptions): Promise<SqlConnection> {
  let alive = true;
  const ssl = { true: "verify-full", false: false, unverified: "require" } as const;
  const { host, port, user, password, database, parameters } = address;
  // The client takes the URL's parameters for settings of the session, which is right for all but these.
  const session = new Map(parameters);
  const sslmode = session.get("sslmode");
  for (const key of ["sslmode", "sslrootcert"]) session.delete(key);
  const tls = options.tls === undefined ? (sslmode === "disable" ? false : sslmode) : ssl[`${options.tls}`];
  const client: Client = create({
    host,
    port: port ?? 5432,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(tls === undefined ? {} : { ssl: tls as "require" }),
    // One session: the pool is our own, because a transaction must not go on in another session unnoticed.
    max: 1,
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: options.connect_timeout,
    fetch_types: false,
    onnotice: () => {},
    onclose: () => {
      alive = false;
    },
    types,
    connection: { application_name: "launchpad", ...Object.fromEntries(session), TimeZone: "UTC", DateStyle: "ISO" },
  });
  try {
    await client.unsafe("select 1");
  } catch (thrown) {
    await client.end({ timeout: 0 }).catch(() => {});
    throw thrown;
  }
  const assertAlive = () => {
    // The client would connect again, and what follows would not be part of the transaction.
    if (!alive) throw Object.assign(new Error("the server has closed the connection"), { code: "CONNECTION_CLOSED" });
  };
  return {
    get alive() {
      return alive;
    },
    read(sql, values, size) {
      assertAlive();
      const query = client.unsafe(sql, values as never[], { prepare: false, simple: false } as object).raw();
      return size === Number.POSITIVE_INFINITY ? wholeReading(query) : cursorReading(query, size, client.CLOSE);
    },
    async run(sql, values = []) {
      assertAlive();
      // Prepared, because most statements of a sink are the same.
      await client.unsafe(sql, values as never[], { prepare: true, simple: false } as object);
    },
    begin: async () => {
      assertAlive();
      await client.unsafe("begin");
    },
    commit: async () => {
      assertAlive();
      await client.unsafe("commit");
    },
    rollback: async () => {
      if (alive) await client.unsafe("rollback");
    },
    async close() {
      alive = false;
      await client.end({ timeout: 0 });
    },
  };
}

type Query = postgres.PendingRawQuery<(postgres.Row & Iterable<postgres.Row>)[]>;
type Columns = readonly { readonly name: string; readonly type: number; readonly table?: number }[];
/** A row as the client hands it out: bytes, which become values where they are. */
type RawRow = (Uint8Array | SqlValue)[];
type Result = readonly RawRow[] & { readonly columns?: Columns };

/** Creates what makes values of the bytes of rows. */
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

/** Without a cursor, so that the server may use several processes. */
function wholeReading(query: Query): SqlReading {
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

function cursorReading(query: Query, size: number, close: unknown): SqlReading {
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
