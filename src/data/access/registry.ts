import type { Config } from "../../config/types.ts";
import type { Logger } from "../../log.ts";
import type { SinkType, SourceType } from "../types.ts";
import { fileKeys } from "./known-keys.ts";
import type { Plugin } from "./plugin.ts";

/** A built-in type of data. */
export interface DataType {
  /** The values of `type:` that it serves. */
  readonly serves: readonly string[];
  /** The keys that an entry of a source and of a sink may have, besides those that all have. */
  readonly keys: { readonly source: readonly string[]; readonly sink: readonly string[] };
  /** Loads it, when one of them is first used. */
  load(): Promise<{ readonly source: SourceType; readonly sink: SinkType }>;
}

const ofFiles = { source: fileKeys, sink: fileKeys };

/** The one table of built-in types, by the folder of `src/data` that each is in: `launchpad build` finds them there. */
export const dataTypes: Readonly<Record<string, DataType>> = {
  csv: { serves: ["csv", "euro_csv"], keys: ofFiles, load: () => import("../csv/index.ts") },
  excel: { serves: ["excel"], keys: ofFiles, load: () => import("../excel/index.ts") },
  json: { serves: ["json"], keys: ofFiles, load: () => import("../json/index.ts") },
  jsonl: { serves: ["jsonl"], keys: ofFiles, load: () => import("../jsonl/index.ts") },
  parquet: { serves: ["parquet"], keys: ofFiles, load: () => import("../parquet/index.ts") },
  raw: { serves: ["text_file", "binary_file"], keys: ofFiles, load: () => import("../raw/index.ts") },
  sql: {
    serves: ["dbms.sql", "dbms.oracle"],
    keys: { source: ["query"], sink: ["table"] },
    load: () => import("../sql/index.ts"),
  },
};

/** Every type there is. */
export interface Registry {
  readonly sources: ReadonlyMap<string, () => Promise<SourceType>>;
  readonly sinks: ReadonlyMap<string, () => Promise<SinkType>>;
  /** The keys of entries of a built-in type; undefined where a plugin serves it. */
  keysOf(kind: "source" | "sink", type: string): readonly string[] | undefined;
}

/**
 * Creates the registry of the built-in types and those of plugins. Later plugins replace earlier ones and built-ins.
 *
 * @param plugins The plugins, in order.
 * @param log Warned of every type that is replaced.
 *
 * @returns The types by the value of `type:`.
 */
export function createRegistry(plugins: readonly Plugin[], log: Logger): Registry {
  const sources = new Map<string, () => Promise<SourceType>>();
  const sinks = new Map<string, () => Promise<SinkType>>();
  for (const { serves, load } of Object.values(dataTypes)) {
    for (const served of serves) {
      sources.set(served, async () => (await load()).source);
      sinks.set(served, async () => (await load()).sink);
    }
  }
  const tables = { source: sources, sink: sinks } as const;
  const ofPlugins = new Set<string>();
  for (const plugin of plugins) {
    for (const served of plugin.type.serves) {
      if (tables[plugin.kind].has(served)) {
        const by = ofPlugins.has(`${plugin.kind} ${served}`) ? "another plugin" : "Launchpad";
        log.warning(`a plugin replaces the data ${plugin.kind} type ${served} of ${by}`, { type: served });
      }
      ofPlugins.add(`${plugin.kind} ${served}`);
      if (plugin.kind === "source") sources.set(served, async () => plugin.type);
      else sinks.set(served, async () => plugin.type);
    }
  }
  return {
    sources,
    sinks,
    keysOf(kind, type) {
      if (ofPlugins.has(`${kind} ${type}`)) return undefined;
      return Object.values(dataTypes).find(({ serves }) => serves.includes(type))?.keys[kind];
    },
  };
}

/**
 * Name of the database of a type: `shop` for `dbms.shop`.
 *
 * @param type The `type` of an entry.
 *
 * @returns The name; undefined for other types.
 */
export function dbmsOf(type: string): string | undefined {
  return type.startsWith("dbms.") ? type.slice("dbms.".length) : undefined;
}

/**
 * Type that serves an entry: `dbms.sql` for `dbms.shop` if that is `type: sql`.
 *
 * @param config The configuration.
 * @param type The `type` of the entry.
 *
 * @returns The type by which the registry knows it.
 */
export function servedType(config: Config, type: string): string {
  const name = dbmsOf(type);
  const dbms = name !== undefined && Object.hasOwn(config.dbms, name) ? config.dbms[name] : undefined;
  return dbms === undefined ? type : `dbms.${dbms.type}`;
}
