import { bytesToHex } from "@noble/hashes/utils.js";
import type * as tedious from "tedious";
import { loadClient } from "../../access/load-client.ts";
import type { Address } from "../address.ts";
import type {
  SqlColumn,
  SqlConnection,
  SqlDialect,
  SqlKind,
  SqlParameter,
  SqlProblem,
  SqlReading,
  SqlValue,
} from "../dialect.ts";
import { mssql as lexicon } from "../lexicon.ts";
import type { SqlOptions } from "../options/database-options.ts";
import { rowQueue } from "../row-queue.ts";

type Client = Pick<typeof tedious, "Connection" | "Request" | "TYPES">;

/** Codes of the client. */
const problems: Readonly<Record<string, SqlProblem>> = {
  ELOGIN: "login",
  ETIMEOUT: "timeout",
  ESOCKET: "unreachable",
  EINSTLOOKUP: "unreachable",
  ECLOSE: "lost",
};

/** https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors */
const numbers: Readonly<Record<number, SqlProblem>> = { 208: "no-table", 4060: "database", 18456: "login" };

/** The types that are not text, by the name of the client's type. */
const kinds: Readonly<Record<string, SqlKind>> = {
  TinyInt: "integer",
  SmallInt: "integer",
  Int: "integer",
  BigInt: "integer",
  IntN: "integer",
  Bit: "boolean",
  BitN: "boolean",
  Real: "float",
  Float: "float",
  FloatN: "float",
  // The client gives decimals as numbers; nothing can be won back from those.
  Decimal: "float",
  DecimalN: "float",
  Numeric: "float",
  NumericN: "float",
  Money: "float",
  SmallMoney: "float",
  MoneyN: "float",
  Date: "datetime",
  DateTime: "datetime",
  DateTimeN: "datetime",
  DateTime2: "datetime",
  DateTimeOffset: "datetime",
  SmallDateTime: "datetime",
  Binary: "bytes",
  VarBinary: "bytes",
  Image: "bytes",
  UDT: "bytes",
};

/** SQL Server, by the package `tedious`. */
export const dialect: SqlDialect = {
  name: "SQL Server",
  served: true,
  encrypts: true,
  lexicon,
  placeholder: (position) => `@p${position}`,
  quote: (name) => `[${name.replaceAll("]", "]]")}]`,
  types: { float64: "float", int64: "bigint", bool: "bit", str: "nvarchar(max)", datetime: "datetime2(3)" },
  limits: { parameters: 2098, rows: 1000 },
  transactionalDdl: true,
  infinity: false,
  nul: true,
  swap: ({ made, table, bareTable, exists }) => [
    ...(exists ? [`drop table ${table}`] : []),
    // sp_rename takes the old name quoted, and the new one as it is.
    `exec sp_rename N'${made.replaceAll("'", "''")}', N'${unquoted(bareTable).replaceAll("'", "''")}'`,
  ],
  problemOf(thrown) {
    const { code, number } = thrown as { code?: unknown; number?: unknown };
    if (typeof number === "number") return numbers[number] ?? "query";
    return problems[String(code)] ?? (code === "EREQUEST" ? "query" : undefined);
  },
  async load(address, options) {
    const client = await loadClient<Client>("tedious", "SQL Server");
    return () => connect(client, address, options);
  },
};

function unquoted(name: string): string {
  return name.slice(1, -1).replaceAll("]]", "]");
}

/**
 * Creates the settings of a connection.
 *
 * @param address Where the database is.
 * @param options Time limit and encryption.
 *
 * @returns What `tedious` takes.
 */
