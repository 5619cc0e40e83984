import type mysql from "mysql2";
import { loadClient } from "../../access/load-client.ts";
import type { Address } from "../address.ts";
import type { SqlConnection, SqlDialect, SqlParameter, SqlProblem, SqlReading, SqlValue } from "../dialect.ts";
import { mysql as lexicon } from "../lexicon.ts";
import type { SqlOptions } from "../options/database-options.ts";
import { rowQueue } from "../row-queue.ts";
import { prefersTls } from "../tls.ts";
import { columnOf, converterOf, type Field, toSql } from "./mysql-values.ts";

/** https://mariadb.com/kb/en/mariadb-error-codes/, and codes of the client. */
const problems: Readonly<Record<string, SqlProblem>> = {
  ER_ACCESS_DENIED_ERROR: "login",
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: "login",
  ER_DBACCESS_DENIED_ERROR: "login",
  ER_BAD_DB_ERROR: "database",
  ER_NO_SUCH_TABLE: "no-table",
  ER_CON_COUNT_ERROR: "unreachable",
  PROTOCOL_CONNECTION_LOST: "lost",
  ER_SERVER_SHUTDOWN: "lost",
};

/** The rest of what a server says is about the query. */
const fromServer = /^(ER_|WARN_)/;

/** MySQL and MariaDB, by the package `mysql2`. Statements are prepared, so values are never part of their text. */
export const dialect: SqlDialect = {
  name: "MySQL",
  served: true,
  lexicon,
  placeholder: () => "?",
  repeats: true,
  quote: (name) => `\`${name.replaceAll("`", "``")}\``,
  types: {
    float64: "double",
    int64: "bigint",
    bool: "boolean",
    str: "longtext character set utf8mb4",
    datetime: "datetime(3)",
  },
  limits: { parameters: 65_535, rows: 1000 },
  // CREATE and RENAME commit; but one RENAME exchanges two tables at once.
  transactionalDdl: false,
  infinity: false,
  nul: true,
  swap: ({ made, table, trash, exists }) =>
    exists
      ? [`rename table ${table} to ${trash}, ${made} to ${table}`, `drop table ${trash}`]
      : [`rename table ${made} to ${table}`],
  problemOf(thrown) {
    const code = String((thrown as { code?: unknown }).code);
    return problems[code] ?? (fromServer.test(code) ? "query" : undefined);
  },
  async load(address, options) {
    const client = await loadClient<typeof mysql>("mysql2", "MySQL");
    return () => connect(client, address, options);
  },
};

async function open(client: typeof mysql, address: Address, options: SqlOptions): Promise<mysql.Connection> {
  const { parameters } = address;
  if (!prefersTls(address, options)) {
    const isNamed = parameters.has("ssl_ca") || (parameters.has("ssl") && parameters.get("ssl") !== "false");
    return openWith(client, address, options, options.tls ?? isNamed);
  }
  try {
    return await openWith(client, address, options, "unverified");
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== "HANDSHAKE_NO_SSL_SUPPORT") throw thrown;
    return openWith(client, address, options, false);
  }
}

function openWith(
  client: typeof mysql,
  address: Address,
  options: SqlOptions,
  tls: boolean | "unverified",
): Promise<mysql.Connection> {
  const { host, port, user, password, database } = address;
  const { ca } = options;
  const connection = client.createConnection({
    host,
    port: port ?? 3306,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(tls === false ? {} : { ssl: { rejectUnauthorized: tls !== "unverified", ...(ca && { ca }) } }),
    connectTimeout: options.connect_timeout * 1000,
    charset: "utf8mb4",
    timezone: "Z",
    dateStrings: true,
    supportBigNumbers: true,
    jsonStrings: true,
    rowsAsArray: true,
    // A server must not be able to ask for files of this machine.
    flags: ["-LOCAL_FILES"],
  } as mysql.ConnectionOptions);
  return new Promise((resolve, reject) => {
    connection.once("error", reject);
    connection.once("connect", () => {
      connection.off("error", reject);
      resolve(connection);
    });
  });
}

