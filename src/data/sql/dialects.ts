import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { SqlDialect } from "./dialect.ts";

type Load = () => Promise<SqlDialect>;

/** A built-in dialect. */
export interface BuiltInDialect {
  /** The schemes of the URLs that it serves. */
  readonly schemes: readonly string[];
  /** Those of them that need neither files nor sockets; none unless told. */
  readonly portable?: readonly string[];
  /** A package that must be installed where a bundle runs, because it has native parts. */
  readonly installed?: string;
  /** Loads it, when one of its URLs is first used. */
  readonly load: Load;
}

const libsqlServers = ["libsql:", "https:", "http:", "wss:", "ws:"];

/** The one table of built-in dialects, by their files in `dialects`: `launchpad build` finds them there. */
export const builtInDialects: Readonly<Record<string, BuiltInDialect>> = {
  libsql: {
    schemes: ["file:", ...libsqlServers],
    portable: libsqlServers,
    installed: "@libsql/client",
    load: async () => (await import("./dialects/libsql.ts")).dialect,
  },
  postgres: {
    schemes: ["postgres:", "postgresql:"],
    load: async () => (await import("./dialects/postgres.ts")).dialect,
  },
  mysql: { schemes: ["mysql:", "mariadb:"], load: async () => (await import("./dialects/mysql.ts")).dialect },
  mssql: { schemes: ["mssql:", "sqlserver:"], load: async () => (await import("./dialects/mssql.ts")).dialect },
  oracle: { schemes: ["oracle:"], load: async () => (await import("./dialects/oracle.ts")).dialect },
};

/** What loads a dialect, by the scheme of a URL. */
const dialects: Readonly<Record<string, Load>> = Object.fromEntries(
  Object.values(builtInDialects).flatMap(({ schemes, load }) => schemes.map((scheme) => [scheme, load])),
);

/**
 * Finds the dialect that serves a URL; those of the host come first.
 *
 * @param scheme The scheme of the URL, in lower case, with its colon.
 * @param host The host, which may have dialects of its own.
 * @param where Where the entry stands, for messages.
 *
 * @returns The dialect.
 *
 * @throws CONFIG_INVALID when nothing serves the scheme.
 */
export async function dialectOf(scheme: string, host: Host, where: string): Promise<SqlDialect> {
  const load = ownDialect(host, scheme) ?? (Object.hasOwn(dialects, scheme) ? dialects[scheme] : undefined);
  if (load !== undefined) return load();
  const odd = Object.hasOwn(elsewhere, scheme) ? `. ${elsewhere[scheme]}` : "";
  const known = ["sqlite:", ...Object.keys({ ...dialects, ...host.dialects })].join(", ");
  throw new LaunchpadError(
    "CONFIG_INVALID",
    `${where}: its dbms entry has a url with ${scheme}; served are ${known}${odd}`,
  );
}

const byPlugin = "Write a plugin that serves the type of its dbms entry, or let it export Parquet or CSV files";
/** Databases that people bring along from SQLAlchemy, and what to do about them. */
const elsewhere: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "impala",
      "hive",
      "spark",
      "databricks",
      "snowflake",
      "bigquery",
      "presto",
      "trino",
      "db2",
      "ibm_db_sa",
      "awsathena",
      "teradata",
      "hana",
      "firebird",
    ].map((name) => [`${name}:`, byPlugin]),
  ),
  "duckdb:": "Let it export Parquet files, and read those",
  "clickhouse:": "It also speaks the protocol of MySQL: write mysql://host:9004/database",
  "cockroachdb:": "It speaks the protocol of PostgreSQL: write postgresql://",
  "crate:": "It also speaks the protocol of PostgreSQL: write postgresql://",
};

/**
 * Finds the dialect that a host has of its own.
 *
 * @param host The host.
 * @param scheme The scheme of a URL, in lower case, with its colon.
 *
 * @returns What loads it, if there is one.
 */
export function ownDialect({ dialects: own = {} }: Host, scheme: string): Load | undefined {
  return Object.hasOwn(own, scheme) ? (own[scheme] as Load) : undefined;
}
