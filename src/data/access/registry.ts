import type { Logger } from "../../log.ts";
import type { SinkType, SourceType } from "../types.ts";
import type { Plugin } from "./plugin.ts";

/** A built-in type of data. */
export interface DataType {
  /** The values of `type:` that it serves. */
  readonly serves: readonly string[];
  /** Loads it, when one of them is first used. */
  load(): Promise<{ readonly source: SourceType; readonly sink: SinkType }>;
}

/** The one table of built-in types, by the folder of `src/data` that each is in: `launchpad build` finds them there. */
export const dataTypes: Readonly<Record<string, DataType>> = {
  csv: { serves: ["csv", "euro_csv"], load: () => import("../csv/index.ts") },
  json: { serves: ["json"], load: () => import("../json/index.ts") },
  jsonl: { serves: ["jsonl"], load: () => import("../jsonl/index.ts") },
  parquet: { serves: ["parquet"], load: () => import("../parquet/index.ts") },
  raw: { serves: ["text_file", "binary_file"], load: () => import("../raw/index.ts") },
  sql: { serves: ["dbms.sql", "dbms.oracle"], load: () => import("../sql/index.ts") },
};

/** Every type there is. */
export interface Registry {
  readonly sources: ReadonlyMap<string, () => Promise<SourceType>>;
  readonly sinks: ReadonlyMap<string, () => Promise<SinkType>>;
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
  return { sources, sinks };
}
