import type { Config, DataConfig } from "../../src/internal.ts";

/** The parts of a configuration that a prediction can see. */
export interface PredictScope {
  readonly datasources: Readonly<Record<string, DataConfig>>;
  readonly datasinks: Readonly<Record<string, DataConfig>>;
  readonly dbms: Config["dbms"];
  /** The types that must be served: `csv`, `dbms.sql`, those of plugins. */
  readonly types: ReadonlySet<string>;
}

/**
 * Finds what a prediction can see of a configuration: the sources and sinks for `predict`, those without tags, and their
 * databases.
 *
 * @param config The configuration.
 *
 * @returns The parts, and the types of data in them.
 */
export function predictScope(config: Config): PredictScope {
  const datasources = seen(config.datasources);
  const datasinks = seen(config.datasinks);
  const entries = [...Object.values(datasources), ...Object.values(datasinks)];
  const names = entries.flatMap(({ type }) => (type.startsWith("dbms.") ? [type.slice("dbms.".length)] : []));
  const dbms = Object.fromEntries(Object.entries(config.dbms).filter(([name]) => names.includes(name)));
  const types = new Set(entries.map(({ type }) => servedType(type, dbms)));
  // The file that a `dtypes_path` names is CSV.
  if (entries.some((entry) => "dtypes_path" in entry || "dtypes_path_var" in entry)) types.add("csv");
  return { datasources, datasinks, dbms, types };
}

/**
 * Finds the URL of a database.
 *
 * @param entry Its entry below `dbms`.
 *
 * @returns `url`, or `connection_string` as ML Launchpad calls it; undefined if a variable holds it.
 */
export function databaseUrl({ url, connection_string }: Config["dbms"][string]): string | undefined {
  const given = url ?? connection_string;
  return typeof given === "string" ? given : undefined;
}

function seen(entries: Readonly<Record<string, DataConfig>>): Record<string, DataConfig> {
  return Object.fromEntries(
    Object.entries(entries).filter(([, { tags }]) => tags.length === 0 || tags.includes("predict")),
  );
}

function servedType(type: string, dbms: Config["dbms"]): string {
  const found = type.startsWith("dbms.") ? dbms[type.slice("dbms.".length)] : undefined;
  return found === undefined ? type : `dbms.${found.type}`;
}
