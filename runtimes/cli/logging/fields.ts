import { basename } from "node:path";
import { pid } from "node:process";
import { localDate } from "./date.ts";
import { recordLevels } from "./levels.ts";
import type { LogRecord } from "./record.ts";

/** How a time is written. */
export interface TimeOptions {
  /** A form of `strftime`; ISO 8601 in UTC without it. */
  readonly datefmt?: string | undefined;
}

type Field = (record: LogRecord, options: TimeOptions) => string | number;

/** Attributes of Python's LogRecord, by the names that formats give them. */
const fields = {
  asctime: ({ timestamp }, { datefmt }) =>
    datefmt === undefined ? new Date(timestamp).toISOString() : localDate(timestamp, datefmt),
  created: ({ timestamp }) => timestamp / 1000,
  filename: (record) => basename(record.place().pathname),
  funcName: (record) => record.place().funcName,
  levelname: ({ level }) => recordLevels[level].name,
  levelno: ({ level }) => recordLevels[level].number,
  lineno: (record) => record.place().lineno,
  message: ({ message }) => message,
  module: (record) => basename(record.place().pathname).replace(/\.[^.]+$/, ""),
  msecs: ({ timestamp }) => timestamp % 1000,
  name: ({ name }) => name,
  pathname: (record) => record.place().pathname,
  process: () => pid,
  processName: () => "MainProcess",
  relativeCreated: ({ timestamp }) => timestamp - performance.timeOrigin,
  taskName: () => "None",
  thread: () => 0,
  threadName: () => "MainThread",
} satisfies Record<string, Field>;

/** Name of a field. */
export type FieldName = keyof typeof fields;

/** The fields that a format can name. */
export const fieldNames = Object.keys(fields) as readonly FieldName[];

/**
 * Reads a field of a record.
 *
 * @param name The field.
 * @param record The record.
 * @param options How a time is written.
 *
 * @returns Its value.
 */
export function fieldOf(name: FieldName, record: LogRecord, options: TimeOptions): string | number {
  const read: Field = fields[name];
  return read(record, options);
}

/** Tells whether a text is the name of a field. */
export function isField(name: string): name is FieldName {
  return Object.hasOwn(fields, name);
}
