import process from "node:process";
import { createLogger, type Logger, type LogLevel } from "../../src/internal.ts";
import { onOneLine } from "./printable.ts";

const order: readonly LogLevel[] = ["debug", "info", "warning", "error"];

/**
 * Creates a logger for a program that configured none.
 *
 * @param least The least level that is written.
 *
 * @returns A logger that writes one line a record to the standard error stream.
 */
export function stderrLogger(least: LogLevel): Logger {
  return createLogger((level, name, message) => {
    if (order.indexOf(level) < order.indexOf(least)) return;
    process.stderr.write(`${new Date().toISOString()} ${level.toUpperCase()} ${name}: ${onOneLine(message)}\n`);
  });
}