async function connect(client: typeof mysql, address: Address, options: SqlOptions): Promise<SqlConnection> {
  const connection = await open(client, address, options);
  let alive = true;
  /** What is being read: the client tells the connection, and not the query, that the server has gone. */
  let reading: Execution | undefined;
  const lost = (error?: unknown) => {
    alive = false;
    reading?.emit("error", error ?? gone());
  };
  connection.on("error", lost);
  connection.on("end", lost);
  const assertAlive = () => {
    if (!alive) throw gone();
  };
  const send = async (sql: string, values: readonly SqlParameter[] = []) =>
    new Promise<void>((resolve, reject) => {
      assertAlive();
      connection.execute(sql, values.map(toSql) as never, (error) => (error ? reject(error) : resolve()));
    });
  /** Statements that cannot be prepared; they hold no values. */
  const plain = async (sql: string) =>
    new Promise<void>((resolve, reject) => {
      assertAlive();
      connection.query(sql, (error: unknown) => (error ? reject(error) : resolve()));
    });
  const quit = async () => {
    alive = false;
    connection.destroy();
  };
  try {
    await plain("set time_zone = '+00:00'");
    await plain("set sql_mode = concat(@@sql_mode, ',STRICT_ALL_TABLES')");
  } catch (thrown) {
    await quit();
    throw thrown;
  }
  /** The query of one session is ended by another. */
  const kill = async () => {
    const other = await open(client, address, options);
    try {
      await new Promise<void>((resolve, reject) => {
        other.query(`kill query ${Number(connection.threadId)}`, (error: unknown) =>
          error ? reject(error) : resolve(),
        );
      });
    } finally {
      other.destroy();
    }
  };
  return {
    get alive() {
      return alive;
    },
    read(sql, values, size) {
      const start = () => {
        assertAlive();
        reading = connection.execute({
          sql,
          values: values.map(toSql),
          rowsAsArray: true,
        } as never) as never as Execution;
        return reading;
      };
      return streamReading(connection, start, size, kill);
    },
    run: send,
    begin: () => plain("start transaction"),
    commit: () => plain("commit"),
    rollback: () => plain("rollback"),
    close: quit,
  };
}

/** The server has closed the connection. */
function gone(): Error {
  return Object.assign(new Error("the server has closed the connection"), { code: "PROTOCOL_CONNECTION_LOST" });
}

interface Execution {
  emit(event: "error", error: unknown): boolean;
  on(event: "fields", listener: (fields: readonly Field[] | undefined) => void): this;
  on(event: "result", listener: (row: unknown) => void): this;
  on(event: "end", listener: () => void): this;
  on(event: "error", listener: (error: unknown) => void): this;
}

function streamReading(
  connection: mysql.Connection,
  begin: () => Execution,
  size: number,
  kill: () => Promise<void>,
): SqlReading {
  const queue = rowQueue(size, { pause: () => connection.pause(), resume: () => connection.resume() });
  let converters: readonly (((value: unknown) => SqlValue) | undefined)[] = [];
  let started = false;
  const start = () => {
    started = true;
    const execution = begin();
    execution.on("fields", (fields) => {
      if (fields === undefined) return;
      queue.columns(fields.map(columnOf));
      converters = fields.map(converterOf);
    });
    execution.on("result", (row) => {
      // What an INSERT says is no row.
      if (!Array.isArray(row)) return;
      for (let i = 0; i < converters.length; i++) {
        const convert = converters[i];
        if (convert !== undefined && row[i] !== null) row[i] = convert(row[i]);
      }
      queue.push(row);
    });
    execution.on("error", (error) => queue.fail(error));
    execution.on("end", () => queue.end());
  };
  return {
    async next() {
      if (!started) start();
      return queue.next();
    },
    async stop() {
      if (!started || queue.ended) return;
      await kill();
      await queue.drain();
    },
  };
}
