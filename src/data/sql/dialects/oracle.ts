import { LaunchpadError } from "../../../errors.ts";
import { loadClient } from "../../access/load-client.ts";
import type { Address } from "../address.ts";
import type {
  InsertColumn,
  SqlColumn,
  SqlConnection,
  SqlDialect,
  SqlParameter,
  SqlProblem,
  SqlReading,
  SqlValue,
} from "../dialect.ts";
import { oracle as lexicon } from "../lexicon.ts";
import type { SqlOptions } from "../options/database-options.ts";
import type { OracleColumn } from "./oracle-values.ts";
import { asText, cellOf, columnOf, withoutZone } from "./oracle-values.ts";

/** As much of `oracledb` as is used here; it comes without types. */
export interface OracleClient {
  readonly OUT_FORMAT_ARRAY: number;
  readonly DB_TYPE_VARCHAR: unknown;
  getConnection(settings: object): Promise<OracleConnection>;
}

interface OracleConnection {
  execute(sql: string, binds: object, options: object): Promise<OracleResult>;
  executeMany(sql: string, binds: readonly object[], options: object): Promise<unknown>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  break(): Promise<void>;
  close(options?: object): Promise<void>;
  isHealthy(): boolean;
}

interface OracleResult {
  readonly resultSet?: {
    getRows(count: number): Promise<readonly (readonly unknown[])[]>;
    close(): Promise<void>;
    readonly metaData: readonly OracleColumn[];
  };
}

/** https://docs.oracle.com/en/error-help/db/, and codes of the client. */
const problems: Readonly<Record<string, SqlProblem>> = {
  "ORA-01017": "login",
  "ORA-01005": "login",
  "ORA-28000": "login",
  "ORA-12514": "database",
  "NJS-518": "database",
  "NJS-519": "database",
  "ORA-00942": "no-table",
  "NJS-510": "timeout",
  "NJS-511": "unreachable",
  "NJS-503": "unreachable",
  "NJS-530": "unreachable",
  "NJS-500": "lost",
  "NJS-501": "lost",
  "NJS-521": "lost",
};

