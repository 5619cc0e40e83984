import type postgres from "postgres";
import { loadClient } from "../../access/load-client.ts";
import type { Address } from "../address.ts";
import type { SqlConnection, SqlDialect, SqlProblem } from "../dialect.ts";
import { postgres as lexicon } from "../lexicon.ts";
import type { SqlOptions } from "../options/database-options.ts";
import { prefersTls } from "../tls.ts";
import { cursorReading, wholeReading } from "./postgres-reading.ts";
import { types } from "./postgres-values.ts";

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

/** With certificates to trust, `require` means to check the chain, as for PostgreSQL's own client. */
function trusting(said: string | false | undefined, ca: string | undefined): string | false | object | undefined {
  if (ca === undefined || said === false) return said;
  const anyName = said === "verify-ca" || said === "require" ? { checkServerIdentity: () => undefined } : {};
  return { ca, rejectUnauthorized: true, ...anyName };
}

async function connect(create: typeof postgres, address: Address, options: SqlOptions): Promise<SqlConnection> {
  let alive = true;
  const ssl = { true: "verify-full", false: false, unverified: "require" } as const;
  const { host, port, user, password, database, parameters } = address;
  // The client takes the URL's parameters for settings of the session, which is right for all but these.
  const session = new Map(parameters);
  const sslmode = session.get("sslmode");
  for (const key of ["sslmode", "sslrootcert"]) session.delete(key);
  const said = options.tls === undefined ? (sslmode === "disable" ? false : sslmode) : ssl[`${options.tls}`];
  const tls = prefersTls(address, options) ? "prefer" : trusting(said, options.ca);
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
