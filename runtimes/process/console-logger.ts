import { createLogger, type Logger, type LogLevel } from "../../src/internal.ts";
import { stackOf } from "./stack.ts";

const methods = { debug: "debug", info: "info", warning: "warn", error: "error" } as const satisfies Record<
  LogLevel,
  keyof Console
>;

/**
 * Creates a log of JSON lines on the console, for platforms that collect what is written there.
 *
 * @returns The log.
 */
export function consoleLogger(): Logger {
  return createLogger((level, name, message, properties) =>
    console[methods[level]](
      JSON.stringify({ level, name, message, ...properties }, (_, value) =>
        value instanceof Error ? stackOf(value) : typeof value === "bigint" ? String(value) : value,
      ),
    ),
  );
}
