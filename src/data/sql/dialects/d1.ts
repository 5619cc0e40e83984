import type { SqlConnection, SqlDialect, SqlParameter, SqlRows, SqlValue } from "../dialect.ts";
import { sqlite, wholeReading } from "./sqlite.ts";

/** As much of a binding to a D1 database as is used here, https://developers.cloudflare.com/d1/worker-api/ */
export interface D1Database {
  /** Prepares a statement. */
  prepare(sql: string): D1Statement;
  /** Executes all of them, or none. */
  batch(statements: D1Statement[]): Promise<unknown>;
}

/** A statement of D1. */
export interface D1Statement {
  /** Gives the parameters of the statement their values. */
  bind(...values: unknown[]): D1Statement;
  /** Runs the statement. */
  run(): Promise<unknown>;
  /** The names of the columns, then the rows. */
  raw(options: { readonly columnNames: true }): Promise<[string[], ...unknown[][]]>;
}

/** What D1 takes in one statement, https://developers.cloudflare.com/d1/platform/limits/ */
const limits = { parameters: 100, rows: 100 } as const;

/**
 * Creates the dialect of D1, which is SQLite behind a binding. It has no transactions that take more than one request: what
 * is written in one goes there when it is committed, all at once.
 *
 * @param bindingOf Finds the binding that `d1://BINDING` names.
 *
 * @returns The dialect.
 */
export function d1Dialect(bindingOf: (url: URL) => D1Database): SqlDialect {
  return {
    ...sqlite,
    name: "D1",
    limits,
    problemOf(thrown) {
      const said = String((thrown as { message?: unknown }).message);
      if (/no such table/.test(said)) return "no-table";
      return /^D1_(?!.*(Network|internal|reset|overloaded))/i.test(said) ? "query" : undefined;
    },
    async load({ url }) {
      const database = bindingOf(new URL(url));
      return async () => connectionOf(database);
    },
  };
}

function connectionOf(database: D1Database): SqlConnection {
  let begun: D1Statement[] | undefined;
  const prepared = (sql: string, values: readonly SqlParameter[]) => database.prepare(sql).bind(...values.map(toD1));
  return {
    alive: true,
    read: (sql, values) =>
      wholeReading(async () => {
        const [names, ...rows] = await prepared(sql, values).raw({ columnNames: true });
        for (const row of rows) for (let i = 0; i < row.length; i++) row[i] = fromD1(row[i]);
        return {
          columns: names.map((name) => ({ name, kind: "any" as const })),
          rows: rows as unknown as SqlRows["rows"],
        };
      }),
    async run(sql, values = []) {
      const statement = prepared(sql, values);
      if (begun) begun.push(statement);
      else await statement.run();
    },
    async begin() {
      begun = [];
    },
    async commit() {
      const statements = begun ?? [];
      begun = undefined;
      if (statements.length > 0) await database.batch(statements);
    },
    async rollback() {
      begun = undefined;
    },
    async close() {},
  };
}

/** It does not tell integers from reals, and bytes come as a list of numbers. */
function fromD1(value: unknown): SqlValue {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  return Array.isArray(value) ? Uint8Array.from(value).buffer : ((value ?? null) as SqlValue);
}

function toD1(value: SqlParameter): null | string | number {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "bigint") return value;
  // Through a number it would be another one. SQLite makes an integer of the text where the column holds integers.
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
