import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createLogger, type Files, type Logger } from "../../../src/internal.ts";
import { pathUrl } from "../../project/find-config.ts";
import { type LogConfig, type LogHandler, readLogConfig } from "./config.ts";
import { defaultFormat, formatter } from "./format.ts";
import { recordLevels } from "./levels.ts";
import type { LineSink } from "./line-sink.ts";
import { routedName } from "./names.ts";
import { type LogRecord, type Place, placeIn } from "./record.ts";
import { filterBy, type Route, reaches, routeOf } from "./route.ts";
import { openSink } from "./sinks.ts";

/** The log of a program. */
export interface Logging {
  readonly log: Logger;
  /** Says by which name the model's module logged in ML Launchpad. */
  nameModule(specifier: string): void;
  /** Writes a line that another process made of a record, into the file of a handler that only one process may write. */
  write(handler: string, text: string): void;
  /** Writes what is still held back, and closes files. */
  close(): Promise<void>;
}

/** Used when there is no configuration of the log. */
const standard: LogConfig = {
  formatters: {},
  filters: {},
  handlers: { console: { class: "logging.StreamHandler", filters: [] } },
  loggers: {},
  root: { level: 20, handlers: ["console"], filters: [] },
};

/**
 * Sets up the log as a file in the format of ML Launchpad says (Python's `logging.config.dictConfig`).
 *
 * @param options The file, if one was named; the environment and files to look for one otherwise; whether debug
 * messages are wanted; what to call before a line is written to the terminal; who takes lines for files that only one
 * process may write, if it is not this one.
 *
 * @returns A logger, and how to close it.
 *
 * @throws CONFIG_INVALID, DATA_UNAVAILABLE for a file that was named.
 */
export async function configureLogging(options: {
  readonly file?: string;
  readonly verbose: boolean;
  env(name: string): string | undefined;
  readonly files?: Files;
  beforeWrite(): void;
  handOver?(handler: string, text: string): void;
}): Promise<Logging> {
  const url = await findFile(options);
  const config = url && options.files ? readLogConfig(await options.files.read(url), fileURLToPath(url)) : standard;
  const { beforeWrite, handOver } = options;
  const context = {
    folder: url ? dirname(fileURLToPath(url)) : process.cwd(),
    isOneOfSeveral: handOver !== undefined,
    beforeWrite,
  };
  const filters = new Map(Object.entries(config.filters).map(([name, filter]) => [name, filterBy(filter.name)]));
  const passes = (names: readonly string[], routed: string) =>
    names.every((name) => filters.get(name)?.(routed) ?? true);
  const sinks: Record<string, LineSink> = {};
  const emitters = new Map<string, (record: LogRecord, routed: string) => void>();
  for (const [name, handler] of Object.entries(config.handlers)) {
    const sink: LineSink =
      handOver && isOfOneProcess(handler) ? { write: (text) => handOver(name, text) } : openSink(handler, context);
    sinks[name] = sink;
    const format = formatter(config.formatters[handler.formatter ?? ""] ?? { format: defaultFormat });
    emitters.set(name, (record, routed) => {
      if (!reaches(record, handler.level) || !passes(handler.filters, routed)) return;
      sink.write(format(record), recordLevels[record.level].number);
    });
  }

  let module: string | undefined;
  const routes = new Map<string, Route>();
  const routeFor = (routed: string): Route => {
    const route = routes.get(routed) ?? routeOf(config, routed, options.verbose && url === undefined);
    // Modules in Python have any number of names.
    if (routes.size < 1000) routes.set(routed, route);
    return route;
  };
  return {
    log: createLogger((level, name, message, properties) => {
      const routed = routedName(name, message, module);
      const { level: least, handlers, filters: own } = routeFor(routed);
      if (recordLevels[level].number < least || !passes(own, routed)) return;
      let place: Place | undefined;
      const record: LogRecord = {
        level,
        name,
        message,
        properties,
        timestamp: Date.now(),
        place() {
          place ??= placeIn(new Error().stack ?? "");
          return place;
        },
      };
      for (const handler of handlers) emitters.get(handler)?.(record, routed);
    }),
    nameModule(specifier) {
      module = specifier
        .replace(/^\.\//, "")
        .replace(/\.[cm]?[jt]s$|\.py$|\.R$/i, "")
        .replaceAll("/", ".");
    },
    write: (handler, text) => sinks[handler]?.write(text, recordLevels.info.number),
    async close() {
      for (const sink of Object.values(sinks)) await sink.close?.();
    },
  };
}

/** Whether a file is renamed while it is written, which only one process may do. */
function isOfOneProcess({ class: name }: LogHandler): boolean {
  return name === "logging.handlers.RotatingFileHandler" || name === "logging.handlers.TimedRotatingFileHandler";
}

async function findFile(options: Parameters<typeof configureLogging>[0]): Promise<URL | undefined> {
  const { files } = options;
  if (files === undefined) return undefined;
  const named = options.file ?? options.env("LAUNCHPAD_LOG");
  if (named) return pathUrl(named, files);
  const url = new URL("LAUNCHPAD_LOG.yml", files.cwd);
  return (await files.exists(url)) ? url : undefined;
}
