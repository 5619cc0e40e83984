import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { SqlDialect } from "./dialect.ts";

type Load = () => Promise<SqlDialect>;

const libsql: Load = async () => (await import("./dialects/libsql.ts")).dialect;
const postgres: Load = async () => (await import("./dialects/postgres.ts")).dialect;
const mysql: Load = async () => (await import("./dialects/mysql.ts")).dialect;
const mssql: Load = async () => (await import("./dialects/mssql.ts")).dialect;
const oracle: Load = async () => (await import("./dialects/oracle.ts")).dialect;

/** The dialects by the scheme of a URL. */
const dialects: Readonly<Record<string, Load>> = {
  "file:": libsql,
  "libsql:": libsql,
  "https:": libsql,
  "http:": libsql,
  "wss:": libsql,
  "ws:": libsql,
  "postgres:": postgres,
  "postgresql:": postgres,
  "mysql:": mysql,
  "mariadb:": mysql,
  "mssql:": mssql,
  "sqlserver:": mssql,
  "oracle:": oracle,
};

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
  const known = ["sqlite:", ...Object.keys({ ...dialects, ...host.dialects })].join(", ");
  throw new LaunchpadError("CONFIG_INVALID", `${where}: its dbms entry has a url with ${scheme}; served are ${known}`);
}

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
