import { whereIs } from "../../config/source-map.ts";
import type { Config } from "../../config/types.ts";
import { optionHint, quote } from "./messages.ts";

/** Keys that every entry may have. */
const common = ["type", "tags", "expires", "cache_size", "dtypes_path", "options"];

/** Where a file is, and how it is reached. */
const location = ["path", "timeout", "deadline", "max_bytes", "compression"];
const ofServers = ["headers", "redirects", "endpoint", "region", "access_key_id", "secret_access_key", "session_token"];
const ofAzure = ["account_name", "account_key", "sas_token", "connection_string"];

/** Keys of entries whose data is a file. */
export const fileKeys: readonly string[] = [...location, ...ofServers, ...ofAzure];

/** Keys of the entry of a database. */
const ofDatabases = [
  "type",
  "url",
  "connection_string",
  "host",
  "port",
  "service_name",
  "user",
  "password",
  "database",
];
const dbmsKeys: readonly string[] = [...ofDatabases, "auth_token", "options"];

/** Arguments of SQLAlchemy's `create_engine`, which stand there in projects of ML Launchpad, and what to write instead. */
const ofSqlAlchemy: Readonly<Record<string, string>> = {
  echo: "Remove it: with -v the log tells of data",
  echo_pool: "Remove it",
  pool_size: "Write options.max_connections",
  max_overflow: "Write options.max_connections",
  pool_timeout: "Write options.connect_timeout",
  pool_recycle: "Remove it: a connection that the server has closed is not used again",
  pool_pre_ping: "Remove it: a connection that the server has closed is not used again",
  poolclass: "Remove it",
  connect_args: "Write what they hold below options: connect_timeout, tls",
  isolation_level: "Set it in the database",
  encoding: "Remove it: text is UTF-8",
  future: "Remove it",
};

/**
 * Finds the keys of entries that nothing reads: whoever wrote one believes that it does something.
 *
 * @param config The configuration.
 * @param keysOf The keys of a type besides those that all have; undefined for types of plugins, which have their own.
 *
 * @returns A message for each, with its line.
 */
export function unknownKeys(
  config: Config,
  keysOf: (kind: "source" | "sink", type: string) => readonly string[] | undefined,
): string[] {
  const ofEntries = (["source", "sink"] as const).flatMap((kind) => {
    const section = kind === "source" ? "datasources" : "datasinks";
    return Object.entries(config[section]).flatMap(([name, entry]) => {
      const keys = keysOf(kind, entry.type);
      return keys === undefined ? [] : unknownOf(config, [section, name], entry, [...common, ...keys]);
    });
  });
  const ofDbms = Object.entries(config.dbms).flatMap(([name, entry]) => {
    const isOurs = keysOf("source", `dbms.${name}`) !== undefined && keysOf("sink", `dbms.${name}`) !== undefined;
    return isOurs ? unknownOf(config, ["dbms", name], entry, dbmsKeys, ofSqlAlchemy) : [];
  });
  return [...ofEntries, ...ofDbms];
}

function unknownOf(
  config: Config,
  path: readonly [string, string],
  entry: object,
  known: readonly string[],
  remedies: Readonly<Record<string, string>> = {},
): string[] {
  return Object.keys(entry).flatMap((key) => {
    const base = key.endsWith("_var") ? key.slice(0, -4) : key;
    if (known.includes(base)) return [];
    const remedy = Object.hasOwn(remedies, base) ? remedies[base] : undefined;
    const where = `${whereIs(config, [...path, key])}: ${path.join(".")}: found an unknown key ${quote(key)}`;
    return [remedy === undefined ? `${where}; ${optionHint(base, known)}` : `${where}. ${remedy}`];
  });
}
