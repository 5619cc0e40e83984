import { baseOf, whereIs } from "../../config/source-map.ts";
import type { Config, DataConfig } from "../../config/types.ts";
import { filledSection } from "../../config/variables.ts";
import { LaunchpadError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import type { OpenContext, Sink, SinkDriver, Source, SourceDriver } from "../types.ts";
import { cached } from "./cache.ts";
import { createDtypesFile } from "./dtypes-file.ts";
import { typedSink, typedSource } from "./enforce-dtypes.ts";
import { failure } from "./failure.ts";
import { unknownKeys } from "./known-keys.ts";
import { didYouMean, optionHint, quote } from "./messages.ts";
import { all, openOnce } from "./open-once.ts";
import { locateOptions } from "./options.ts";
import type { Plugin } from "./plugin.ts";
import { type ReadLog, recordLineage } from "./record-lineage.ts";
import { createRegistry, dbmsOf, type Registry, servedType } from "./registry.ts";
import { createSink, watched } from "./sink.ts";
import { createSource } from "./source.ts";
import { createPendingWrites } from "./writes/pending-writes.ts";

/** What asks for data. */
export type Action = "train" | "test" | "predict";

/** The sources and sinks that one call of a model sees. */
export interface Access {
  /** DATA_UNKNOWN for a name that the call does not see. */
  source(name: string): Source;
  /** DATA_UNKNOWN for a name that the call does not see. */
  sink(name: string): Sink;
  readonly sources: readonly string[];
  readonly sinks: readonly string[];
}

/** All sources and sinks of a configuration. Each is opened once, when it is first used. */
export interface Data {
  readonly types: Registry;
  /** Checks that something serves every type and reads every key. CONFIG_INVALID lists all those of which that is not so. */
  check(): void;
  /** The sources and sinks whose tags include the action, and those without tags. What is read is taken down in `reads`. */
  access(action: Action, signal?: AbortSignal, reads?: Pick<ReadLog, "reads" | "observe">): Access;
  /** Opens whatever the action sees, so that a wrong option or an unset variable fails at once. Reads no data. */
  prepare(action: Action): Promise<void>;
  /** Waits for what is being written, for ten seconds at most, and ends all connections. */
  close(): Promise<void>;
}

/** `datasources` or `datasinks`, with the word for one of them. */
const sections = { source: "datasources", sink: "datasinks" } as const;
type Kind = keyof typeof sections;

const defaultCacheSize = 32;

/**
 * Creates the data of a configuration.
 *
 * @param options The configuration, the host, and plugins that add types.
 *
 * @returns The sources and sinks; nothing is open yet.
 */
export function createData(options: {
  readonly config: Config;
  readonly host: Host;
  readonly plugins?: readonly Plugin[];
}): Data {
  const { config, host } = options;
  const log = host.log.child("data");
  const registry = createRegistry(options.plugins ?? [], log);
  const drivers = {
    source: openOnce((name) => openSource(name)),
    sink: openOnce((name) => openSink(name)),
  } as const;
  const prepared = new Map<Action, Promise<void>>();
  const writes = createPendingWrites();
  let closed = false;

  const entriesOf = (kind: Kind) => config[sections[kind]];
  const at = (kind: Kind, name: string) => whereIs(config, [sections[kind], name]);
  const namesFor = (kind: Kind, action: Action) =>
    Object.entries(entriesOf(kind)).flatMap(([name, { tags }]) => (sees(action, tags) ? [name] : []));

  /** An entry without variables. Its options know where they stand, and what else to say of that. */
  function filled(section: "dbms" | (typeof sections)[Kind], name: string, more = ""): Record<string, unknown> {
    const entry = filledSection(config, [section, name], host.env);
    const written = config[section][name]?.options ?? {};
    locateOptions(entry.options, (option) => {
      const key = Object.hasOwn(written, option) ? option : `${option}_var`;
      return `${whereIs(config, [section, name, "options", key])}${more}`;
    });
    return entry;
  }

  function contextOf(kind: Kind, name: string, type: string): OpenContext {
    const section = sections[kind];
    const dbms = dbmsOf(type);
    return {
      name,
      entry: filled(section, name),
      ...(dbms !== undefined && {
        dbms: filled("dbms", dbms, `: ${type}`),
        base: baseOf(config, ["dbms", dbms]),
      }),
      where: at(kind, name),
      host,
    };
  }

  async function openSource(name: string): Promise<SourceDriver> {
    const { type, expires = 0, cache_size: size = defaultCacheSize } = entry("source", name);
    const served = registry.sources.get(servedType(config, type));
    if (served === undefined) throw new LaunchpadError("CONFIG_INVALID", unserved("source", name));
    const label = `[${type}] ${name}`;
    try {
      const context = contextOf("source", name, type);
      const dtypes = createDtypesFile(context);
      const sourceType = await served();
      const opened = await sourceType.open({ ...context, dtypes: dtypes?.read });
      const driver = dtypes && !sourceType.readsDtypes ? typedSource(opened, dtypes, label) : opened;
      return expires === 0 ? driver : cached(driver, { expires, size, now: host.now, at: label });
    } catch (thrown) {
      throw failure(thrown, label);
    }
  }

  async function openSink(name: string): Promise<SinkDriver> {
    const { type } = entry("sink", name);
    const served = registry.sinks.get(servedType(config, type));
    if (served === undefined) throw new LaunchpadError("CONFIG_INVALID", unserved("sink", name));
    try {
      const context = contextOf("sink", name, type);
      const dtypes = createDtypesFile(context);
      const driver = await (await served()).open(context);
      return dtypes ? typedSink(driver, dtypes) : driver;
    } catch (thrown) {
      throw failure(thrown, `[${type}] ${name}`);
    }
  }

  function entry(kind: Kind, name: string): DataConfig {
    const entries = entriesOf(kind);
    const found = Object.hasOwn(entries, name) ? entries[name] : undefined;
    if (found === undefined) throw new LaunchpadError("DATA_UNKNOWN", `no data ${kind} ${quote(name)}`);
    return found;
  }

  /** The entry of a name, or an error that says which names there are. */
  function visible(kind: Kind, name: string, action: Action): DataConfig {
    const entries = entriesOf(kind);
    const found = Object.hasOwn(entries, name) ? entries[name] : undefined;
    if (found !== undefined && sees(action, found.tags)) return found;
    const list = Object.entries(entries).map(([other, { tags }]) => `${other} (${tags.join(", ") || "no tags"})`);
    const there = list.length === 0 ? `there are no ${sections[kind]}` : `${sections[kind]}: ${list.join(", ")}`;
    if (found !== undefined) {
      const message = `${at(kind, name)}: data ${kind} ${quote(name)} is for ${found.tags.join(", ")}, not for ${action}`;
      throw new LaunchpadError("DATA_UNKNOWN", `${message}. Add the tag ${action}, or use another; ${there}`);
    }
    const message = `${whereIs(config, [sections[kind]])}: no data ${kind} ${quote(name)}; `;
    throw new LaunchpadError(
      "DATA_UNKNOWN",
      message + `${didYouMean(name, Object.keys(entries))} ${there}`.trimStart(),
    );
  }

  /** What is wrong with an entry's type. */
  function unserved(kind: Kind, name: string): string {
    const { type } = entry(kind, name);
    const where = whereIs(config, [sections[kind], name, "type"]);
    const known = [...(kind === "source" ? registry.sources : registry.sinks).keys()];
    const resolved = servedType(config, type);
    const shown = resolved === type ? quote(type) : `${quote(type)} (${resolved})`;
    return `${where}: type: no data ${kind} type ${shown}; ${optionHint(resolved, known)}`;
  }

  function alive<T>(open: (name: string) => Promise<T>): (name: string) => Promise<T> {
    return async (name) => {
      if (closed) throw new LaunchpadError("DATA_UNAVAILABLE", `${name}: its launchpad has been closed`);
      return open(name);
    };
  }
  const source = alive(drivers.source.open);
  const sink = alive(drivers.sink.open);

  return {
    types: registry,
    check() {
      const problems = (["source", "sink"] as const).flatMap((kind) =>
        Object.entries(entriesOf(kind)).flatMap(([name, { type }]) => {
          const table = kind === "source" ? registry.sources : registry.sinks;
          return table.has(servedType(config, type)) ? [] : [unserved(kind, name)];
        }),
      );
      problems.push(...unknownKeys(config, (kind, type) => registry.keysOf(kind, servedType(config, type))));
      if (problems.length > 0) throw new LaunchpadError("CONFIG_INVALID", problems.join("\n"));
    },
    access: (action, signal, reads) => ({
      source(name) {
        const { type, tags, expires = 0 } = visible("source", name, action);
        const identity = { name, type, tags, where: at("source", name), signal, cached: expires !== 0 };
        const open = async () => {
          const driver = await source(name);
          return reads === undefined ? driver : recordLineage(driver, { action, name, ...reads });
        };
        return createSource(open, identity);
      },
      sink(name) {
        const { type, tags } = visible("sink", name, action);
        const identity = { name, type, tags, where: at("sink", name), signal };
        return watched(
          createSink(() => sink(name), identity),
          writes.add,
        );
      },
      sources: namesFor("source", action),
      sinks: namesFor("sink", action),
    }),
    prepare(action) {
      const running =
        prepared.get(action) ??
        all([...namesFor("source", action).map(source), ...namesFor("sink", action).map(sink)]).catch((error) => {
          prepared.delete(action);
          throw error;
        });
      prepared.set(action, running);
      return running;
    },
    async close() {
      await writes.ended();
      closed = true;
      for (const driver of [...drivers.source.opened(), ...drivers.sink.opened()]) {
        try {
          await (await driver).close?.();
        } catch (error) {
          log.debug("a source or sink could not be closed", { error });
        }
      }
    },
  };
}

function sees(action: Action, tags: readonly string[]): boolean {
  return tags.length === 0 || tags.includes(action);
}
