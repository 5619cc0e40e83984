import { closeSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { getFileSink, getRotatingFileSink } from "@logtape/file";
import { configure, dispose, getLogger, type LogRecord, type Sink, type TextFormatter } from "@logtape/logtape";
import { createLogger, type Files, type Logger } from "../../src/internal.ts";
import { unavailable } from "../io/files.ts";
import { pathUrl } from "../project/find-config.ts";
import { type LogConfig, type LogHandler, readLogConfig } from "./log-config.ts";
import { defaultFormat, formatter } from "./log-format.ts";

/** The log of a program. */
export interface Logging {
  readonly log: Logger;
  /** Writes a line that another process made of a record, into the file of a handler that only one process may write. */
  write(handler: string, text: string): void;
  /** Writes what is still held back, and closes files. */
  close(): Promise<void>;
}

/** Used when there is no configuration of the log. */
const standard: LogConfig = {
  formatters: {},
  handlers: { console: { class: "logging.StreamHandler" } },
  loggers: {},
  root: { level: "info", handlers: ["console"] },
};

/**
 * Sets up the log as a file in the format of ML Launchpad says (Python's `logging.config.dictConfig`), through LogTape.
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
  const sinks: Record<string, Sink> = {};
  for (const [name, handler] of Object.entries(config.handlers)) {
    const format = formatter(config.formatters[handler.formatter ?? ""]?.format ?? defaultFormat);
    const folder = url ? dirname(fileURLToPath(url)) : process.cwd();
    const { handOver } = options;
    sinks[name] =
      handOver && handler.class === "logging.handlers.RotatingFileHandler"
        ? (record) => handOver(name, format(record))
        : sinkOf(handler, format, folder, options.beforeWrite);
  }
  await configure({
    reset: true,
    sinks: Object.fromEntries(
      Object.entries(sinks).map(([name, sink]) => [name, levelled(sink, config.handlers[name])]),
    ),
    loggers: [
      {
        category: [],
        sinks: [...config.root.handlers],
        lowestLevel: options.verbose && url === undefined ? "debug" : config.root.level,
      },
      ...Object.entries(config.loggers).map(([name, logger]) => ({
        category: name.split("."),
        sinks: [...logger.handlers],
        ...(logger.level === undefined ? {} : { lowestLevel: logger.level }),
        parentSinks: logger.propagate ? ("inherit" as const) : ("override" as const),
      })),
      { category: ["logtape", "meta"], sinks: [], lowestLevel: null, parentSinks: "override" },
    ],
  });
  return {
    log: createLogger((level, name, message, properties) =>
      // LogTape reads braces as the places of properties.
      getLogger(name.split("."))[level](message.replace(/[{}]/g, "$&$&"), properties),
    ),
    write: (handler, text) => sinks[handler]?.(recordOf(text)),
    close: dispose,
  };
}

async function findFile(options: Parameters<typeof configureLogging>[0]): Promise<URL | undefined> {
  const { files } = options;
  if (files === undefined) return undefined;
  const named = options.file ?? options.env("LAUNCHPAD_LOG");
  if (named) return pathUrl(named, files);
  const url = new URL("LAUNCHPAD_LOG.yml", files.cwd);
  return (await files.exists(url)) ? url : undefined;
}

/** Marks a record whose line has been made elsewhere. */
const line = Symbol("line");

function recordOf(text: string): LogRecord & { readonly [line]: string } {
  return { category: [], level: "info", message: [], rawMessage: "", timestamp: 0, properties: {}, [line]: text };
}

function sinkOf(handler: LogHandler, format: TextFormatter, folder: string, beforeWrite: () => void): Sink {
  // The standard output belongs to results, so a stream is always the standard error stream.
  if (handler.class === "logging.StreamHandler") {
    return (record) => {
      beforeWrite();
      process.stderr.write(format(record));
    };
  }
  const path = fileURLToPath(new URL(`${folder}/${handler.filename}`, "file:"));
  const isOrdinary = openable(path);
  if (handler.class === "logging.FileHandler") return getFileSink(path, { formatter: format, bufferSize: 0 });
  const { maxBytes, backupCount } = handler;
  const options = {
    formatter: (record: LogRecord) => (record as Partial<ReturnType<typeof recordOf>>)[line] ?? format(record),
    bufferSize: 0,
  };
  // As in Python: with nowhere to put what is in the way, or no size at which it is, the file grows; a device, a pipe and a link
  // stay where they are.
  if (maxBytes === 0 || backupCount === 0 || !isOrdinary) return getFileSink(path, options);
  // It means the files besides the one that is written.
  return getRotatingFileSink(path, { ...options, maxSize: maxBytes, maxFiles: backupCount });
}

/** Makes the folders above a log file, and finds out whether it can be written. Returns whether it is a file or nothing yet. */
function openable(path: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    if (found === undefined || found.isFile()) closeSync(openSync(path, "a"));
    return found?.isFile() ?? true;
  } catch (cause) {
    throw unavailable("written", pathToFileURL(path), cause);
  }
}

const order = ["trace", "debug", "info", "warning", "error", "fatal"] as const satisfies readonly LogRecord["level"][];

function levelled(sink: Sink, handler: LogHandler | undefined): Sink {
  const level = handler?.level;
  if (level === undefined) return sink;
  const dispose = Symbol.dispose in sink ? { [Symbol.dispose]: sink[Symbol.dispose as keyof typeof sink] } : {};
  return Object.assign((record: LogRecord) => {
    if (order.indexOf(record.level) >= order.indexOf(level)) sink(record);
  }, dispose);
}
