import type { Client, InStatement, Transaction } from "@libsql/client";
import type { DType } from "../../types.ts";
import type { SqlColumn, SqlConnection, SqlDialect, SqlParameter, SqlRows } from "../dialect.ts";
import { sqlite, wholeReading } from "./sqlite.ts";

/** The codes with which a database says that the query, and not the connection, is wrong. */
const queryIsWrong = /^(SQLITE_(ERROR|UNKNOWN|MISMATCH|RANGE|CONSTRAINT|TOOBIG|READONLY|AUTH)|SQL_|ARGS_)/;

/** What the declared type of a column asks for; the first that matches. https://www.sqlite.org/datatype3.html */
const declared: readonly (readonly [RegExp, DType])[] = [
  [/BOOL/i, "bool"],
  [/DATE|TIMESTAMP/i, "datetime"],
  [/INT/i, "int64"],
  [/CHAR|CLOB|TEXT|BLOB/i, "str"],
  [/REAL|FLOA|DOUB|NUM|DEC/i, "float64"],
];

/** SQLite files and libSQL servers. Its client reads a result whole. */
export const dialect: SqlDialect = {
  name: "SQLite",
  ...sqlite,
  limits: { parameters: 32_766, rows: 1000 },
  problemOf(thrown) {
    const { code, message, status } = thrown as { code?: unknown; message?: unknown; status?: unknown };
    const said = String(message);
    if (status === 401 || status === 403 || /HTTP status 40[13]/.test(said)) return "login";
    if (/no such table/.test(said)) return "no-table";
    return queryIsWrong.test(String(code)) ? "query" : undefined;
  },
  // Another connection to a database in memory would be another database.
  connections: ({ url }) => (url.startsWith("file::memory:") ? 1 : Number.POSITIVE_INFINITY),
  async load({ url, authToken }) {
    // Bundlers for Workers take the client without files here: its package says so to `workerd` and `browser`.
    const { createClient } = await import("@libsql/client");
    return async () => {
      const client = createClient({ url, intMode: "bigint", ...(authToken === undefined ? {} : { authToken }) });
      if (!url.startsWith("file:")) await client.execute("select 1");
      return connectionOf(client);
    };
  },
};

function connectionOf(client: Client): SqlConnection {
  let transaction: Transaction | undefined;
  const execute = (sql: string, values: readonly SqlParameter[]) => {
    const statement: InStatement = { sql, args: values.map(toSql) };
    return (transaction ?? client).execute(statement);
  };
  return {
    get alive() {
      return !client.closed;
    },
    read: (sql, values) =>
      wholeReading(async () => {
        const { columns, columnTypes, rows } = await execute(sql, values);
        return {
          columns: columns.map((name, i) => columnOf(name, columnTypes[i] ?? "")),
          rows: rows as unknown as SqlRows["rows"],
        };
      }),
    async run(sql, values = []) {
      await execute(sql, values);
    },
    async begin() {
      transaction = await client.transaction("write");
    },
    async commit() {
      await transaction?.commit();
      transaction = undefined;
    },
    async rollback() {
      const begun = transaction;
      transaction = undefined;
      await begun?.rollback();
    },
    async close() {
      transaction?.close();
      client.close();
    },
  };
}

function columnOf(name: string, type: string): SqlColumn {
  return { name, kind: "any", declared: declared.find(([pattern]) => pattern.test(type))?.[1] };
}

/** Whole numbers are bound as integers, as Python does: a real would not be equal to the text of a code. */
function toSql(value: SqlParameter) {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}