/** There is no way to write these two in a name; without them it would be the name of something else. */
function quote(name: string): string {
  if (!/["\0]/.test(name)) return `"${name}"`;
  const expected = "a name without quotation marks expected, which Oracle has none of in names";
  throw new LaunchpadError("DATA_INVALID", `${expected}, found ${JSON.stringify(name)}. Rename it`);
}

/** Oracle, by the package `oracledb` in its thin mode. */
export const dialect: SqlDialect = {
  name: "Oracle",
  served: true,
  lexicon,
  placeholder: (position) => `:p${position}`,
  quote,
  types: { float64: "binary_double", int64: "number(19)", bool: "number(1)", str: "clob", datetime: "timestamp(3)" },
  limits: { parameters: Number.POSITIVE_INFINITY, rows: 1000 },
  // CREATE, DROP and RENAME commit, and there is no exchange of two tables at once.
  transactionalDdl: false,
  infinity: true,
  nul: true,
  swap: ({ made, table, bareTable, exists }) => [
    ...(exists ? [`drop table ${table}`] : []),
    `alter table ${made} rename to ${bareTable}`,
  ],
  problemOf(thrown) {
    const { code, message } = thrown as { code?: unknown; message?: unknown };
    const named = String(code ?? /\b(?:ORA|NJS)-\d+/.exec(String(message))?.[0]);
    return problems[named] ?? (named.startsWith("ORA-") ? "query" : undefined);
  },
  async load(address, options) {
    const client = await loadClient<OracleClient>("oracledb", "Oracle");
    return () => connect(client, address, options);
  },
};

/**
 * Creates the settings of a connection. The path of a URL names a service, as in `oracle://host/service`; for
 * SQLAlchemy it is a SID, unless there is `?service_name=`.
 *
 * @param address Where the database is.
 * @param options The time limit and encryption.
 *
 * @returns What `oracledb` takes.
 */
export function settingsOf(address: Address, options: SqlOptions): object {
  const { host, port = 1521, user, password, database, parameters, sqlAlchemy } = address;
  const service = parameters.get("service_name") ?? (sqlAlchemy ? undefined : database);
  const name = service === undefined ? `(SID=${database ?? ""})` : `(SERVICE_NAME=${service})`;
  const protocol = options.tls ? "TCPS" : "TCP";
  const security = options.tls === "unverified" ? "(SECURITY=(SSL_SERVER_DN_MATCH=OFF))" : "";
  const seconds = Math.ceil(options.connect_timeout);
  const limits = `(TRANSPORT_CONNECT_TIMEOUT=${seconds})(CONNECT_TIMEOUT=${seconds})(RETRY_COUNT=0)`;
  return {
    user,
    password,
    connectString: `(DESCRIPTION=${limits}(ADDRESS=(PROTOCOL=${protocol})(HOST=${host})(PORT=${port}))(CONNECT_DATA=${name})${security})`,
  };
}

async function connect(client: OracleClient, address: Address, options: SqlOptions): Promise<SqlConnection> {
  const connection = await client.getConnection(settingsOf(address, options));
  await connection.execute("alter session set time_zone = '+00:00'", {}, {});
  let open = true;
  return {
    get alive() {
      return open && connection.isHealthy();
    },
    read: (sql, values, size) => resultReading(client, connection, sql, values, size),
    async run(sql, values = []) {
      await connection.execute(sql, bindsOf(values), { autoCommit: false });
    },
    async insert(table, columns, rows) {
      await connection.executeMany(manyStatement(table, columns), rows.map(bindsOf), { autoCommit: false });
    },
    // There is always a transaction.
    begin: async () => {},
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
    async close() {
      open = false;
      await connection.close();
    },
  };
}

/** One row, which is executed for many: there are no VALUES of several rows. */
function manyStatement(table: string, columns: readonly InsertColumn[]): string {
  const names = columns.map(({ name }) => dialect.quote(name)).join(",");
  return `insert into ${table} (${names}) values (${columns.map((_, i) => dialect.placeholder(i + 1)).join(",")})`;
}

/**
 * Creates the values by the names that placeholders have. Booleans are 0 and 1, as before version 23.
 *
 * @param values The values.
 *
 * @returns What `oracledb` takes.
 */
export function bindsOf(values: readonly SqlParameter[]): Record<string, SqlParameter> {
  return Object.fromEntries(
    values.map((value, i) => [`p${i + 1}`, typeof value === "boolean" ? Number(value) : value] as const),
  );
}

function resultReading(
  client: OracleClient,
  connection: OracleConnection,
  sql: string,
  values: readonly SqlParameter[],
  size: number,
): SqlReading {
  const some = Number.isFinite(size) ? size : 1000;
  let result: OracleResult["resultSet"];
  let started = false;
  let ended = false;
  let columns: readonly (SqlColumn & { readonly localTime: boolean })[] = [];
  async function rows(): Promise<readonly (readonly SqlValue[])[]> {
    const found = (await result?.getRows(some)) ?? [];
    return found.map((row) => row.map((value, i) => cellOf(value, columns[i])));
  }
  return {
    async next() {
      if (ended) return undefined;
      const first = !started;
      if (first) {
        started = true;
        const executed = await connection.execute(sql, bindsOf(values), {
          resultSet: true,
          outFormat: client.OUT_FORMAT_ARRAY,
          fetchArraySize: some,
          fetchTypeHandler: ({ dbTypeName }: OracleColumn) =>
            asText.has(dbTypeName) ? { type: client.DB_TYPE_VARCHAR } : undefined,
        });
        result = executed.resultSet;
        columns = (result?.metaData ?? []).map((column) => ({
          ...columnOf(column),
          localTime: withoutZone.has(column.dbTypeName),
        }));
      }
      const found = await rows();
      if (found.length < some) {
        ended = true;
        await result?.close();
      }
      return found.length > 0 || first ? { columns, rows: found } : undefined;
    },
    async stop() {
      if (!started || ended) return;
      ended = true;
      if (result === undefined) await connection.break();
      else await result.close();
    },
  };
}