export function settingsOf(address: Address, options: SqlOptions): tedious.ConnectionConfiguration {
  const { host, port, user, password, database } = address;
  return {
    server: host,
    authentication: { type: "default", options: { userName: user, password } },
    options: {
      port: port ?? 1433,
      database,
      appName: "launchpad",
      connectTimeout: options.connect_timeout * 1000,
      // A query may take as long as it takes; a signal ends it.
      requestTimeout: 0,
      maxRetriesOnTransientErrors: 0,
      encrypt: options.tls !== false,
      trustServerCertificate: options.tls === "unverified",
      useUTC: true,
      lowerCaseGuids: true,
      useColumnNames: false,
      rowCollectionOnRequestCompletion: false,
    },
  };
}

async function connect(client: Client, address: Address, options: SqlOptions): Promise<SqlConnection> {
  const connection = new client.Connection(settingsOf(address, options));
  let alive = true;
  const dead = () => {
    alive = false;
  };
  connection.on("error", dead);
  connection.on("end", dead);
  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
  const called = (action: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => action((error) => (error ? reject(error) : resolve())));
  return {
    get alive() {
      return alive;
    },
    read: (sql, values, size) => requestReading(client, connection, sql, values, size),
    run: (sql, values = []) =>
      called((done) => connection.execSql(requestOf(client, sql, values, (error) => done(error)))),
    begin: () => called((done) => connection.beginTransaction(done)),
    commit: () => called((done) => connection.commitTransaction(done)),
    rollback: () => called((done) => connection.rollbackTransaction(done)),
    async close() {
      alive = false;
      connection.close();
    },
  };
}

/**
 * Creates a request with its parameters bound.
 *
 * @param client The package.
 * @param sql A query with the parameters `@p1`, `@p2`, ...
 * @param values Their values.
 * @param done Called when the request is complete.
 *
 * @returns The request.
 */
export function requestOf(
  client: Client,
  sql: string,
  values: readonly SqlParameter[],
  done: (error: Error | null | undefined) => void,
): tedious.Request {
  const request = new client.Request(sql, done);
  for (const [at, value] of values.entries()) request.addParameter(`p${at + 1}`, typeOf(client, value), value);
  return request;
}

function typeOf({ TYPES }: Client, value: SqlParameter): (typeof tedious.TYPES)[keyof typeof tedious.TYPES] {
  if (value instanceof Date) return TYPES.DateTime2;
  if (typeof value === "boolean") return TYPES.Bit;
  if (typeof value === "string" || value === null) return TYPES.NVarChar;
  return typeof value === "bigint" || Number.isSafeInteger(value) ? TYPES.BigInt : TYPES.Float;
}

function requestReading(
  client: Client,
  connection: tedious.Connection,
  sql: string,
  values: readonly SqlParameter[],
  size: number,
): SqlReading {
  let columns: readonly SqlColumn[] = [];
  const request = requestOf(client, sql, values, (error) => (error ? queue.fail(error) : queue.end()));
  const queue = rowQueue(size, { pause: () => request.pause(), resume: () => request.resume() });
  let started = false;
  request.on("columnMetadata", (found) => {
    columns = (Array.isArray(found) ? found : Object.values(found)).map(columnOf);
    queue.columns(columns);
  });
  request.on("row", (cells: readonly { readonly value: unknown }[]) => {
    queue.push(cells.map(({ value }, i) => cellOf(value, columns[i]?.kind ?? "text")));
  });
  return {
    next() {
      if (!started) connection.execSql(request);
      started = true;
      return queue.next();
    },
    async stop() {
      if (!started || queue.ended) return;
      connection.cancel();
      await queue.drain();
    },
  };
}

function columnOf({
  colName,
  type,
}: {
  readonly colName: string;
  readonly type: { readonly name: string };
}): SqlColumn {
  return { name: colName, kind: kinds[type.name] ?? "text" };
}

function cellOf(value: unknown, kind: SqlKind): SqlValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return bytesToHex(value);
  // A time of day comes as one on 1 January 1970.
  if (value instanceof Date) return kind === "text" ? value.toISOString().slice(11, 23) : value;
  return kind === "text" ? String(value) : (value as SqlValue);
}
