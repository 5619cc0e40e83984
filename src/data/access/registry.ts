import type { Logger } from "../../log.ts";
import type { SinkType, SourceType } from "../types.ts";
import type { Plugin } from "./plugin.ts";

/** Types by the value of `type:`, loaded when first used. */
export type TypeTable<T> = Readonly<Record<string, () => Promise<T>>>;

/** The types of data sources that are built in. */
const builtInSources: TypeTable<SourceType> = {
  csv: async () => (await import("../csv/index.ts")).source,
  euro_csv: async () => (await import("../csv/index.ts")).source,
  jsonl: async () => (await import("../jsonl/index.ts")).source,
  parquet: async () => (await import("../parquet/index.ts")).source,
  text_file: async () => (await import("../raw/index.ts")).source,
  binary_file: async () => (await import("../raw/index.ts")).source,
  "dbms.sql": async () => (await import("../sql/index.ts")).source,
};

/** The types of data sinks that are built in. */
const builtInSinks: TypeTable<SinkType> = {
  csv: async () => (await import("../csv/index.ts")).sink,
  euro_csv: async () => (await import("../csv/index.ts")).sink,
  jsonl: async () => (await import("../jsonl/index.ts")).sink,
  parquet: async () => (await import("../parquet/index.ts")).sink,
  text_file: async () => (await import("../raw/index.ts")).sink,
  binary_file: async () => (await import("../raw/index.ts")).sink,
  "dbms.sql": async () => (await import("../sql/index.ts")).sink,
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
  const sources = new Map(Object.entries(builtInSources));
  const sinks = new Map(Object.entries(builtInSinks));
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
