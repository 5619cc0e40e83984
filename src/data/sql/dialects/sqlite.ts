import type { SqlDialect, SqlReading, SqlRows } from "../dialect.ts";
import { sqlite as lexicon } from "../lexicon.ts";

/** What is the same wherever SQLite runs, https://www.sqlite.org/lang.html */
export const sqlite = {
  served: false,
  lexicon,
  placeholder: (position) => `?${position}`,
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  types: { float64: "REAL", int64: "INTEGER", bool: "BOOLEAN", str: "TEXT", datetime: "DATETIME" },
  transactionalDdl: true,
  infinity: false,
  // SQLite keeps it, but its clients read text only up to it.
  nul: false,
  swap: ({ made, table, bareTable, exists }) => [
    ...(exists ? [`drop table ${table}`] : []),
    `alter table ${made} rename to ${bareTable}`,
  ],
} as const satisfies Partial<SqlDialect>;

/**
 * Creates the reading of a result that comes as a whole.
 *
 * @param fetch Asks for it.
 *
 * @returns A reading with one part.
 */
export function wholeReading(fetch: () => Promise<SqlRows>): SqlReading {
  let reading: Promise<SqlRows> | undefined;
  return {
    async next() {
      if (reading !== undefined) return undefined;
      reading = fetch();
      return reading;
    },
    stop: async () => {
      await reading?.catch(() => {});
    },
  };
}
