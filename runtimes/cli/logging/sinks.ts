import { closeSync, lstatSync, mkdirSync, openSync, statSync, truncateSync } from "node:fs";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { getFileSink, getRotatingFileSink } from "@logtape/file";
import type { Sink } from "@logtape/logtape";
import { unavailable } from "../../io/files.ts";
import type { LogHandler } from "./config.ts";
import type { LineSink } from "./line-sink.ts";
import { openSyslog } from "./syslog.ts";
import { openTimedFile } from "./timed-file.ts";

/** What a place is opened with. */
export interface SinkContext {
  /** The folder that names of files are relative to. */
  readonly folder: string;
  /** Whether other processes write the same files, and one has opened them before. */
  readonly isOneOfSeveral: boolean;
  /** Called before a line is written to the terminal. */
  beforeWrite(): void;
}

/**
 * Opens the place that a handler writes to.
 *
 * @param handler The handler.
 * @param context What it is opened with.
 *
 * @returns The place.
 *
 * @throws DATA_UNAVAILABLE for a file that cannot be written.
 */
export function openSink(handler: LogHandler, context: SinkContext): LineSink {
  switch (handler.class) {
    case "logging.NullHandler":
      return { write() {} };
    case "logging.StreamHandler":
      return {
        write(text) {
          context.beforeWrite();
          process.stderr.write(text);
        },
      };
    case "logging.handlers.SysLogHandler":
      return openSyslog(handler);
    case "logging.handlers.TimedRotatingFileHandler": {
      const { path, isOrdinary } = openFile(handler.filename, "a", context);
      return isOrdinary ? openTimedFile(path, handler) : plainFile(path);
    }
    case "logging.handlers.RotatingFileHandler": {
      const { maxBytes, backupCount } = handler;
      // As in Python, which appends where it takes files away.
      const { path, isOrdinary } = openFile(handler.filename, maxBytes > 0 ? "a" : handler.mode, context);
      // With nowhere to put what is in the way, or no size at which it is, the file grows; a device, a pipe and a link stay where
      // they are. It means the files besides the one that is written.
      return maxBytes === 0 || backupCount === 0 || !isOrdinary
        ? plainFile(path)
        : lines(getRotatingFileSink(path, { ...options, maxSize: maxBytes, maxFiles: backupCount }));
    }
    case "logging.handlers.WatchedFileHandler":
      return watchedFile(openFile(handler.filename, handler.mode, context).path);
    case "logging.FileHandler":
      return plainFile(openFile(handler.filename, handler.mode, context).path);
  }
}

const options = { formatter: ({ rawMessage }: { readonly rawMessage: unknown }) => String(rawMessage), bufferSize: 0 };

/** Lines as LogTape writes records. */
function lines(sink: Sink & Disposable): LineSink {
  return {
    write: (rawMessage) => sink({ category: [], level: "info", message: [], rawMessage, timestamp: 0, properties: {} }),
    close: () => sink[Symbol.dispose](),
  };
}

const plainFile = (path: string): LineSink => lines(getFileSink(path, options));

/** A file that another program may take away: then it is made anew. */
function watchedFile(path: string): LineSink {
  let sink = plainFile(path);
  let inode = statSync(path).ino;
  return {
    write(text, level) {
      const now = statSync(path, { throwIfNoEntry: false })?.ino;
      if (now !== inode) {
        sink.close?.();
        sink = plainFile(path);
        inode = statSync(path).ino;
      }
      sink.write(text, level);
    },
    close: () => sink.close?.(),
  };
}

/** Makes the folders above a log file, and finds out whether it can be written, and whether it is an ordinary one. */
function openFile(filename: string, mode: "a" | "w", { folder, isOneOfSeveral }: SinkContext) {
  const path = resolve(folder, filename);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    if (found === undefined || found.isFile()) closeSync(openSync(path, "a"));
    // The first process has emptied it for all.
    if (mode === "w" && !isOneOfSeveral && found?.isFile()) truncateSync(path);
    return { path, isOrdinary: found?.isFile() ?? true };
  } catch (cause) {
    throw unavailable("written", pathToFileURL(path), cause);
  }
}
