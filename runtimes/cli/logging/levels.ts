import type { LogLevel } from "../../../src/internal.ts";

/** Levels of Python's logging, by their names, and its numbers for them. */
export const levelNumbers: Readonly<Record<string, number>> = {
  NOTSET: 0,
  DEBUG: 10,
  INFO: 20,
  WARN: 30,
  WARNING: 30,
  ERROR: 40,
  FATAL: 50,
  CRITICAL: 50,
};

/** Level of a record: its name and number there. */
export const recordLevels: Readonly<Record<LogLevel, { readonly name: string; readonly number: number }>> = {
  debug: { name: "DEBUG", number: 10 },
  info: { name: "INFO", number: 20 },
  warning: { name: "WARNING", number: 30 },
  error: { name: "ERROR", number: 40 },
};
